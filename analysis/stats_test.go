package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// bruteKind is a kind as its documentation says, by sorting and from normalised weights.
func bruteKind(pairs []gpw.Pair, positive bool) SideStats {
	pairs = slices.DeleteFunc(slices.Clone(pairs), func(p gpw.Pair) bool { return p.Positive != positive })
	k := SideStats{Pairs: len(pairs), Mean: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if len(pairs) == 0 {
		return k
	}
	slices.SortFunc(pairs, func(p, q gpw.Pair) int {
		if positive {
			return cmp.Compare(p.S, q.S)
		}
		return cmp.Compare(q.S, p.S)
	})
	k.Low, k.High, k.Mean = 1/0.1, -1/0.1, 0
	for _, p := range pairs {
		k.Low, k.High, k.Mean = math.Min(k.Low, p.S), math.Max(k.High, p.S), k.Mean+p.S/float64(len(pairs))
		k.Mass += p.Weight()
		k.Force += p.Weight() * math.Sqrt(1-math.Min(1, p.S*p.S))
		if p.G != 0 {
			k.Weighted++
		}
	}
	if k.Mass == 0 {
		return k
	}
	entropy := 0.0
	for _, p := range pairs {
		if share := p.Weight() / k.Mass; share > 0 {
			entropy -= share * math.Log(share)
			k.Largest = math.Max(k.Largest, share)
		}
	}
	k.Effective = math.Exp(entropy)
	// Every pair weighs the mean of those that are as hard: then the first ones by any order are all the same.
	n := (len(pairs) + 99) / 100
	for _, p := range pairs[:n] {
		alike, mass := 0.0, 0.0
		for _, q := range pairs {
			if q.S == p.S {
				alike, mass = alike+1, mass+q.Weight()
			}
		}
		k.Hardest += mass / alike / k.Mass
	}
	return k
}

func nearKind(a, b SideStats) bool {
	near := func(a, b float64) bool {
		return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b))
	}
	return a.Pairs == b.Pairs && a.Weighted == b.Weighted && near(a.Mass, b.Mass) && near(a.Effective, b.Effective) && near(a.Hardest, b.Hardest) &&
		near(a.Largest, b.Largest) && near(a.Force, b.Force) && near(a.Mean, b.Mean) && near(a.Low, b.Low) && near(a.High, b.High)
}

// A gauge that is used again and again agrees with the slow way, on square batches and on rectangular ones, with ties and without weight.
func TestMoment(t *testing.T) {
	var gauge StatsCollector
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		m, n, classes := rapid.IntRange(0, 30).Draw(t, "m"), rapid.IntRange(0, 40).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "classes")
		square, grid, zeros := rapid.Bool().Draw(t, "square"), rapid.SampledFrom([]float64{0, 2, 20}).Draw(t, "grid"), rapid.SampledFrom([]float64{0, 0.9, 1}).Draw(t, "zeros")
		if square {
			n = m
		}
		s, g := make([]float64, m*n), make([]float64, m*n)
		for k := range s {
			s[k] = 2*r.Float64() - 1
			if grid > 0 {
				s[k] = math.Round(grid*s[k]) / grid
			}
			if r.Float64() >= zeros {
				g[k] = r.NormFloat64() * math.Exp(4*r.NormFloat64())
			}
		}
		draw := func(n int) []int {
			labels := make([]int, n)
			for i := range labels {
				labels[i] = r.IntN(classes)
			}
			return labels
		}
		labels := draw(m)
		self := make([]int, m)
		for i := range self {
			self[i] = i
		}
		p := StepPairs{s, g, labels, labels, self}
		if !square {
			p.Candidates, p.Self = draw(n), nil
		}
		b, err := losses.NewCross(s, p.Anchors, p.Candidates, p.Self)
		if err != nil {
			t.Fatal(err)
		}
		weights := gpw.FromGradient(b, g)
		got, pairs := gauge.Collect(p), weights.Pairs
		if read := StatsOf(b, g); !nearKind(read.Positive, got.Positive) || !nearKind(read.Negative, got.Negative) {
			t.Fatalf("of weights that were read %+v, of the step %+v", read, got)
		}
		for _, positive := range []bool{true, false} {
			kind := got.Negative
			if positive {
				kind = got.Positive
			}
			if want := bruteKind(pairs, positive); !nearKind(kind, want) {
				t.Fatalf("positive %v: %+v, want %+v", positive, kind, want)
			}
		}
		// Of both kinds together: as if there were one.
		for k := range pairs {
			pairs[k].Positive = true
		}
		both := bruteKind(pairs, true)
		if math.Abs(got.Mass()-both.Mass) > 1e-9*both.Mass || math.Abs(got.Effective()-both.Effective) > 1e-9*both.Effective || math.Abs(got.Largest()-both.Largest) > 1e-9 {
			t.Fatalf("together: mass %v, effective %v, largest %v, want %+v", got.Mass(), got.Effective(), got.Largest(), both)
		}
	})
}

// Three samples by hand: 0 and 1 of one class, 2 of another.
func TestMomentByHand(t *testing.T) {
	labels := []int{0, 0, 1}
	got := new(StatsCollector).Collect(StepPairs{
		S:       []float64{1, 0.3, 0.6, 0.3, 1, 0.4, 0.6, 0.4, 1},
		G:       []float64{0, -0.5, 0.25, -0.5, 0, 0, 0.75, 0, 0},
		Anchors: labels, Candidates: labels, Self: []int{0, 1, 2},
	})
	positive := SideStats{Pairs: 2, Weighted: 2, Mass: 1, Effective: 2, Hardest: 0.5, Largest: 0.5, Force: math.Sqrt(0.91), Mean: 0.3, Low: 0.3, High: 0.3}
	// The hardest of 4 negatives is one of the two at 0.6, each by half. Entropy ln 4 − 3/4·ln 3: effective 4/3^(3/4).
	negative := SideStats{Pairs: 4, Weighted: 2, Mass: 1, Effective: 4 / math.Pow(3, 0.75), Hardest: 0.5, Largest: 0.75, Force: 0.8, Mean: 0.5, Low: 0.4, High: 0.6}
	if !nearKind(got.Positive, positive) || !nearKind(got.Negative, negative) {
		t.Errorf("got %+v, want %+v and %+v", got, positive, negative)
	}
	if got.Largest() != 0.375 {
		t.Errorf("the largest share of all is %v, want 0.375", got.Largest())
	}
}

func TestMomentOfNothing(t *testing.T) {
	one := []int{7}
	m := new(StatsCollector).Collect(StepPairs{S: []float64{1}, G: []float64{0}, Anchors: one, Candidates: one, Self: []int{0}})
	if m.Mass() != 0 || m.Effective() != 0 || m.Largest() != 0 || m.Positive.Pairs != 0 || !math.IsNaN(m.Negative.Mean) {
		t.Errorf("of one sample: %+v", m)
	}
	defer func() {
		if r := recover(); r != "analysis: 1 similarities, 2 gradients and 0 selves for 1 anchors and 1 candidates" {
			t.Errorf("panic %v", r)
		}
	}()
	new(StatsCollector).Collect(StepPairs{S: []float64{1}, G: []float64{0, 0}, Anchors: one, Candidates: one})
}

func TestLn(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	xs := []float64{1, 2, 0.5, math.Nextafter(1, 0), math.Nextafter(2, 0), 0x1p-1022, math.MaxFloat64}
	for range 10000 {
		xs = append(xs, math.Exp(300*(2*r.Float64()-1)), 1+0.01*r.NormFloat64())
	}
	for _, x := range xs {
		if got, want := ln(x), math.Log(x); math.Abs(got-want) > 1e-13*math.Max(1, math.Abs(want)) {
			t.Errorf("ln %v = %v, want %v", x, got, want)
		}
	}
}

// momentBatch is a batch of classes of 5 under a loss, with similarities spread as those of embeddings.
func momentBatch(tb testing.TB, m int, loss string) (StepPairs, func()) {
	tb.Helper()
	r := rand.New(rand.NewPCG(1, uint64(m)))
	s, labels, self := make([]float64, m*m), make([]int, m), make([]int, m)
	for i := range m {
		labels[i], self[i] = i/5, i
		s[i*m+i] = 1
		for j := range i {
			v := float64(float32(math.Tanh(0.15 * r.NormFloat64())))
			if i/5 == j/5 {
				v = float64(float32(math.Tanh(0.5 + 0.2*r.NormFloat64())))
			}
			s[i*m+j], s[j*m+i] = v, v
		}
	}
	b, err := losses.NewBatch(s, labels)
	if err != nil {
		tb.Fatal(err)
	}
	choice, err := losses.Choose(losses.Catalogue, loss)
	if err != nil {
		tb.Fatal(err)
	}
	l, err := choice.Loss()
	if err != nil {
		tb.Fatal(err)
	}
	p := StepPairs{s, make([]float64, m*m), labels, labels, self}
	evaluate := func() { l.Eval(b, p.G) }
	evaluate()
	return p, evaluate
}

func TestMomentTakesNoMemory(t *testing.T) {
	p, _ := momentBatch(t, 80, "binomial_deviance")
	var gauge StatsCollector
	if n := testing.AllocsPerRun(10, func() { gauge.Collect(p) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// BenchmarkMoment is beside the evaluation of the loss on the same batch.
func BenchmarkMoment(b *testing.B) {
	for _, m := range []int{80, 245} {
		for _, name := range []string{"contrastive", "multi_similarity", "binomial_deviance"} {
			p, evaluate := momentBatch(b, m, name)
			var gauge StatsCollector
			b.Run(fmt.Sprintf("part=moment/loss=%s/m=%d", name, m), func(b *testing.B) {
				for b.Loop() {
					gauge.Collect(p)
				}
			})
			b.Run(fmt.Sprintf("part=loss/loss=%s/m=%d", name, m), func(b *testing.B) {
				for b.Loop() {
					evaluate()
				}
			})
		}
	}
}
