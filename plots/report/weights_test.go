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
