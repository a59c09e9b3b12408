package stats

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
)

func TestTies(t *testing.T) {
	class, a, b := byQuery(30, 2)
	lower := func(values []float64, by float64) []float64 {
		out := slices.Clone(values)
		for q := range out {
			out[q] -= by * (1 + 0.5*math.Sin(float64(class[q])))
		}
		return out
	}
	boot := OverClasses("set", class)
	rows := [][]float64{lower(a, 0.2), b, a, lower(a, 0.0001), a}
	if boot.Mean(b).Mean >= boot.Mean(a).Mean {
		rows[1] = lower(b, 0.05)
	}
	ties := boot.Ties(rows)

	var p []float64
	for r, tie := range ties {
		if tie.Best != (r == 2) {
			t.Errorf("row %d: best %v", r, tie.Best)
		}
		if r == 2 {
			if tie.Mean != 0 || tie.P != nil || tie.PHolm != nil || !tie.Tied || tie.N != 30 || tie.Unit != "class" {
				t.Errorf("the best: %+v", tie)
			}
			continue
		}
		if want := boot.Difference(rows[r], a); !reflect.DeepEqual(tie.Difference, want) {
			t.Errorf("row %d: %+v, want %+v", r, tie.Difference, want)
		}
		p = append(p, *tie.P)
	}
	adjusted := Holm(p)
	for k, r := range []int{0, 1, 3, 4} {
		if *ties[r].PHolm != adjusted[k] || ties[r].Tied != (adjusted[k] >= Level) {
			t.Errorf("row %d: p_holm %v, tied %v; want %v", r, *ties[r].PHolm, ties[r].Tied, adjusted[k])
		}
	}
	if ties[0].Tied || !ties[4].Tied || *ties[4].P != 1 {
		t.Errorf("a row far below is tied %v, a copy of the best %v", ties[0].Tied, ties[4].Tied)
	}

	if got := boot.Ties(nil); got != nil {
		t.Errorf("of no rows: %v", got)
	}
	if got := boot.Ties(rows[:1]); len(got) != 1 || !got[0].Best || !got[0].Tied {
		t.Errorf("of one row: %+v", got)
	}
}

// Of one class nothing is known, so all rows are tied, and each says why.
func TestTiesOneClass(t *testing.T) {
	for r, tie := range OverClasses("set", []int{1, 1}).Ties([][]float64{{0, 1}, {1, 1}}) {
		if !tie.Tied || tie.PHolm != nil || tie.Best != (r == 1) || !tie.Best && tie.Why == "" {
			t.Errorf("row %d: %+v", r, tie)
		}
	}
}

func TestTiesOf(t *testing.T) {
	p := func(v float64) *float64 { return &v }
	adjusted, tied := TiesOf(1, []*float64{p(0.01), nil, p(0.02), nil, p(0.001)})
	// A family of four, one of them unknown: 0.001·4, 0.01·3, 0.02·2 = 0.04.
	want := []*float64{p(0.03), nil, p(0.04), nil, p(0.004)}
	for r := range want {
		if (want[r] == nil) != (adjusted[r] == nil) || want[r] != nil && !near(*adjusted[r], *want[r], 1e-15) {
			t.Errorf("row %d: %v", r, adjusted[r])
		}
	}
	if !slices.Equal(tied, []bool{false, true, false, true, false}) {
		t.Errorf("tied %v", tied)
	}
	if _, tied := TiesOf(0, []*float64{p(0), p(0.03), p(0.03)}); !tied[1] || !tied[2] {
		t.Errorf("0.03 twice: tied %v, want both", tied)
	}
}

// Of six rows that are equally good, and of two that are with four that are far below, the
// first is called worse with at most the level's probability. That any of the good ones
// is, is likelier than that.
func TestTiesSimulated(t *testing.T) {
	const classes, size = 20, 4
	class := make([]int, classes*size)
	for q := range class {
		class[q] = q / size
	}
	r := seeded(9)
	for _, good := range []int{6, 2} {
		var first, some rate
		for range simulations(t, 400) {
			rows := make([][]float64, 6)
			for j := range rows {
				rows[j] = make([]float64, len(class))
				effect := 0.0
				for q := range rows[j] {
					if q%size == 0 {
						effect = r.NormFloat64()
						if j >= good {
							effect -= 5
						}
					}
					rows[j][q] = effect + r.NormFloat64()
				}
			}
			b := OverClasses(fmt.Sprint(r.Uint64()), class)
			b.resamples = 999
			ties := b.Ties(rows)
			first.count(!ties[0].Tied)
			some.count(slices.ContainsFunc(ties[:good], func(t Tie) bool { return !t.Tied }))
			if slices.ContainsFunc(ties[good:], func(t Tie) bool { return t.Tied }) {
				t.Fatalf("a row five standard deviations below is tied")
			}
		}
		t.Logf("%d good rows of 6: the first is called worse in %.3f, one of them in %.3f", good, first.value(), some.value())
		if !first.atMost(Level) || some.value() > 0.15 || some.value() == 0 {
			t.Errorf("%d good rows: the first is called worse in %.3f, one of them in %.3f", good, first.value(), some.value())
		}
	}
}

func TestAverageSeeds(t *testing.T) {
	got := AverageSeeds([][]float64{{0, 1, 0.5}, {1, 1, 0}})
	if !slices.Equal(got, []float64{0.5, 1, 0.25}) {
		t.Errorf("got %v", got)
	}
}
