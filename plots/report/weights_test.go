package report

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Of too many pairs those of the largest weights stay, the others evenly over S, and the
// page says so.
func TestThinnedBatch(t *testing.T) {
	s := &analysis.Scatter{Anchors: 4}
	for k := range 1000 {
		w := 0.001
		if k%100 == 7 {
			w = 5 + float64(k)
		}
		s.Pairs = append(s.Pairs, gpw.Pair{Anchor: k, Candidate: k + 1, S: math.Sin(float64(k)), N: math.NaN(), P: 0.5, G: w})
	}
	labels := gpw.Snapshot{Labels: []int{1, 2}}
	d := keep(s, labels, 100).shown(100)
	if n := len(d.Neg.S); n != 100 || len(d.Pos.S) != 0 {
		t.Fatalf("%d negative and %d positive pairs are drawn, want 100 and none", n, len(d.Pos.S))
	}
	for k := 7; k < 1000; k += 100 {
		if !slices.Contains(d.Neg.Anchor, k) {
			t.Errorf("the pair of anchor %d, of a large weight, is left out", k)
		}
	}
	if !slices.IsSorted(d.Neg.S) || d.Neg.S[0] > -0.99 || d.Neg.S[99] < 0.99 {
		t.Errorf("the pairs are from S %v to %v, want all of it in order", d.Neg.S[0], d.Neg.S[99])
	}
	if want := "100 of 1000 negative pairs are drawn: half of them those of the largest weights, the others evenly over S."; d.Thin != want {
		t.Errorf("it says %q, want %q", d.Thin, want)
	}
	if again := keep(s, labels, 400).shown(100); again.Thin != d.Thin || len(again.Neg.S) != 100 || !slices.Contains(again.Neg.Anchor, 907) || again.Neg.S[0] > -0.99 {
		t.Errorf("thinned twice, %d pairs are drawn and it says %q", len(again.Neg.S), again.Thin)
	}
	if whole := keep(s, labels, 1000).shown(1000); whole.Thin != "" || len(whole.Neg.S) != 1000 {
		t.Errorf("with room for all, %d pairs are drawn and it says %q", len(whole.Neg.S), whole.Thin)
	}
}

// Moments are means with the range of the seeds, and those of one seed have none. A page
// of very many losses leaves the ranges out, and says so.
func TestMomentsOverSeeds(t *testing.T) {
	stats := func(loss float64, steps int) (all []analysis.WeightStats) {
		for k := range steps {
			side := analysis.SideStats{Pairs: 10, Weighted: 5, Mass: loss, Effective: 2, Mean: 0.1}
			all = append(all, analysis.WeightStats{Step: k, Loss: loss, Positive: side, Negative: side})
		}
		return all
	}
	h := &analysis.TrainingHistory{Stats: stats(1, 101), Others: []analysis.SeedStats{{Seed: 1, Stats: stats(2, 101)}, {Seed: 2, Stats: stats(6, 50)}}}
	var l lossData
	l.addMoments(h)
	loss := l.Moments[slices.IndexFunc(l.Moments, func(m momentData) bool { return m.Key == "loss" })]
	for at, want := range map[int][3]number{0: {3, 1, 6}, 49: {3, 1, 6}, 50: {1.5, 1, 2}, 100: {1.5, 1, 2}} {
		if got := [3]number{loss.Both[at], loss.Low["both"][at], loss.High["both"][at]}; got != want {
			t.Errorf("step %d has the loss %v, want %v", at, got, want)
		}
	}
	if want := "means over 3 seeds, and bands from the lowest to the highest of them; a seed ends at the step that was chosen for it, and later means are over the others"; l.Seeds != want {
		t.Errorf("they are %q, want %q", l.Seeds, want)
	}

	var one lossData
	one.addMoments(&analysis.TrainingHistory{Stats: stats(1, 5)})
	if one.Seeds != "of one seed" || one.Moments[0].Low != nil || one.Moments[0].Both[0] != 1 {
		t.Errorf("of one seed: %+v", one)
	}

	for n, want := range map[int]int{10: 101, 200: 10} {
		var all []lossData
		for range n {
			var l lossData
			l.addMoments(h)
			all = append(all, l)
		}
		thinMoments(all, momentBytes)
		for _, m := range all[n-1].Moments {
			for side, low := range m.Low {
				if len(low) != want || len(m.High[side]) != want || len(all[n-1].At) != want {
					t.Errorf("of %d losses %s has %d steps for %s, want %d", n, m.Key, len(low), side, want)
				}
			}
		}
		if encoded, err := json.Marshal(all); err != nil || len(encoded) > 2*momentBytes {
			t.Errorf("the moments of %d losses have %d bytes: %v", n, len(encoded), err)
		}
	}
}

func TestEvenly(t *testing.T) {
	for n := range 40 {
		for m := 1; m < 45; m++ {
			got := evenly(n, m)
			if len(got) != min(n, m) || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Fatalf("evenly(%d, %d) is %v", n, m, got)
			}
			if n > 0 && got[0] != 0 || m > 1 && n > 1 && got[len(got)-1] != n-1 {
				t.Fatalf("evenly(%d, %d) is %v, without an end", n, m, got)
			}
		}
	}
}

// A number is printed with five digits, and what is none is null.
func TestNumber(t *testing.T) {
	for v, want := range map[number]string{
		0.123456789: "0.12346", 52.5: "52.5", 123456: "123456", 1e-9: "1e-09", -0.25: "-0.25", number(math.Copysign(0, -1)): "0",
		number(math.Inf(1)): "null", 1.0 / 3: "0.33333",
	} {
		b, err := json.Marshal(v)
		if string(b) != want || err != nil {
			t.Errorf("%v is %s, %v, want %s", float64(v), b, err, want)
		}
	}
	if b, _ := json.Marshal(missing); string(b) != "null" {
		t.Errorf("NaN is %s", b)
	}
	for v, want := range map[float64]string{-0.00001: "0.0", 0.012: "+1.2", -0.012: "−1.2"} {
		if got := signed("recall@1", v); got != want {
			t.Errorf("a difference of %v is %s, want %s", v, got, want)
		}
	}
}
