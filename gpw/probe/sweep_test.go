package probe_test

import (
	"math"
	"testing"

	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

func swept(t *testing.T, name string) losses.Choice {
	t.Helper()
	c, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is to move moves over nearly all of [−1, 1], and what is held stays.
func TestSweepMovesOneGroup(t *testing.T) {
	for _, moves := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
		for _, positive := range []bool{true, false} {
			w, err := probe.Sweep(swept(t, "multi_similarity"), positive, moves, gpw.Pooling{})
			if err != nil {
				t.Fatal(err)
			}
			first, last := w.Pairs[0], w.Pairs[len(w.Pairs)-1]
			moved := map[gpw.Axis]float64{
				gpw.S: last.S - first.S, gpw.N: (last.S - last.N) - (first.S - first.N), gpw.P: (last.S - last.P) - (first.S - first.P),
			}
			for g, by := range moved {
				if g == moves && !(by >= 1.75 && by < 2+1e-9) || g != moves && math.Abs(by) > 1e-12 {
					t.Errorf("%v moves, positive %v: %v moves by %v", moves, positive, g, by)
				}
			}
			if first.Positive != positive || w.Violations != 0 {
				t.Errorf("%v: %+v", moves, first)
			}
		}
	}
}

// Contrastive weighs a negative of S > λ, and nothing else matters. N-pairs' negative
// falls as the others rise, MS's positive leaves where the hardest negative is more
// than ε below it (eq. 12).
func TestSweepOfKnownLosses(t *testing.T) {
	sweep := func(name string, positive bool, moves gpw.Axis) []gpw.Pair {
		w, err := probe.Sweep(swept(t, name), positive, moves, gpw.Pooling{})
		if err != nil {
			t.Fatal(err)
		}
		return w.Pairs
	}
	for _, p := range sweep("contrastive", false, gpw.S) {
		if want := map[bool]float64{true: 1.0 / probe.SweepAnchors}[p.S > 0.5]; p.G != want {
			t.Fatalf("contrastive at S = %v weighs %v, want %v", p.S, p.G, want)
		}
	}
	others := sweep("lifted_structure", false, gpw.N)
	for k := range others[1:] {
		if others[k+1].G >= others[k].G {
			t.Fatalf("a negative of lifted structure gains weight as the others come closer: %+v, %+v", others[k], others[k+1])
		}
	}
	for _, g := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
		weighted := 0
		for _, p := range sweep("multi_similarity", g != gpw.P, g) {
			if p.G != 0 {
				weighted++
			}
		}
		if weighted == 0 || weighted == 401 && g != gpw.N {
			t.Errorf("%v: %d of 401 steps have weight, want mining to end it somewhere", g, weighted)
		}
	}
}

// At scale β the weight of an unmined negative is eq. 13 of Wang et al., CVPR 2019,
// in S and N, and N is what was asked for.
func TestPlane(t *testing.T) {
	const beta, lambda, others = 40, 0.5, 11
	s, n := []float64{-0.2, 0.4, 0.55, 0.9}, []float64{-0.3, 0, 0.1, 1.5}
	w, err := probe.Plane(swept(t, "multi_similarity.weighting"), false, gpw.N, gpw.Pooling{Scale: beta}, s, n)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Pairs) != 12 { // of 16: N = 1.5 takes the others below −1 but for S = 0.9, where N = −0.3 takes them above 1
		t.Errorf("%d pairs, want 12", len(w.Pairs))
	}
	for _, p := range w.Pairs {
		want := 1 / (math.Exp(beta*(lambda-p.S)) + 1 + others*math.Exp(-beta*p.N)) / probe.SweepAnchors
		if math.Abs(p.G-want) > 1e-12 {
			t.Errorf("%+v, want weight %v", p, want)
		}
	}
}

// Every loss of the catalogue is swept without NaN, one with state the same each time.
func TestSweepsOfAll(t *testing.T) {
	for k := range losses.Catalogue {
		name := losses.Catalogue[k].Name
		var first []gpw.Pair
		for range 2 {
			w, err := probe.Sweep(swept(t, name), false, gpw.N, gpw.Pooling{})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			for j, p := range w.Pairs {
				if math.IsNaN(p.G) || first != nil && p.G != first[j].G {
					t.Fatalf("%s: %+v", name, p)
				}
			}
			first = w.Pairs
		}
	}
}
