package losstest

import (
	"math"
	"testing"

	"gpwbench/losses"
)

// TestDescription holds the suite against losses that are described wrongly, or whose
// description makes a question idle.
func TestDescription(t *testing.T) {
	for _, c := range []struct {
		name, property string
		loss           any
		traits         losses.Traits
		want           Status
	}{
		{"default outside its domain", "parameters", good{-1}, 0, Fail},
		{"name in capitals", "a loss", capital{1}, 0, Fail},
		{"no doc", "parameters", undocumented{1}, 0, Fail},
		{"NaN at the end of a domain", "parameters", zero{1}, 0, Fail},
		{"detached, undeclared", "finite differences", doubled{}, 0, Fail},
		{"detached, declared", "finite differences", doubled{}, losses.Detached, NotApplicable},
		{"detached, declared", "trait detached", doubled{}, losses.Detached, Pass},
		{"given by its weights", "finite differences", weighing{1}, losses.Detached | losses.WeightDefined, Pass},
		{"given by its weights, and a multiple of them", "finite differences", weighing{1.0001}, losses.Detached | losses.WeightDefined, Fail},
		{"exact, declared detached", "trait detached", good{1}, losses.Detached, NotApplicable},
		{"constant divisor, declared a count", "trait count_divisor", good{1}, losses.CountDivisor, NotApplicable},
		{"panics", "finite", panicking{}, 0, Fail},
		{"smooth nowhere", "finite differences", rough{}, 0, NotApplicable},
		{"kinks where pairs tie", "finite differences", tied{}, 0, Pass},
		{"its own state", "state", remembering{shared: false}, losses.Stateful, Pass},
		{"shared state", "state", remembering{shared: true}, losses.Stateful, Fail},
		{"zero", "descent of F", nothing{}, 0, NotApplicable},
	} {
		t.Run(c.name, func(t *testing.T) {
			if p := find(t, Check(choose(c.loss, c.traits, losses.Rectangular), 1), c.property); p.Status != c.want || p.Why == "" {
				t.Errorf("%s: %v: %q, want %v", p.Name, p.Status, p.Why, c.want)
			}
		})
	}
	mined := choose(good{1}, 0, losses.Rectangular)
	mined.Miner = losses.MultiSimilarityMiner{Eps: 0.1}
	if p := Check(mined, 1); len(p) != 1 || p[0].Status != Fail {
		t.Errorf("a miner around a Loss: %v, want one failure", p)
	}
}

// weighing has the weights of good, and their sum with S, as often as it says, as its
// value.
type weighing struct {
	Times float64 `yaml:"times" sym:"t" in:"(0,inf)" doc:"factor of the value"`
}

func (l weighing) Eval(b *losses.Batch, g []float64) float64 {
	good{1}.Eval(b, g)
	sum := 0.0
	for k, v := range g {
		sum += v * b.S(k/b.Candidates(), k%b.Candidates())
	}
	return l.Times * sum
}

type capital struct {
	Scale float64 `yaml:"Scale" sym:"s" in:"(0,inf)" doc:"factor"`
}

func (l capital) Eval(b *losses.Batch, g []float64) float64 { return good(l).Eval(b, g) }

type undocumented struct {
	Scale float64 `yaml:"scale" sym:"s" in:"(0,inf)"`
}

func (l undocumented) Eval(b *losses.Batch, g []float64) float64 { return good(l).Eval(b, g) }

// zero is NaN at the closed end of its domain.
type zero struct {
	Scale float64 `yaml:"scale" sym:"s" in:"[0,inf)" doc:"factor"`
}

func (l zero) Eval(b *losses.Batch, g []float64) float64 {
	return good{1}.Eval(b, g) / l.Scale * l.Scale
}

// doubled has twice the value that its gradient belongs to.
type doubled struct{}

func (doubled) Eval(b *losses.Batch, g []float64) float64 { return 2 * good{1}.Eval(b, g) }

type panicking struct{}

func (panicking) Eval(*losses.Batch, []float64) float64 { panic("out of range") }

// rough is smooth nowhere.
type rough struct{}

func (rough) Eval(b *losses.Batch, g []float64) float64 {
	v := good{1}.Eval(b, g)
	return v + 1e-3*math.Sin(1e9*v)
}

// tied adds a term with a kink at the similarities as they are, S being symmetric:
// |S_01 − S_10|.
type tied struct{}

func (tied) Eval(b *losses.Batch, g []float64) float64 {
	v := good{1}.Eval(b, g)
	if b.IsSquare() && b.Anchors() > 1 {
		v += math.Abs(b.S(0, 1) - b.S(1, 0))
	}
	return v
}

// remembering adds up how often its losses are evaluated, each its own evaluations or
// all the same.
type remembering struct{ shared bool }

var evaluations int

func (r remembering) New(losses.Miner) (losses.Loss, error) {
	if r.shared {
		return &counting{&evaluations}, nil
	}
	return &counting{new(int)}, nil
}

type counting struct{ count *int }

func (l *counting) Eval(b *losses.Batch, g []float64) float64 {
	*l.count++
	return good{1}.Eval(b, g) + float64(*l.count)
}

type nothing struct{}

func (nothing) Eval(_ *losses.Batch, g []float64) float64 {
	clear(g)
	return 0
}

// TestVary: the draws are in the domain (With refuses others), differ from each other,
// and are the seed's.
func TestVary(t *testing.T) {
	for _, spec := range losses.Catalogue {
		c, err := losses.Choose(losses.Catalogue, spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		if len(losses.Parameters(c.Value)) == 0 {
			continue
		}
		if one := Vary(c, 1); one.Value != Vary(c, 1).Value || one.Value == c.Value {
			t.Errorf("%s: %v", spec.Name, one.Value)
		}
		seen := map[any]bool{}
		for seed := range uint64(20) {
			seen[Vary(c, seed).Value] = true
		}
		if len(seen) < 10 {
			t.Errorf("%s: 20 draws have %d different values", spec.Name, len(seen))
		}
	}
}
