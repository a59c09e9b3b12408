package compare

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// The best row and its ties are those of the bootstrap over classes on rows averaged by
// hand over their seeds.
func TestTiesAgreeWithBootstrap(t *testing.T) {
	store := open(t)
	var rows []Row
	for _, f := range []fakeRow{
		{label: "a", seeds: three, better: 0.05}, {label: "bb", seeds: three, better: 0.052}, {label: "ccc", seeds: three, better: -0.1},
		{label: "dddd", seeds: []uint64{0}, kind: results.KindBaseline, better: 0},
	} {
		rows = append(rows, keep(t, store, "birds", 30, f))
	}
	set := Read(store, rows)

	wanted := map[string]string{"recall@1": "best tied worse worse ", "map_at_r": "tied best worse worse "}
	for _, metric := range []string{"recall@1", "map_at_r"} {
		var values [][]float64
		var class []int
		for _, r := range rows {
			sum := make([]float64, 360)
			for _, run := range r.Runs {
				q, err := store.ReadQueries(run)
				if err != nil {
					t.Fatal(err)
				}
				class = nil
				for i := range sum {
					v := float64(q.AP[i])
					if metric == "recall@1" {
						v = 0
						if q.Above[i] == 0 {
							v = 1
						}
					}
					sum[i] += v
					class = append(class, int(q.Classes[i]))
				}
			}
			for i := range sum {
				sum[i] /= float64(len(r.Runs))
			}
			values = append(values, sum)
		}

		want := stats.OverClasses("c0ffeebirds\nhalf", class).Ties(values)
		var got []stats.Tie
		words := ""
		for _, tie := range set.Ties(metric) {
			got = append(got, tie.Tie)
			words += map[[2]bool]string{{true, true}: "best ", {false, true}: "tied ", {false, false}: "worse "}[[2]bool{tie.Best, tie.Tied}]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-bootstrap +set):\n%s", metric, diff)
		}
		if words != wanted[metric] {
			t.Errorf("%s: %s", metric, words)
		}
	}
}

// Rows without results, of other test rows, with a damaged file or of several runs with
// one seed are not compared, and it is said why; rows that chose on the test are not to
// be best.
func TestNotCompared(t *testing.T) {
	store := open(t)
	a, b := keep(t, store, "birds", 30, fakeRow{label: "a", seeds: three}), keep(t, store, "birds", 30, fakeRow{label: "b", seeds: three, better: 0.01})
	old := keep(t, store, "birds", 30, fakeRow{label: "old", seeds: three, without: true, better: 0.3})
	other := keep(t, store, "birds", 29, fakeRow{label: "other", seeds: three, better: 0.3})
	chose := keep(t, store, "birds", 30, fakeRow{label: "chose", protocol: "paper", seeds: three, looks: 3, better: 0.3})
	torn := keep(t, store, "birds", 30, fakeRow{label: "torn", seeds: three, better: 0.3})
	twice := Row{Label: "twice", Runs: append(a.Runs[:1:1], b.Runs[0])}
	if err := os.WriteFile(store.Path(results.QueriesFile(torn.Runs[1].ID)), []byte("torn"), 0o644); err != nil {
		t.Fatal(err)
	}

	set := Read(store, []Row{old, a, other, b, chose, torn, twice})
	for k, want := range []string{"no per-query results", "", "its test rows are not those of the other rows", "", "", "queries/", "several runs of seed 0"} {
		if why := set.Why(k); !strings.Contains(why, want) || (why == "") != (want == "") {
			t.Errorf("row %d: %q, want %q", k, why, want)
		}
		tie := set.Ties("recall@1")[k]
		if compared := k == 1 || k == 3; (tie != nil) != compared {
			t.Errorf("row %d is compared: %v, want %v", k, tie != nil, compared)
		}
	}
}

// Two rows pair over the seeds that both have; a baseline of one run stands against all.
func TestSeedsInCommon(t *testing.T) {
	set := read(t, 20, fakeRow{label: "a", seeds: []uint64{0, 1, 2, 5}, better: 0.1}, fakeRow{label: "b", seeds: []uint64{1, 2, 9}},
		fakeRow{label: "frozen", seeds: []uint64{0}, kind: results.KindBaseline}, fakeRow{label: "c", seeds: []uint64{7}})
	ties := set.Ties("map_at_r")
	if !ties[0].Best || ties[1].Seeds != 2 || ties[1].Dropped != 3 || ties[2].Seeds != 4 || ties[2].Dropped != 0 {
		t.Errorf("ties %+v, %+v and %+v", ties[0], ties[1], ties[2])
	}
	samples := set.samples("map_at_r")
	want := set.bootstrap.Difference(
		stats.AverageSeeds(samples[1].perSeed[:2]), stats.AverageSeeds(samples[0].perSeed[1:3]))
	if diff := cmp.Diff(want, ties[1].Difference); diff != "" {
		t.Errorf("(-of seeds 1 and 2 +set):\n%s", diff)
	}
	if ties[3].Why != noSeeds || ties[3].Tied || ties[3].Best || ties[3].Compared() || ties[3].P != nil {
		t.Errorf("without a seed in common: %+v", ties[3])
	}
}

// A row that was not tested against the best is in no family, so that the p of others are
// adjusted as without it; where no row was tested, there is no best one.
func TestNoSeedInCommon(t *testing.T) {
	rows := []fakeRow{{label: "a", seeds: three, better: 0.1}, {label: "b", seeds: three, better: 0.07}, {label: "c", seeds: three}, {label: "apart", seeds: []uint64{7}, better: -0.1}}
	with, without := read(t, 20, rows...).Ties("map_at_r"), read(t, 20, rows[:3]...).Ties("map_at_r")
	if diff := cmp.Diff(without, with[:3]); diff != "" {
		t.Errorf("(-without the row apart +with it):\n%s", diff)
	}

	for k, tie := range read(t, 20, rows[0], rows[3]).Ties("map_at_r") {
		if tie == nil || tie.Best || tie.Tied || tie.Compared() || tie.Why != noSeeds {
			t.Errorf("row %d of two without a seed in common: %+v", k, tie)
		}
	}
}

// Nothing is marked where there is nothing to compare: one row, one class, or a metric
// that is no mean over queries or was not measured.
func TestNothingToCompare(t *testing.T) {
	one := read(t, 20, fakeRow{label: "a", seeds: three}, fakeRow{label: "b", seeds: three, looks: 2})
	class := read(t, 1, fakeRow{label: "a", seeds: three}, fakeRow{label: "b", seeds: three})
	two := read(t, 20, fakeRow{label: "a", seeds: three}, fakeRow{label: "b", seeds: three})
	for name, ties := range map[string][]*Tie{"row": one.Ties("recall@1"), "class": class.Ties("recall@1"), "nmi": two.Ties("nmi"), "none": two.Ties("madeup")} {
		if ties[0] != nil || ties[1] != nil {
			t.Errorf("%s: %+v", name, ties)
		}
	}
	if two.Ties("recall@1")[0] == nil {
		t.Error("two rows are not compared")
	}
}

// The names of rows are their labels, with what tells them apart where labels are equal.
func TestNames(t *testing.T) {
	run := []results.Record{{Loss: "contrastive", Preset: "gpw"}}
	rows := []Row{
		{Label: "A", Protocol: "fixed", Runs: run}, {Label: "B", Protocol: "fixed", Runs: []results.Record{{Loss: "nca"}}}, {Label: "B", Protocol: "paper", Runs: run},
		{Label: "C", Protocol: "fixed", Head: "x", Runs: run}, {Label: "C", Protocol: "fixed", Head: "y", Runs: run}, {Label: "C", Protocol: "fixed", Head: "y", Runs: run},
	}
	want := []string{"A", "B/fixed", "B/paper", "C/x", "C/y", "C/y (2)"}
	if diff := cmp.Diff(want, Names(rows)); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]int{"a": 0, "B/paper": 2, "b/fixed": 1, "nca": 1, "C/y (2)": 5} {
		if k, err := find(rows, name); err != nil || k != want {
			t.Errorf("%s is row %d, error %v, want %d", name, k, err, want)
		}
	}
	for name, want := range map[string]string{
		"B":           `"B" means 2 rows: B/fixed, B/paper; name one of them`,
		"Contrastive": `"Contrastive" means 5 rows: A, B/paper, C/x, C/y, C/y (2); name one of them`,
	} {
		if _, err := find(rows, name); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", name, err, want)
		}
	}
	for _, name := range []string{"D", ""} {
		if _, err := find(rows, name); err == nil || !strings.Contains(err.Error(), "there are A, B/fixed, B/paper") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}
