package experiments

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
	"gpwbench/results/table"
)

// sweptSpec is a small spec, on data sets of which one has settings of its own.
func sweptSpec(t *testing.T) string {
	features, labels := tiny(t)
	return fmt.Sprintf(`name: tiny
datasets:
  - {name: one, features: %s, labels: %s}
  - {name: two, features: %s, labels: %s, optimizer: {lr: 0.02}}
baselines: [frozen, pca, untrained]
losses: [contrastive, multi_similarity]
sampler: {classes: 4, per_class: 3}
steps: 4
seeds: 2
weights: {at: []}
`, features, labels, features, labels)
}

func runText(t *testing.T, dir, text string, overrides ...string) *Outcome {
	t.Helper()
	s, err := parseSpec(text, overrides...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Run(t.Context(), s, dir, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Failed) > 0 {
		t.Fatal(out.Failed)
	}
	return out
}

func recordsIn(t *testing.T, dir string) (results.Plan, map[string]results.Record) {
	t.Helper()
	plan, all, err := readStore(t, dir).LoadPlan()
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]results.Record{}
	for _, r := range all {
		records[r.ID] = r
	}
	return plan, records
}

const tinySweep = `sweep:
  optimizer.lr: [0.001, 0.1]
  losses.multi_similarity.params.beta: [10, 20]
  preprocess: [[center], [l2, center]]
`

// The runs of a sweep are those of its variants run one by one, with the same ids and
// numbers; a row that a key does not touch stands once, and rows carry the values of
// those keys that touch them.
func TestSweepRunsAreThoseOfVariants(t *testing.T) {
	text, dir := sweptSpec(t), t.TempDir()
	out := runText(t, filepath.Join(dir, "sweep"), text+tinySweep)
	plan, swept := recordsIn(t, filepath.Join(dir, "sweep"))

	single := map[string]results.Record{}
	for _, lr := range []string{"0.001", "0.1"} {
		for _, beta := range []string{"10", "20"} {
			for _, steps := range []string{"[center]", "[l2, center]"} {
				runText(t, filepath.Join(dir, "single"), text, "optimizer.lr="+lr, "losses.multi_similarity.params.beta="+beta, "preprocess="+steps)
				_, some := recordsIn(t, filepath.Join(dir, "single"))
				for id, r := range some {
					single[id] = r
				}
			}
		}
	}

	if out.Runs != len(single) || len(swept) != len(single) {
		t.Errorf("the sweep has %d runs and %d records, its variants have %d", out.Runs, len(swept), len(single))
	}
	for id, want := range single {
		got, ok := swept[id]
		if !ok {
			t.Errorf("the sweep lacks %s %s", want.Label, want.Settings)
			continue
		}
		checkSwept(t, got)
		got.Label, got.Swept = want.Label, nil
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", want.Label, d)
		}
	}

	// Rows: 2 of each baseline; on one, contrastive 2·2 and Multi-Similarity 2·2·2; on two,
	// which has its own rate, half of them.
	if rows := len(out.Table.Blocks[0].Rows); rows != 3*2+4+8 {
		t.Errorf("%d rows of the first data set, want 18", rows)
	}
	if rows := len(out.Table.Blocks[1].Rows); rows != 3*2+2+4 {
		t.Errorf("%d rows of the second data set, want 12", rows)
	}
	if got := plan.Order; !slices.Equal(got, []string{"one", "two", "frozen", "PCA to 4", "untrained", "Contrastive", "Multi-Similarity"}) {
		t.Errorf("rows are in the order %q", got)
	}
}

// checkSwept holds the swept values of a record against its settings.
func checkSwept(t *testing.T, r results.Record) {
	t.Helper()
	set, err := r.ReadSettings()
	if err != nil {
		t.Fatal(err)
	}
	want := results.Swept{}
	steps := func(s []string) { want["preprocess"] = asJSON(s) }
	switch {
	case set.Baseline == nil:
		steps(set.Training.Preprocess)
		if r.Dataset.Name == "one" {
			want["optimizer.lr"] = set.Training.Optimizer.LR
		}
		if r.Loss == "multi_similarity" {
			want["losses.multi_similarity.params.beta"] = set.Loss.Params["beta"]
		}
	default:
		steps(set.Baseline.Preprocess)
	}
	if d := cmp.Diff(want, r.Swept); d != "" {
		t.Errorf("%s: swept values: %s", r.Label, d)
	}
}

// A folder that holds runs made without the sweep, or for another one, gives the table of
// a fresh one, and the other way round.
func TestSweepFindsRuns(t *testing.T) {
	text, dir := sweptSpec(t), t.TempDir()
	const sweep = "sweep: {losses.multi_similarity.params.beta: [10, 20], head.dim: [4, 6]}\n"
	fresh := runText(t, filepath.Join(dir, "fresh"), text+sweep)

	used := filepath.Join(dir, "used")
	alone := runText(t, used, text, "losses.multi_similarity.params.beta=20", "head.dim=6")
	other := runText(t, used, text, "sweep.head.dim=[4, 8]")
	there := map[string]bool{}
	for _, id := range slices.Concat(alone.Plan.Runs, other.Plan.Runs) {
		there[id] = slices.Contains(fresh.Plan.Runs, id)
	}
	missing := slices.DeleteFunc(slices.Clone(fresh.Plan.Runs), func(id string) bool { return there[id] })
	again := runText(t, used, text+sweep)
	// On each data set Multi-Similarity is missing at three of its four places, twice.
	if again.Ran != len(missing) || len(missing) != 2*3*2 {
		t.Errorf("%d runs were made, %d of %d were missing", again.Ran, len(missing), fresh.Runs)
	}
	for _, f := range results.Formats {
		want, err := os.ReadFile(filepath.Join(dir, "fresh", results.TableFile(f)))
		got, err2 := os.ReadFile(filepath.Join(used, results.TableFile(f)))
		if err != nil || err2 != nil || string(got) != string(want) {
			t.Errorf("the table as %s is\n%s\nwant\n%s (%v, %v)", f, got, want, err, err2)
		}
	}

	// And back: no swept value is left.
	back := runText(t, used, text, "losses.multi_similarity.params.beta=20", "head.dim=6")
	if back.Ran > 0 || len(back.Table.Blocks[0].Swept) > 0 {
		t.Errorf("%d runs were made, and the table has columns of %v", back.Ran, back.Table.Blocks[0].Swept)
	}
	if got, want := back.Table.Blocks[0].Cells(), alone.Table.Blocks[0].Cells(); cmp.Diff(want, got) != "" {
		t.Errorf("the table without the sweep changed: %s", cmp.Diff(want, got))
	}
}

// counting counts how often a data set is read.
type counting struct {
	noProgress
	mu      sync.Mutex
	loaded  []string
	notes   []string
	running []string
}

func (c *counting) Loading(name string) { c.loaded = append(c.loaded, name) }
func (c *counting) Note(text string)    { c.notes = append(c.notes, text) }
func (c *counting) Step(r PlannedRun, _, _ int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.running, r.String()) {
		c.running = append(c.running, r.String())
	}
}

// Whatever the number of variants, a data set is read once, and preprocessed once for
// each list of steps, of which one at a time is in memory.
func TestSweepSharesData(t *testing.T) {
	s, err := parseSpec(sweptSpec(t)+tinySweep, "datasets.two.preprocess=l2")
	if err != nil {
		t.Fatal(err)
	}
	p := &counting{}
	r, err := newRunner(s, Options{Workers: 2, Progress: p})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.loaded, []string{"one", "two"}) {
		t.Errorf("read %q, want each data set once", p.loaded)
	}

	var units []string
	shared := map[*sharedWork]bool{}
	for k, w := range l.units {
		units = append(units, w.spec.Name+" "+strings.Join(w.spec.Preprocess, " "))
		for _, j := range l.jobs[k] {
			if j.on.sharedWork != w.sharedWork || &j.on.data.X.Data[0] != &w.data.X.Data[0] || j.on.spec != j.Dataset {
				t.Fatalf("%s does not share the data of its unit", j)
			}
		}
		shared[w.sharedWork] = true
	}
	if want := []string{"one center", "one l2 center", "two l2"}; !slices.Equal(units, want) || len(shared) != 3 {
		t.Errorf("units %q, want %q", units, want)
	}
	for _, views := range l.views {
		for _, w := range views {
			if !shared[w.sharedWork] {
				t.Error("a variant has work of its own")
			}
		}
	}
}

// Messages name the values of a run.
func TestSweepMessages(t *testing.T) {
	s, err := parseSpec(sweptSpec(t)+"sweep: {optimizer.lr: [0.001, 0.1], sampler.classes: [2, 3]}\n", "seeds=1", "losses=contrastive")
	if err != nil {
		t.Fatal(err)
	}
	p := &counting{}
	if _, err := Run(t.Context(), s, t.TempDir(), Options{Workers: 1, Progress: p}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"one: Contrastive, fixed, seed 0, optimizer.lr 0.001, sampler.classes 2", "one: Contrastive, fixed, seed 0, optimizer.lr 0.001, sampler.classes 3",
		"one: Contrastive, fixed, seed 0, optimizer.lr 0.1, sampler.classes 2", "one: Contrastive, fixed, seed 0, optimizer.lr 0.1, sampler.classes 3",
		"two: Contrastive, fixed, seed 0, sampler.classes 2", "two: Contrastive, fixed, seed 0, sampler.classes 3",
	}
	if !slices.Equal(p.running, want) {
		t.Errorf("ran %q, want %q", p.running, want)
	}

	text, err := DryRun(t.Context(), s, t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"tiny: 12 runs of 4 variants\n", ", seed 0, preprocess", "\n  sweep     optimizer.lr: 0.001, 0.1\n", "\n  sweep     sampler.classes: 2, 3\n"} {
		if !strings.Contains("\n"+text, line) {
			t.Errorf("the dry run lacks %q:\n%s", line, text)
		}
	}
}

// What the data refuse of a variant is said at its place in the sweep; a key that changes
// nothing is refused.
func TestSweepAgainstData(t *testing.T) {
	for _, c := range []struct{ sweep, want string }{
		{"{head.dim: [4, 9]}", "s.yaml:11:23: the head is to have 9 dimensions, the features of one have 8; lower head.dim, or leave it out for all (with head.dim 9)\n" +
			"s.yaml:11:23: the head is to have 9 dimensions, the features of two have 8; lower head.dim, or leave it out for all (with head.dim 9)"},
		{"{memory: [{name: xbm, size: 15, warmup: 1}], sampler.classes: [4, 6]}", "s.yaml:11:18: memory.size is 15, and a batch of one has 18 rows; the memory must hold one (with memory xbm, size 15, warmup 1, sampler.classes 6)"},
		{"{optimizer.momentum: [0.1]}", `in optimizer, momentum belongs to sgd, not to "adam"`},
		{"{datasets.two.head.decay_to_init: [0.1], datasets.one.optimizer.lr: [1, 2]}", ""},
		{"{protocol: [fixed, paper]}", ""},
	} {
		s, err := parseSpec(sweptSpec(t) + "sweep: " + c.sweep + "\n")
		if err == nil {
			_, err = DryRun(t.Context(), s, t.TempDir(), Options{})
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.sweep, err, c.want)
		}
	}

	s, err := parseSpec(sweptSpec(t)+"sweep: {steps: [1, 2], sampler.per_class: [2, 3]}\n", "losses.contrastive.memory=none", "losses=contrastive")
	if err == nil {
		t.Errorf("an override that is lost: %v", s)
	}
	s, err = parseSpec(strings.ReplaceAll(sweptSpec(t), "labels: ", "memory: none, steps: 3, labels: ") + "sweep: {steps: [1, 2], sampler.per_class: [2, 3]}\n")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(context.Background(), s, filepath.Join(t.TempDir(), "never"), Options{})
	if want := "s.yaml:11:9: steps changes no run: the data sets or the rows have their own, or nothing takes it; leave it out"; err == nil || err.Error() != want {
		t.Errorf("a key that touches nothing: error %v, want %s", err, want)
	}
}

// A run that several values come to stands for each of them: a PCA has no more
// dimensions than the features.
func TestSweepOfOneRunForSeveralValues(t *testing.T) {
	dir := t.TempDir()
	out := runText(t, dir, sweptSpec(t), "losses=contrastive", "seeds=1", "baselines=pca", "sweep.head.dim=[4, 2, 8]")
	plan, _ := recordsIn(t, dir)
	var rows []string
	for _, r := range out.Table.Blocks[0].Rows {
		rows = append(rows, fmt.Sprint(r.Label, " ", r.Swept["head.dim"], " ", r.Head))
	}
	// Of 8 features, a head of 8 leaves PCA its default: half of them.
	want := []string{"PCA 4 pca 8→4", "PCA 2 pca 8→2", "PCA 8 pca 8→4",
		"untrained 4 linear 8→4, identity", "untrained 2 linear 8→2, identity", "untrained 8 linear 8→8, identity",
		"Contrastive 4 linear 8→4, identity", "Contrastive 2 linear 8→2, identity", "Contrastive 8 linear 8→8, identity"}
	if !slices.Equal(rows, want) {
		t.Errorf("rows %q, want %q", rows, want)
	}
	if out.Runs != 2*(2+3+3) {
		t.Errorf("%d runs, want 16", out.Runs)
	}
	text, _ := json.Marshal(plan.Swept)
	if !strings.Contains(string(text), `[{"head.dim":4},{"head.dim":8}]`) {
		t.Errorf("the plan has %s", text)
	}
}

// touches is held against the definition, over all pairs of variants that differ in one
// value only.
func TestTouches(t *testing.T) {
	values := []int{2, 3, 2}
	for pattern := range 8 { // which keys the ids depend on
		ids := make([]string, 12)
		for v := range ids {
			digits := []int{v / 6, v / 2 % 3, v % 2}
			for k, d := range digits {
				if pattern>>k&1 == 1 {
					ids[v] += fmt.Sprint(d)
				}
			}
			ids[v] += "x"
		}
		ids[7] = "" // left out of one variant
		stride := 12
		for k, n := range values {
			stride /= n
			if got, want := touches(ids, stride, n), pattern>>k&1 == 1; got != want {
				t.Errorf("pattern %b, key %d: %v, want %v", pattern, k, got, want)
			}
		}
	}
}

// A key of one value touches the rows that it touches beside a second value, and the
// table has its column.
func TestSweepOfOneValue(t *testing.T) {
	text, dir := sweptSpec(t), t.TempDir()
	for k, c := range []struct{ path, one, two string }{
		{"optimizer.lr", "0.001", "0.1"},
		{"datasets.two.optimizer.lr", "0.5", "0.1"},
		{"losses.multi_similarity.params.beta", "40", "20"}, // its default
		{"losses.multi_similarity.preset", "paper", "official"},
		{"preprocess", "[center]", "[l2, center]"},
		{"head", "{name: linear, dim: 4}", "{name: linear, dim: 2}"},
		{"head.dim", "4", "2"},
		{"head.decay_to_init", "0", "10"},
		{"protocol", "fixed", "paper"},
		{"sampler.classes", "4", "3"},
	} {
		both := runText(t, filepath.Join(dir, fmt.Sprint(k), "both"), text, "seeds=1", "sweep."+c.path+"=["+c.one+", "+c.two+"]")
		alone := runText(t, filepath.Join(dir, fmt.Sprint(k), "alone"), text, "seeds=1", "sweep."+c.path+"=["+c.one+"]")
		want, got := touchedRows(both.Table, c.path), touchedRows(alone.Table, c.path)
		if d := cmp.Diff(want, got); d != "" || len(got) == 0 {
			t.Errorf("%s: rows that one value touches, against those of two: %s", c.path, d)
		}
		if _, err := alone.Table.Pivot(c.path, ""); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

// touchedRows are the rows that have a value of a swept setting, by data set and loss
// or baseline.
func touchedRows(of *table.Table, path string) map[string]bool {
	rows := map[string]bool{}
	for _, b := range of.Blocks {
		for _, r := range b.Rows {
			name := r.Loss
			if name == "" { // the label of a PCA may have dimensions
				name = strings.Fields(r.Label)[0]
			}
			if _, is := r.Swept[path]; is {
				rows[b.Dataset.Name+"/"+name] = true
			}
		}
	}
	return rows
}
