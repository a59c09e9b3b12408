package losses

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A frozen form is a loss with what it holds constant taken from the similarities s0: G
// at s0 is its derivative there.
type frozen func(value any, s0, s []float64, labels []int) float64

// frozenForms has one for every preset whose loss is detached, written down anew.
var frozenForms = map[string]frozen{
	"gpw_template":         frozenTemplate,
	"ranked_list":          frozenRankedList,
	"circle":               frozenCircle,
	"circle_batch":         frozenCircleBatch,
	"dynamic_soft_margin":  frozenDynamicSoftMargin,
	"hierarchical_triplet": frozenHierarchical,
}

// TestFrozenForms compares G of the detached losses with fourth-order differences of
// their frozen forms, and where the frozen form is at home, S = s0, its value with L.
func TestFrozenForms(t *testing.T) {
	checked := 0
	for _, spec := range Catalogue {
		if spec.Traits&Detached == 0 {
			continue
		}
		form, ok := frozenForms[spec.Name]
		if !ok {
			t.Errorf("%s is detached and has no frozen form here", spec.Name)
			continue
		}
		for _, p := range spec.Presets {
			t.Run(spec.Name+"."+p.Name, func(t *testing.T) {
				checked++
				loss := func() Loss { return lossOf(t, spec.Name+"."+p.Name, nil, nil) }
				compareFrozen(t, loss, p.Value, form)
			})
		}
	}
	if checked < len(frozenForms) {
		t.Errorf("%d presets checked, %d frozen forms", checked, len(frozenForms))
	}
}

func compareFrozen(t *testing.T, fresh func() Loss, value any, form frozen) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 4 {
		labels := []int{0, 1, 0, 2, 1, 0, 2, 1}
		m := len(labels)
		s0 := randomSymmetric(rng, m)
		v, g := evaluate(t, fresh(), s0, labels)
		if home := form(value, s0, s0, labels); math.Abs(home-v) > 1e-12*max(1, math.Abs(v)) {
			t.Fatalf("L = %v, the frozen form is %v", v, home)
		}
		compared := 0
		for k := range s0 {
			if k%(m+1) == 0 {
				continue
			}
			s := slices.Clone(s0)
			at := func(step float64) float64 {
				s[k] = s0[k] + step
				return form(value, s0, s, labels)
			}
			slope := func(h float64) float64 { return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h) }
			fine, coarse := slope(1e-5), slope(2e-5)
			if tolerance := 1e-6 * (1 + math.Abs(fine)); math.Abs(fine-coarse) < tolerance { // no kink near
				compared++
				if math.Abs(fine-g[k]) > 3*tolerance {
					t.Fatalf("G = %v at %d, %d, the frozen form has %v", g[k], k/m, k%m, fine)
				}
			}
		}
		if compared < m*(m-1)*3/4 {
			t.Fatalf("%d of %d entries compared", compared, m*(m-1))
		}
	}
}

// pairs calls f for every ordered pair i ≠ j.
func pairs(labels []int, f func(k int, positive bool)) {
	for i, y := range labels {
		for j, z := range labels {
			if i != j {
				f(i*len(labels)+j, y == z)
			}
		}
	}
}

func frozenTemplate(value any, s0, s []float64, labels []int) float64 {
	l, sum := value.(Template), 0.0
	pairs(labels, func(k int, positive bool) {
		if positive {
			sum += 1 - s[k]
		} else {
			sum += s[k] / (1 + math.Exp(-l.Scale*(s0[k]-l.Lambda)))
		}
	})
	return sum / float64(len(labels))
}

func frozenRankedList(value any, s0, s []float64, labels []int) float64 {
	l := value.(RankedList)
	d := func(s float64) float64 { return math.Sqrt(2 - 2*s) }
	total, m := 0.0, len(labels)
	for i := range labels {
		var pos, posWeights, neg, negWeights float64
		for j := range labels {
			k := i*m + j
			switch {
			case i == j:
			case labels[i] == labels[j]:
				if d(s0[k]) > l.Alpha-l.Margin {
					w := math.Exp(l.TempPos * (d(s0[k]) - l.Alpha + l.Margin))
					pos, posWeights = pos+w*(d(s[k])-l.Alpha+l.Margin), posWeights+w
				}
			case d(s0[k]) < l.Alpha:
				w := math.Exp(l.TempNeg * (l.Alpha - d(s0[k])))
				neg, negWeights = neg+w*(l.Alpha-d(s[k])), negWeights+w
			}
		}
		if posWeights > 0 {
			total += (1 - l.Lambda) * pos / posWeights
		}
		if negWeights > 0 {
			total += l.Lambda * neg / negWeights
		}
	}
	return total / float64(m)
}

// circleExponent is −γα(S−Δ) or γα(S−Δ), with α at s0.
func circleExponent(m, gamma, s0, s float64, positive bool) float64 {
	if positive {
		return -gamma * max(0, 1+m-s0) * (s - (1 - m))
	}
	return gamma * max(0, s0+m) * (s - m)
}

func frozenCircle(value any, s0, s []float64, labels []int) float64 {
	l, sum, m := value.(Circle), 0.0, len(labels)
	for i := range labels {
		exponents := map[bool][]float64{}
		for j := range labels {
			if i != j {
				positive := labels[i] == labels[j]
				exponents[positive] = append(exponents[positive], circleExponent(l.Margin, l.Gamma, s0[i*m+j], s[i*m+j], positive))
			}
		}
		sum += logOfSums([]float64{0}, []float64{logOfSums(exponents[true]) + logOfSums(exponents[false])})
	}
	return sum / float64(m)
}

func frozenCircleBatch(value any, s0, s []float64, labels []int) float64 {
	l := value.(CircleBatch)
	exponents := map[bool][]float64{}
	pairs(labels, func(k int, positive bool) {
		exponents[positive] = append(exponents[positive], circleExponent(l.Margin, l.Gamma, s0[k], s[k], positive))
	})
	product := logOfSums(exponents[true]) + logOfSums(exponents[false]) - math.Log(4) // both orders of a pair are there
	return logOfSums([]float64{0, product})
}

// logOfSums returns log Σ e^z over all lists.
func logOfSums(lists ...[]float64) float64 {
	all := slices.Concat(lists...)
	top, sum := slices.Max(all), 0.0
	for _, z := range all {
		sum += math.Exp(z - top)
	}
	return top + math.Log(sum)
}

func frozenDynamicSoftMargin(value any, s0, s []float64, labels []int) float64 {
	bins := 0.0
	switch l := value.(type) {
	case DynamicSoftMargin:
		bins = float64(l.Bins)
	case MovingSoftMargin:
		bins = float64(l.Bins)
	}
	m, d := len(labels), func(s float64) float64 { return math.Sqrt(2 - 2*s) }
	histogram, count := make([]float64, int(bins)+1), 0.0
	at := func(z float64) (node int, rest float64) {
		whole, rest := math.Modf((z + 2) * bins / 4)
		return int(whole), rest
	}
	triples(labels, func(a, p, n int) {
		r, rest := at(d(s0[a*m+p]) - d(s0[a*m+n]))
		histogram[r] += 1 - rest
		histogram[r+1] += rest
		count++
	})
	sum := 0.0
	triples(labels, func(a, p, n int) {
		r, _ := at(d(s0[a*m+p]) - d(s0[a*m+n]))
		w := 0.0
		for _, h := range histogram[:r+1] {
			w += h / count
		}
		sum += w * (d(s[a*m+p]) - d(s[a*m+n])) / count
	})
	return sum
}

// frozenHierarchical takes the margins from the loss itself at s0:
// TestHierarchicalByBruteForce is about those.
func frozenHierarchical(value any, s0, s []float64, labels []int) float64 {
	b, err := NewBatch(s0, labels)
	if err != nil {
		panic(err)
	}
	classes := b.ClassNumbers()
	count := slices.Max(classes) + 1
	l, ok := value.(HierarchicalTriplet)
	if !ok { // nothing was observed, so it has the tree of the batch
		l = HierarchicalTriplet(value.(HierarchicalTripletTree))
	}
	margins := l.margins(b, classes, count)
	m, d := len(labels), func(s float64) float64 { return math.Sqrt(2 - 2*s) }
	sum, n := 0.0, 0.0
	triples(labels, func(a, p, k int) {
		sum, n = sum+max(0, d(s[a*m+p])-d(s[a*m+k])+margins[classes[a]*count+classes[k]]), n+1
	})
	return sum / (2 * n)
}
