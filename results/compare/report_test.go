package compare

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// two are two data sets with the same rows: far is worse, near ties, and the baseline has
// one run.
func two(t testing.TB) []*Set {
	t.Helper()
	s := open(t)
	var sets []*Set
	for k, dataset := range []string{"birds", "cars"} {
		var rows []Row
		for _, f := range []fakeRow{
			{label: "frozen", kind: results.KindBaseline, seeds: []uint64{0}, better: -0.15},
			{label: "near", seeds: three, better: 0.1}, {label: "nearer", seeds: three, better: 0.0985},
			{label: "chosen", protocol: "paper", seeds: three, better: 0.2, looks: 4},
		} {
			rows = append(rows, keep(t, s, dataset, 25+k, f))
		}
		sets = append(sets, Read(s, rows))
	}
	return sets
}

// Every pair of the matrix is the bootstrap's, the p-values of a data set are one family,
// and what is below the diagonal is above it the other way round.
func TestAll(t *testing.T) {
	sets := two(t)
	r, err := All(sets, "")
	if err != nil {
		t.Fatal(err)
	}
	if r.Metric != "map_at_r" || len(r.Matrices) != 2 || len(r.Matrices[0].Pairs) != 6 {
		t.Fatalf("%+v", r)
	}
	for k, m := range r.Matrices {
		samples := sets[k].samples("map_at_r")
		var p []float64
		for i := range m.Rows {
			for j := i + 1; j < len(m.Rows); j++ {
				want := sets[k].bootstrap.Difference(samples[i].mean, samples[j].mean)
				got, _ := m.At(i, j)
				if diff := cmp.Diff(want, got.Difference); diff != "" || got.A != m.Rows[i] || got.B != m.Rows[j] {
					t.Errorf("%s less %s (-bootstrap +pair):\n%s", got.A, got.B, diff)
				}
				if back, reversed := m.At(j, i); back != got || !reversed {
					t.Errorf("(%d, %d) is not (%d, %d) reversed", j, i, i, j)
				}
				p = append(p, *got.P)
			}
		}
		for n, want := range stats.Holm(p) {
			if got := m.Pairs[n]; *got.PHolm != want || *got.Tied != (want >= 0.05) {
				t.Errorf("pair %d: p %v, tied %v, want %v", n, *got.PHolm, *got.Tied, want)
			}
		}
		if near, _ := m.At(1, 2); !*near.Tied || len(near.Seeds) != 3 {
			t.Errorf("near and nearer: %+v", near)
		}
	}
}

// The ranking leaves out what chose on the test classes, and is that of package stats.
func TestRank(t *testing.T) {
	sets := two(t)
	r := Rank(sets, "map_at_r")
	if diff := cmp.Diff([]string{"nearer", "near", "frozen"}, r.Rows); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff([]float64{1, 2, 3}, r.Ranks); diff != "" || r.CriticalDifference == nil || math.Abs(*r.CriticalDifference-2.343*math.Sqrt(3*4/12.)) > 1e-3 {
		t.Errorf("ranks %v, critical difference %v", r.Ranks, r.CriticalDifference)
	}
	if r.letters(0) != "a" || r.letters(2) != "a" {
		t.Errorf("groups %v", r.Groups)
	}
	if named := Rank(sets, "map_at_r", "near", "chosen"); named == nil || named.Rows[0] != "chosen" {
		t.Errorf("named rows are ranked as %+v", named)
	}
	if Rank(sets[:1], "map_at_r") != nil {
		t.Error("one data set ranks")
	}
}

// One pair in full agrees with what is counted from the files by hand.
func TestTwo(t *testing.T) {
	sets := two(t)
	r, err := Two(sets, "recall@1", "NEAR", "frozen")
	if err != nil {
		t.Fatal(err)
	}
	for k, p := range r.Pairs {
		s := sets[k]
		won, lost := 0.0, 0.0
		queries := map[int]bool{}
		classes := map[int]float64{}
		var a, b []float64
		for n, q := range s.queries[1] {
			a, b = append(a, s.Rows[1].Runs[n].Metrics["recall@1"]), append(b, s.Rows[0].Runs[0].Metrics["recall@1"])
			for i := range q.Above {
				x, y := q.Above[i] == 0, s.queries[0][0].Above[i] == 0
				if x == y {
					continue
				}
				queries[i] = true
				classes[int(q.Classes[i])] += 1. / 3
				if x {
					won += 1. / 3
				} else {
					lost += 1. / 3
				}
			}
		}
		c := p.Detail.Changed
		if math.Abs(c.Won-won) > 1e-9 || math.Abs(c.Lost-lost) > 1e-9 || won == 0 || len(c.Queries) != len(queries) || len(c.Classes) != len(classes) {
			t.Errorf("%s: won %v and lost %v of %d queries in %d classes, want %v, %v, %d, %d", p.Dataset, c.Won, c.Lost, len(c.Queries), len(c.Classes), won, lost, len(queries), len(classes))
		}
		n := float64(len(s.positive))
		if d := p.Mean; math.Abs(d-(won-lost)/n) > 1e-9 || math.Abs(p.MeanA-p.MeanB-d) > 1e-9 {
			t.Errorf("%s: the difference is %v, the queries that changed sides make %v", p.Dataset, d, (won-lost)/n)
		}
		for _, q := range c.Queries {
			if !queries[q.Query] {
				t.Errorf("query %d did not change sides", q.Query)
			}
		}
		for i := 1; i < len(c.Classes); i++ {
			if x, y := c.Classes[i-1], c.Classes[i]; x.Won+x.Lost < y.Won+y.Lost-1e-9 {
				t.Errorf("class %d before class %d", x.Class, y.Class)
			}
		}
		if diff := cmp.Diff(stats.Paired(a, b), p.Detail.OverSeeds); diff != "" {
			t.Errorf("over seeds:\n%s", diff)
		}
		if p.Detail.SignFlip != nil {
			t.Error("three seeds have a sign-flip test")
		}
		if p.Detail.OverQueries.N != len(s.positive) || math.Abs(p.Detail.OverQueries.Mean-p.Mean) > 1e-12 {
			t.Errorf("over queries %+v", p.Detail.OverQueries)
		}
		if len(p.ChosenOnTest) > 0 {
			t.Error("a row is said to have chosen on the test")
		}
	}
}

// The sign-flip test is used where enough seeds let it reach the level.
func TestSignFlip(t *testing.T) {
	eight := []uint64{0, 1, 2, 3, 4, 5, 6, 7}
	set := read(t, 10, fakeRow{label: "a", seeds: eight, better: 0.1}, fakeRow{label: "bb", seeds: eight})
	r, err := Two([]*Set{set}, "", "a", "bb")
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Pairs[0].Detail.SignFlip; p == nil || *p != 1./128 {
		t.Errorf("p = %v, want 1/128", p)
	}
}

// Text, Markdown, LaTeX, CSV and JSON say the same.
func TestFormats(t *testing.T) {
	sets := two(t)
	all, err := All(sets, "recall@1")
	if err != nil {
		t.Fatal(err)
	}
	write := writeTo(t)
	p, _ := all.Matrices[0].At(1, 0)
	figure := "+" + strconv.FormatFloat(-100*p.Mean, 'f', 2, 64)
	text := write(all.Write, "text")
	for _, want := range []string{
		"birds; differences in R@1\nrow ", "1 frozen ", figure + "*", "all data sets: average ranks in R@1",
		"25 test classes, 6 pairs;", "The step was chosen on the test classes, which flatters: birds/chosen, cars/chosen.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	for format, want := range map[string]string{"markdown": "| " + figure + `\* |`, "latex": "& " + figure + "{*} &"} {
		if out := write(all.Write, format); !strings.Contains(out, want) {
			t.Errorf("%s lacks %q:\n%s", format, want, out)
		}
	}

	var got []map[string]any
	if err := json.Unmarshal([]byte(write(all.Write, "json")), &got); err != nil || len(got) != 12 {
		t.Fatalf("%d pairs, error %v", len(got), err)
	}
	for _, key := range []string{"dataset", "metric", "a", "b", "n", "difference", "low", "high", "p", "p_holm", "tied", "seeds", "smallest_difference"} {
		if _, ok := got[0][key]; !ok {
			t.Errorf("JSON has no %s", key)
		}
	}
	if got[0]["difference"] != p.Mean || got[0]["a"] != "frozen" || got[0]["b"] != "near" || got[0]["n"] != 25. {
		t.Errorf("JSON has %v", got[0])
	}
	csv := write(all.Write, "csv")
	if lines := strings.Split(strings.TrimSpace(csv), "\n"); len(lines) != 13 || !strings.HasPrefix(lines[1], "birds,recall@1,frozen,near,") {
		t.Errorf("CSV:\n%s", csv)
	}

}

// writeTo writes a report into a text.
func writeTo(t *testing.T) func(to func(io.Writer, string) error, format string) string {
	return func(to func(io.Writer, string) error, format string) string {
		var b bytes.Buffer
		if err := to(&b, format); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
}

// So does one pair in full.
func TestPairFormats(t *testing.T) {
	pair, err := Two(two(t), "recall@1", "near", "chosen")
	if err != nil {
		t.Fatal(err)
	}
	write := writeTo(t)
	text, csv := write(pair.Write, "text"), write(pair.Write, "csv")
	for _, want := range []string{"near (A) less chosen (B): R@1", "queries", "seeds", "no sign-flip test, because with 3 seeds and 2 data sets its smallest p is 0.5", "B is better on classes like these", "A alone has "} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	if !strings.Contains(csv, ",won,lost,queries_why,seeds_why\n") || strings.Count(csv, "\n") != 3 {
		t.Errorf("CSV:\n%s", csv)
	}
	for _, out := range []string{text, csv} {
		if strings.Contains(out, "NaN") || strings.Contains(out, "Inf") {
			t.Error(out)
		}
	}
}

// Bad input is refused in one line, or said in a note.
func TestBadInput(t *testing.T) {
	sets := two(t)
	for _, c := range []struct {
		metric string
		rows   []string
		want   string
	}{
		{"nmi", nil, `no metric over queries "nmi"; there are recall@1, map_at_r`},
		{"", []string{"near", "nrae"}, `no row "nrae"; there are frozen, near, nearer, chosen`},
		{"", []string{"near", "near"}, "near is named twice, and a row does not differ from itself; name another one"},
	} {
		if _, err := All(sets, c.metric, c.rows...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}

	one := read(t, 5, fakeRow{label: "alone", seeds: three})
	if _, err := All([]*Set{one}, ""); err == nil || !strings.Contains(err.Error(), "no data set has two rows") {
		t.Errorf("one row: %v", err)
	}
	class := read(t, 1, fakeRow{label: "a", seeds: []uint64{0}}, fakeRow{label: "b", seeds: []uint64{0}, better: 0.4})
	r, err := Two([]*Set{class}, "", "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(r.Notes, "\n"); !strings.Contains(notes, "one class: no interval and no p") || !strings.Contains(notes, "over seeds: one seed") {
		t.Errorf("one class and one seed: %s", notes)
	}
	old := read(t, 5, fakeRow{label: "a", seeds: three, without: true}, fakeRow{label: "b", seeds: three, without: true, better: 0.2})
	all, err := All([]*Set{old}, "recall@1")
	if err != nil {
		t.Fatal(err)
	}
	p := all.Matrices[0].Pairs[0]
	if want := mean([]float64{old.Rows[0].Runs[0].Metrics["recall@1"] - old.Rows[1].Runs[0].Metrics["recall@1"], old.Rows[0].Runs[1].Metrics["recall@1"] - old.Rows[1].Runs[1].Metrics["recall@1"],
		old.Rows[0].Runs[2].Metrics["recall@1"] - old.Rows[1].Runs[2].Metrics["recall@1"]}); math.Abs(p.Mean-want) > 1e-12 || p.N != 0 || p.Tied != nil || p.P != nil {
		t.Errorf("without queries: %+v, want the difference %v", p, want)
	}
	if notes := strings.Join(all.Notes, "\n"); !strings.Contains(notes, "Not compared query by query: no per-query results") || !strings.Contains(notes, "? marks") {
		t.Error(notes)
	}
}

// One file of embeddings without a seed stands against every seed of another row, as a
// baseline of one run does, and is said to.
func TestSeedless(t *testing.T) {
	file := fakeRow{label: "file", seeds: []uint64{0}, better: 0.1, kind: results.KindElsewhere, seedless: true}
	base := file
	base.label, base.kind, base.seedless = "file", results.KindBaseline, false
	const said = "One file of embeddings without a seed stands against every seed of another row, as a baseline of one run does: file."
	var pairs []*Pair
	for _, row := range []fakeRow{file, base} {
		s := read(t, 6, fakeRow{label: "full", seeds: three}, row)
		r, err := All([]*Set{s}, "")
		if err != nil {
			t.Fatal(err)
		}
		p, _ := r.Matrices[0].At(0, 1)
		pairs = append(pairs, p)
		notes := strings.Join(r.Notes, "\n")
		if strings.Contains(notes, said) != row.seedless || strings.Contains(notes, "lack seeds") {
			t.Errorf("%s: notes %s", row.kind, notes)
		}
		two, err := Two([]*Set{s}, "", "full", "file")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.Join(two.Notes, "\n"), said) != row.seedless {
			t.Errorf("%s: notes %s", row.kind, two.Notes)
		}
	}
	if a, b := pairs[0], pairs[1]; a.MeanA != b.MeanA || a.MeanB != b.MeanB || a.Dropped != 0 || len(a.Seeds) != 3 {
		t.Errorf("a file without a seed gives %+v, a baseline %+v", a, b)
	}
}

// Rows that lack seeds are named with those that they have, and what is printed of them
// is said: a difference is over the seeds in common, a mean over all. Every mark of the
// matrix is explained, and none that is not there.
func TestUnequalSeeds(t *testing.T) {
	s := read(t, 6, fakeRow{label: "full", seeds: three}, fakeRow{label: "one", seeds: []uint64{0}, better: 0.1, kind: results.KindElsewhere},
		fakeRow{label: "base", seeds: []uint64{0}, kind: results.KindBaseline}, fakeRow{label: "other", seeds: []uint64{1, 2}})
	r, err := All([]*Set{s}, "")
	if err != nil {
		t.Fatal(err)
	}
	m, notes := r.Matrices[0], strings.Join(r.Notes, "\n")
	p, _ := m.At(0, 1)
	if got, want := p.MeanA, s.Rows[0].Runs[0].Metrics["map_at_r"]; math.Abs(got-want) > 1e-6 || p.Dropped != 2 || math.Abs(m.Means[0]-want) < 1e-6 {
		t.Errorf("full against one has the mean %v of full, want %v of seed 0: %+v", got, want, p)
	}
	for _, want := range []string{
		"(one has seed 0; other has seeds 1, 2): each pair is compared over the seeds that both have. The means are over all seeds of a row",
		"stands for the seed in its name", "? marks", "Not compared: no seed in common (one and other).",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes lack %q: %s", want, notes)
		}
	}
	if cell := m.cell(1, 3); !strings.HasSuffix(cell, "?") {
		t.Errorf("one and other: %q", cell)
	}

	two, err := Two([]*Set{s}, "", "full", "one")
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(two.Notes, "\n"); !strings.Contains(notes, "(one has seed 0): each pair is compared over the seeds that both have. The figures of A and B are over these seeds alone") {
		t.Error(notes)
	}
	all, err := All([]*Set{s}, "", "full", "base")
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(all.Notes, "\n"); strings.Contains(notes, "?") || strings.Contains(notes, "lack seeds") || strings.Contains(notes, "depending") || !strings.Contains(notes, "6 test classes, 1 pair; rows must truly differ by ") {
		t.Error(notes)
	}
}

// Every line is of the grammar of the format, names are of one word, and each row has a
// name of its own that ends in no number of processors. A value has one name wherever it
// stands.
func TestBenchfmt(t *testing.T) {
	s := open(t)
	var rows []Row
	labels := []string{"a b", "a/b", "soft-10", "β=1 (new)", "plain", "NCA (lr 1e-4)", "NCA (lr 1e-4, dim 8)"}
	for k, label := range labels {
		rows = append(rows, keep(t, s, "birds (1)", 4, fakeRow{label: label, seeds: three[:2+k%2], better: 0.01 * float64(k)}))
	}
	set := Read(s, rows)
	var b bytes.Buffer
	if err := WriteBenchfmt(&b, []*Set{set}); err != nil {
		t.Fatal(err)
	}

	unit := regexp.MustCompile(`^Unit \S+ better=higher assume=nothing$`)
	line := regexp.MustCompile(`^Benchmark[^\p{Ll}\s]\S* [1-9]\d*( [0-9.]+ \S+)+$`)
	runs := map[string][]float64{}
	units := 0
	for _, text := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		if unit.MatchString(text) {
			units++
			continue
		}
		if !line.MatchString(text) {
			t.Errorf("%q is not of the grammar", text)
			continue
		}
		fields := strings.Fields(text)
		if regexp.MustCompile(`-\d+$`).MatchString(fields[0]) || strings.Count(fields[0], "/") != 1 || strings.Count(fields[0], "=") != 1 {
			t.Errorf("the name %s has other parts", fields[0])
		}
		for k := 3; k < len(fields); k += 2 {
			if fields[k] == "recall@1" {
				v, err := strconv.ParseFloat(fields[k-1], 64)
				if err != nil {
					t.Fatal(err)
				}
				runs[fields[0]] = append(runs[fields[0]], v)
			}
		}
	}
	if units != 3 || len(runs) != len(labels) {
		t.Fatalf("%d units and %d names:\n%s", units, len(runs), b.String())
	}
	for name, row := range map[string]int{"BenchmarkBirds_1/loss=a_b": 0, "BenchmarkBirds_1/loss=a_b_2": 1, "BenchmarkBirds_1/loss=soft_10": 2, "BenchmarkBirds_1/loss=β_1_new": 3,
		"BenchmarkBirds_1/loss=NCA_lr_1e_4": 5, "BenchmarkBirds_1/loss=NCA_lr_1e_4,_dim_8": 6} {
		var want []float64
		for _, run := range rows[row].Runs {
			want = append(want, run.Metrics["recall@1"])
		}
		if diff := cmp.Diff(want, runs[name]); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Reports do not depend on the number of workers, nor on the order in which files are
// read.
func TestSameBytes(t *testing.T) {
	sets := two(t)
	var first bytes.Buffer
	for k := range 3 {
		r, err := All(sets, "map_at_r")
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := r.Write(&b, "json"); err != nil {
			t.Fatal(err)
		}
		if k == 0 {
			first = b
		} else if !bytes.Equal(first.Bytes(), b.Bytes()) {
			t.Error("two reports of one folder differ")
		}
	}
}

// Pairs are tied by the adjusted p; one without p counts as 1 and is tied, and one that
// was not compared is in no family.
func TestAdjust(t *testing.T) {
	pair := func(n int, p ...float64) *Pair {
		d := &Pair{Difference: stats.Difference{N: n}}
		if len(p) > 0 {
			d.P = &p[0]
		}
		return d
	}
	pairs := []*Pair{pair(9, 0.03), pair(9, 0.01), pair(9), pair(0, 0.001), pair(9, 0.5)}
	adjust(pairs)
	for k, want := range []struct {
		holm float64
		tied bool
	}{{0.09, true}, {0.04, false}, {-1, true}, {-1, false}, {1, true}} {
		p := pairs[k]
		if (p.PHolm == nil) != (want.holm < 0) || p.PHolm != nil && math.Abs(*p.PHolm-want.holm) > 1e-12 {
			t.Errorf("pair %d: adjusted to %v, want %v", k, p.PHolm, want.holm)
		}
		if (p.Tied == nil) != (p.N == 0) || p.Tied != nil && *p.Tied != want.tied {
			t.Errorf("pair %d: tied %v, want %v", k, p.Tied, want.tied)
		}
	}
}
