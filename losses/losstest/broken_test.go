package losstest

import (
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"unsafe"

	"gpwbench/losses"
)

// good is contrastive at heart, but smooth: every pair has the weight S² + ½.
type good struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)" doc:"factor"`
}

func (l good) Eval(b *losses.Batch, g []float64) float64 {
	value := 0.0
	for i := range b.Anchors() {
		for j := range b.Candidates() {
			s, sign := b.S(i, j), 0.0
			switch {
			case b.IsPositive(i, j):
				sign = -1
			case b.IsNegative(i, j):
				sign = 1
			}
			value += sign * l.Scale * (s*s*s/3 + s/2)
			g[i*b.Candidates()+j] = sign * l.Scale * (s*s + 0.5)
		}
	}
	return value
}

// broken is good with one fault, applied after it. The fault stands outside, because
// the fields of a loss are parameters.
type broken struct{}

var (
	fault func(b *losses.Batch, value float64, g []float64) float64
	mutex sync.Mutex // faults have state
)

func (broken) Eval(b *losses.Batch, g []float64) float64 {
	mutex.Lock()
	defer mutex.Unlock()
	return fault(b, good{1}.Eval(b, g), g)
}

func choose(l any, traits losses.Traits, relation losses.Relation) losses.Choice {
	return losses.Choice{Spec: &losses.Spec{Name: "broken", Traits: traits, Relation: relation}, Preset: "x", Value: l}
}

func TestGoodPasses(t *testing.T) {
	all := Check(choose(good{1}, 0, losses.Rectangular), 1)
	if len(all) != len(properties) {
		t.Errorf("%d properties, want %d", len(all), len(properties))
	}
	for _, p := range all {
		unasked := []string{"state", "trained parameters", "selection"}
		if want := map[bool]Status{true: NotApplicable}[slices.Contains(unasked, p.Name)]; p.Status != want || p.Why == "" {
			t.Errorf("%s: %v: %q, want pass and what was checked", p.Name, p.Status, p.Why)
		}
	}
}

// TestBroken holds the suite against losses with one fault each: the property named
// must fail. What else fails is of no interest.
func TestBroken(t *testing.T) {
	calls, kept := 0.0, []float64(nil)
	scale := func(g []float64, c float64) {
		for k := range g {
			g[k] *= c
		}
	}
	var sink []float64
	for _, c := range []struct {
		name, property string
		traits         losses.Traits
		relation       losses.Relation
		fault          func(b *losses.Batch, value float64, g []float64) float64
	}{
		{name: "wrong sign", property: "finite differences", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			scale(g, -1)
			return v
		}},
		{name: "wrong sign", property: "descent of L", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			scale(g, -1)
			return v
		}},
		{name: "wrong sign", property: "trait sign_changing", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			scale(g, -1)
			return v
		}},
		{name: "wrong by a thousandth", property: "finite differences", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			scale(g, 1.001)
			return v
		}},
		{name: "wrong divisor", property: "finite differences", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			scale(g, 1/float64(b.Anchors()))
			return v / float64(b.Anchors()-1)
		}},
		{name: "one entry wrong", property: "finite differences", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			if len(g) > 1 {
				g[1] += 0.01
			}
			return v
		}},
		{name: "stale g", property: "overwrites G", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			stale := g[len(g)/2:]
			if kept != nil && len(kept) == len(stale) {
				copy(stale, kept)
			}
			kept = slices.Clone(stale)
			for k := range kept {
				kept[k]++
			}
			return v
		}},
		{name: "NaN in G", property: "finite", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			if len(g) > 0 {
				g[len(g)-1] = math.NaN()
			}
			return v
		}},
		{name: "NaN on empty", property: "empty batch", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			return v * float64(b.Anchors()) / float64(b.Anchors())
		}},
		{name: "mean over no pairs", property: "batch of one", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			pairs := float64(b.Anchors()) * float64(b.Anchors()-1)
			return v / pairs * pairs
		}},
		{name: "NaN without positives", property: "no positives", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			positives := 0.0
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.IsPositive(i, j) {
						positives++
					}
				}
			}
			return v * positives / positives
		}},
		{name: "NaN without negatives", property: "one class", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			negatives := 0.0
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.IsNegative(i, j) {
						negatives++
					}
				}
			}
			return v * negatives / negatives
		}},
		{name: "distance without clamp", property: "extreme similarities", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.IsNegative(i, j) {
						v += math.Sqrt(2 - 2*b.S(i, j))
					}
				}
			}
			return v
		}},
		{name: "1/d at duplicates", property: "duplicates", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.IsPositive(i, j) {
						g[i*b.Candidates()+j] -= 1 / math.Sqrt(max(0, 2-2*b.S(i, j)))
					}
				}
			}
			return v
		}},
		{name: "1/d cut at duplicates", property: "equal rows", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.IsPositive(i, j) {
						g[i*b.Candidates()+j] -= 1 / math.Sqrt(max(1e-12, 2-2*b.S(i, j)))
					}
				}
			}
			return v
		}},
		{name: "selection by the last bit", property: "equal rows", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if math.Float64bits(b.S(i, j))%2 == 1 {
						g[i*b.Candidates()+j] = 0
					}
				}
			}
			return v
		}},
		{name: "infinite at opposites", property: "equal rows", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range b.Anchors() {
				for j := range b.Candidates() {
					if b.S(i, j) == -1 {
						g[i*b.Candidates()+j] = math.Inf(1)
					}
				}
			}
			return v
		}},
		{name: "hidden state", property: "same bits twice", fault: func(_ *losses.Batch, v float64, _ []float64) float64 {
			calls++
			return v + 1e-13*calls
		}},
		{name: "allocation", property: "no allocation", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			sink = make([]float64, len(g)+1)
			return v
		}},
		{name: "self as a positive", property: "self is no pair", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range min(b.Anchors(), b.Candidates()) {
				g[i*b.Candidates()+i] -= 1
				v -= b.S(i, i)
			}
			return v
		}},
		{name: "self by value", property: "duplicates", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			for i := range b.Anchors() { // the mean over positives, where "positive" excludes S > 1 − 1e-5 as the reference codes do
				sum, n := 0.0, 0.0
				for j := range b.Candidates() {
					if s := b.S(i, j); (b.IsPositive(i, j) || j == i) && s < 1-1e-5 {
						sum, n = sum-s, n+1
					}
				}
				if b.Anchors() == 6 { // only the sample with duplicates is of this size
					v += sum / n
				}
			}
			return v
		}},
		{name: "S changed", property: "input untouched", fault: func(b *losses.Batch, v float64, _ []float64) float64 {
			field := reflect.ValueOf(b).Elem().FieldByName("s") // as a loss of package losses could
			if s := unsafe.Slice((*float64)(field.UnsafePointer()), field.Len()); len(s) > 0 {
				s[0] -= 1e-3
			}
			return v
		}},
		{name: "depends on the order", property: "permutation", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			if len(g) > 1 {
				g[1] *= 2
			}
			return v
		}},
		{name: "depends on the first class", property: "permutation", traits: losses.OrderDependent, fault: func(b *losses.Batch, v float64, g []float64) float64 {
			if len(g) > 1 {
				g[1] *= 2
			}
			return v
		}},
		{name: "only square", property: "rectangular", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			if n := b.Candidates(); n > 0 {
				v += b.S(n-1, 0) - b.S(n-1, 0)
			}
			return v
		}},
		{name: "square and silent", property: "rectangular", relation: losses.Square, fault: func(_ *losses.Batch, v float64, _ []float64) float64 {
			return v
		}},
		{name: "wrong with many positives", property: "large classes", fault: func(b *losses.Batch, v float64, g []float64) float64 {
			if b.Anchors() > 50 {
				scale(g, 1.001)
			}
			return v
		}},
		{name: "coupled, undeclared", property: "trait batch_coupled", fault: func(_ *losses.Batch, v float64, g []float64) float64 {
			scale(g, v)
			return v * v / 2
		}},
		{name: "count divisor, undeclared", property: "trait count_divisor", fault: activeCount},
	} {
		t.Run(c.name+" fails "+c.property, func(t *testing.T) {
			fault = c.fault
			all := Check(choose(broken{}, c.traits, c.relation), 1)
			if err := Err(all); err == nil {
				t.Error("Err is nil")
			}
			if p := find(t, all, c.property); p.Status != Fail || p.Why == "" {
				t.Errorf("%v: %q, want fail", p.Status, p.Why)
			}
		})
	}
	_ = sink
}

// offset is good plus θ² per anchor, its derivative off by a factor.
type offset struct {
	Factor float64 `yaml:"factor" sym:"f" in:"[0,2]" doc:"1 for the right derivative"`
}

func (l offset) New(losses.Miner) (losses.Loss, error) { return &offsetLoss{offset: l}, nil }

type offsetLoss struct {
	offset
	learned *losses.TrainableParameters
}

func (l *offsetLoss) InitParameters([]int) *losses.TrainableParameters {
	l.learned = &losses.TrainableParameters{Names: []string{"t"}, Theta: []float64{0}, Gradient: []float64{0}, Rate: 1}
	return l.learned
}

func (l *offsetLoss) Eval(b *losses.Batch, g []float64) float64 {
	value := good{1}.Eval(b, g)
	if l.learned == nil {
		return value
	}
	t, m := l.learned.Theta[0], float64(b.Anchors())
	l.learned.Gradient[0] = 2 * t * m * l.Factor
	return value + t*t*m
}

// TestTrainedParameters: the derivative by a parameter is right or it is told.
func TestTrainedParameters(t *testing.T) {
	for factor, want := range map[float64]Status{1: Pass, 1.001: Fail} {
		all := Check(choose(offset{factor}, 0, losses.Rectangular), 1)
		if p := find(t, all, "trained parameters"); p.Status != want {
			t.Errorf("a derivative off by a factor of %v: %v: %q, want %v", factor, p.Status, p.Why, want)
		}
	}
}

// TestVectors: a loss that reads the means of vectors says so by its trait, and one
// that does not has no such trait.
func TestVectors(t *testing.T) {
	snr := losses.SNRContrastive{PosMargin: 0, NegMargin: 1}
	for _, c := range []struct {
		loss   any
		traits losses.Traits
		want   Status
	}{{snr, losses.ReadsVectorMeans, Pass}, {snr, 0, Fail}, {good{1}, losses.ReadsVectorMeans, Fail}, {good{1}, 0, Pass}} {
		all := Check(choose(c.loss, c.traits|losses.CountDivisor, losses.Rectangular), 1)
		if p := find(t, all, "trait vectors"); p.Status != c.want {
			t.Errorf("%T with the traits %v: %v: %q, want %v", c.loss, c.traits.Names(), p.Status, p.Why, c.want)
		}
	}
}

func find(t *testing.T, all []Property, name string) Property {
	t.Helper()
	for _, p := range all {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no property %q", name)
	return Property{}
}

// activeCount divides by the number of positives above S = ½.
func activeCount(b *losses.Batch, v float64, g []float64) float64 {
	n := 1.0
	for i := range b.Anchors() {
		for j := range b.Candidates() {
			if b.IsPositive(i, j) && b.S(i, j) > 0.5 {
				n++
			}
		}
	}
	for k := range g {
		g[k] /= n
	}
	return v / n
}

// blind is good, which looks at all pairs, and says that it looks at one.
type blind struct{ good }

func (blind) SelectRows(anchors, candidates, labels []int) (a, c []int) {
	return append(anchors, 0), append(candidates, len(labels)-1)
}

// itsOwn selects a row as its own candidate.
type itsOwn struct{ blind }

func (itsOwn) SelectRows(anchors, candidates, _ []int) (a, c []int) {
	return append(anchors, 0), append(candidates, 0)
}

// TestSelection: a loss that selects too few pairs, or pairs that are none, is told.
func TestSelection(t *testing.T) {
	for _, c := range []struct {
		loss any
		want Status
	}{{losses.NPairsMC{Scale: 2}, Pass}, {good{1}, NotApplicable}, {blind{good{1}}, Fail}, {itsOwn{blind{good{1}}}, Fail}} {
		all := Check(choose(c.loss, losses.OrderDependent, losses.Rectangular), 1)
		if p := find(t, all, "selection"); p.Status != c.want {
			t.Errorf("%T: %v: %q, want %v", c.loss, p.Status, p.Why, c.want)
		}
	}
}
