package verification

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gpwbench/benchmarks/retrieval"
)

// marking is an evaluation by float32 with a pilot sample for few pairs.
func marking(p *retrieval.Pairs, o Options) *evaluation {
	o.force, o.pilot = narrow, 16000
	e := &evaluation{pairs: p, options: o, scores: &Scores{FARs: o.FARs}, progress: &progress{pairs: p}}
	e.scores.Positives, e.scores.Negatives = p.Count()
	return e
}

// A second pass over the marked pairs alone gives what float64 gives, of one set and of
// queries and a gallery, with classes that are far apart and that overlap.
func TestMarkedPairs(t *testing.T) {
	for _, spread := range []float64{0.5, 2} {
		x, labels := clouds(700, 70, 70, spread)
		y, others := x.Slice(400, 700), labels[400:]
		between, err := retrieval.PairsBetween(retrieval.Float32(x), labels, retrieval.Float32(y), others)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*retrieval.Pairs{pairsOf(t, x, labels), between} {
			o := Options{FARs: []float64{0, 1e-4, 1e-3, 0.02}, OPIS: true}
			e := marking(p, o)
			e.ctx = t.Context()
			if err := e.run(); err != nil {
				t.Fatal(err)
			}
			if !e.spared {
				t.Errorf("spread %v, one set %v: no second pass over marked pairs", spread, p.Self())
			}

			o.force = directly
			direct, err := evaluate(t.Context(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			got := *e.scores
			if got.AUC.Low > direct.AUC.Value || got.AUC.High < direct.AUC.Value {
				t.Errorf("AUC %+v, want %v in it", got.AUC, direct.AUC.Value)
			}
			got.AUC, got.Direct, got.Decided = direct.AUC, true, 0
			if math.Abs(got.OPIS.From-direct.OPIS.From) < 2./binsPerUnit && math.Abs(got.OPIS.To-direct.OPIS.To) < 2./binsPerUnit {
				got.OPIS.From, got.OPIS.To = direct.OPIS.From, direct.OPIS.To // by the bins of float32
				if math.Abs(got.OPIS.Score-direct.OPIS.Score) < 1e-5 {
					got.OPIS.Score = direct.OPIS.Score
				}
			}
			if !reflect.DeepEqual(&got, direct) {
				t.Errorf("spread %v, one set %v: marked pairs give %+v, %+v\nfloat64 %+v, %+v", spread, p.Self(), got, got.OPIS, direct, direct.OPIS)
			}
		}
	}
}

// Marks that could not be written, and bins that were not foreseen, cost a pass over all
// pairs, and no figure.
func TestMarksThatDoNotHelp(t *testing.T) {
	x, labels := clouds(900, 90, 70, 1)
	p := pairsOf(t, x, labels)
	want := marking(p, Options{FARs: []float64{1e-3, 0.02}, OPIS: true})
	want.ctx = t.Context()
	if err := want.run(); err != nil || !want.spared {
		t.Fatalf("%v, marks helped: %v", err, want.spared)
	}

	for name, spoil := range map[string]func(*marks){
		"no place":                     func(m *marks) { m.file.Close() },
		"not foreseen":                 func(m *marks) { m.ranges = m.ranges[:1]; m.ranges[0].to -= 1 + m.ranges[0].to/4 },
		"no bin of an operating point": func(m *marks) { m.ranges = []binRange{{0, 1}} },
	} {
		e := marking(p, want.options)
		e.options.OPIS = name != "no bin of an operating point"
		e.ctx = t.Context()
		ts, err := distances(e.ctx, p, 0)
		if err != nil {
			t.Fatal(err)
		}
		l := newLayout(grouped(p, ts))
		m := e.foresee(l)
		spoil(m)
		c, negatives, err := e.count(l, false, m)
		if err != nil {
			t.Fatal(err)
		}
		e.answer(c)
		if err := e.again(c, l, negatives, m); err != nil || e.spared {
			t.Errorf("%s: %v, marks helped: %v", name, err, e.spared)
		}
		e.scores.Decided = want.scores.Decided
		if !e.options.OPIS {
			e.scores.OPIS = want.scores.OPIS
		}
		if !reflect.DeepEqual(e.scores, want.scores) {
			t.Errorf("%s: %+v, %+v\nwith marks %+v, %+v", name, e.scores, e.scores.OPIS, want.scores, want.scores.OPIS)
		}
	}

	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	e := marking(p, want.options)
	e.ctx = t.Context()
	if err := e.run(); err != nil || e.spared {
		t.Errorf("without a folder for temporary files: %v, marks helped: %v", err, e.spared)
	}
	e.scores.Decided = want.scores.Decided
	if !reflect.DeepEqual(e.scores, want.scores) {
		t.Errorf("without a folder for temporary files: %+v\nwith marks %+v", e.scores, want.scores)
	}
}

// A similarity is marked if its bin is in a range, also beside the edges and where 1 − S
// is rounded.
func TestMarkBlock(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	row := []float32{0, 1e-45, 0x1p-54, 0x1p-53, -1e-45, -0x1p-53, 1, -1, 1.0000001, -1.0000001}
	for len(row) < 700 {
		s := float32(1 - edge(r.IntN(bins)))
		row = append(row, s, math.Nextafter32(s, 2), math.Nextafter32(s, -2), float32(2*r.Float64()-1))
	}
	x, labels := clouds(len(row), 5, 3, 1)
	for trial := range 200 {
		set := new(binSet)
		for range 1 + r.IntN(5) {
			at := 2 * r.Float64()
			set.cover(at, at+0.3*r.Float64())
		}
		set[binsPerUnit] = r.IntN(2) == 0 // the bin of S = 0
		if trial < 5 {
			set = new(binSet)
			set.cover(0.9, 1-0x1p-18) // which ends before it
		}

		m := newMarks(pairsOf(t, x, labels), set.ranges(1+r.IntN(4)))
		b := m.newBlock()
		b.begin(0)
		first := r.IntN(len(row))
		if trial < 5 {
			first = 0
		}
		b.mark(b.of(7, 0), row, first)
		b.write()
		if err := b.read(0); err != nil {
			t.Fatal(err)
		}
		for k, s := range row {
			in := m.has(bin(1 - float64(s)))
			if got := b.of(7, 0)[k/64]>>(k%64)&1 == 1; got != (in && k >= first) {
				t.Fatalf("S = %v in bin %d, element %d from %d on: marked %v in %v", s, bin(1-float64(s)), k, first, got, m.ranges)
			}
			if set[bin(1-float64(s))] && !in {
				t.Fatalf("bin %d is not in %v", bin(1-float64(s)), m.ranges)
			}
		}
		m.file.Close()
	}
}

// The smallest gaps are closed.
func TestRanges(t *testing.T) {
	set := new(binSet)
	for _, b := range []int{0, 1, 5, 6, 9, 20, bins - 1} {
		set[b] = true
	}
	for most, want := range map[int][]binRange{
		9: {{0, 2}, {5, 7}, {9, 10}, {20, 21}, {bins - 1, bins}},
		3: {{0, 10}, {20, 21}, {bins - 1, bins}},
		1: {{0, bins}},
	} {
		if got := set.ranges(most); !slices.Equal(got, want) {
			t.Errorf("no more than %d: %v, want %v", most, got, want)
		}
	}
}

// Compared is told of every query once, whatever the passes are.
func TestComparedQueries(t *testing.T) {
	x, labels := clouds(700, 70, 70, 1)
	for name, o := range map[string]Options{
		"marked": {OPIS: true, force: narrow, pilot: 12000}, "two passes": {force: narrow}, "one pass": {AUCOnly: true, force: narrow},
		"float64": {force: directly}, "float64 twice": {OPIS: true, force: directly}, "sample": {Sample: 100},
	} {
		told, calls := 0, 0
		o.Compared = func(queries int) { told, calls = told+queries, calls+1 }
		if _, err := evaluate(t.Context(), pairsOf(t, x, labels), o); err != nil {
			t.Fatal(err)
		}
		if told != len(labels) || calls < 3 && o.Sample == 0 {
			t.Errorf("%s: told of %d queries in %d calls, want %d", name, told, calls, len(labels))
		}
	}
}
