package compare

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
)

// A Row is the runs that differ in nothing but their seed, in the order of the seeds.
// There is at least one.
type Row struct {
	Label, Head, Protocol string
	Kind                  string // results.KindLoss, KindBaseline or KindElsewhere
	Ensemble              string // of the heads of folds, such as results.Separated; "" for a row of runs
	Runs                  []results.Record
}

// ChosenOnTest reports whether a run of the row evaluated the test classes more than once
// to choose a step, as protocol paper does. A run that chose on held-out classes did not,
// whatever else of it was evaluated, nor did an ensemble of its heads.
func (r Row) ChosenOnTest() bool {
	return r.Ensemble == "" && slices.ContainsFunc(r.Runs, func(run results.Record) bool { return run.TestEvaluations > 1 && run.Validation == nil })
}

// constant reports whether the row has one run that is of no seed: a baseline, which has
// a run for each seed where something depends on it, or one file of embeddings without a
// seed.
func (r Row) constant() bool {
	return len(r.Runs) == 1 && (r.Kind == results.KindBaseline || r.seedless())
}

// seedless reports whether the row is one file of embeddings without a seed.
func (r Row) seedless() bool { return r.Kind == results.KindElsewhere && r.Runs[0].Seedless }

// seeds are those of the runs.
func (r Row) seeds() []uint64 {
	var all []uint64
	for _, run := range r.Runs {
		all = append(all, run.Seed)
	}
	return all
}

// run returns the run with a seed; of a constant row, its only one.
func (r Row) run(seed uint64) results.Record {
	if r.constant() {
		return r.Runs[0]
	}
	return r.Runs[slices.Index(r.seeds(), seed)]
}

// values are the row's values of a metric with the given seeds. It reports false where a
// run lacks the metric.
func (r Row) values(metric string, seeds []uint64) (values []float64, ok bool) {
	for _, seed := range seeds {
		v, has := r.run(seed).Metrics[metric]
		if !has {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// common returns the seeds by which two rows pair, and how many are left out because one
// row lacks them.
func common(a, b Row) (seeds []uint64, dropped int) {
	switch {
	case a.constant():
		return b.seeds(), 0
	case b.constant():
		return a.seeds(), 0
	}
	of := b.seeds()
	for _, seed := range a.seeds() {
		if slices.Contains(of, seed) {
			seeds = append(seeds, seed)
		}
	}
	return seeds, len(a.Runs) + len(of) - 2*len(seeds)
}

// FewerSeeds tells of some rows of a set which lack seeds that others of them have: by
// the row, the seeds that it has, such as "seed 0" or "seeds 0, 2". Rows that depend on
// no seed lack none.
func (s *Set) FewerSeeds(rows []int) map[int]string {
	all := map[uint64]bool{}
	for _, r := range rows {
		for _, seed := range s.Rows[r].seeds() {
			all[seed] = all[seed] || !s.Rows[r].constant()
		}
	}
	most := 0
	for _, varies := range all {
		if varies {
			most++
		}
	}

	fewer := map[int]string{}
	for _, r := range rows {
		has := s.Rows[r].seeds()
		if s.Rows[r].constant() || len(has) >= most {
			continue
		}
		text := "seed"
		if len(has) > 1 {
			text = "seeds"
		}
		for k, seed := range has {
			if k > 0 {
				text += ","
			}
			text += fmt.Sprintf(" %d", seed)
		}
		fewer[r] = text
	}
	return fewer
}

// Names returns a name for each row: its label, with the protocol and the head where
// other rows have the same label.
func Names(rows []Row) []string {
	names := make([]string, len(rows))
	for k, r := range rows {
		names[k] = r.Label
	}
	for _, more := range []func(Row) string{
		func(r Row) string { return "/" + r.Protocol },
		func(r Row) string { return "/" + r.Head },
	} {
		count := map[string]int{}
		for _, name := range names {
			count[name]++
		}
		before := slices.Clone(names)
		for k, r := range rows {
			if name := before[k]; count[name] > 1 && differs(rows, before, name, more) {
				names[k] += more(r)
			}
		}
	}

	seen := map[string]int{}
	for k, name := range names {
		if seen[name]++; seen[name] > 1 {
			names[k] += fmt.Sprintf(" (%d)", seen[name])
		}
	}
	return names
}

// differs reports whether something tells the rows of a name apart.
func differs(rows []Row, names []string, name string, what func(Row) string) bool {
	first := slices.Index(names, name)
	for k, r := range rows {
		if names[k] == name && what(r) != what(rows[first]) {
			return true
		}
	}
	return false
}

// A NameError is a name that no row has, or no metric, or that means several rows.
type NameError struct {
	What    string   // "row" or "metric over queries"
	Name    string   // as it was given
	Known   []string // the names there are
	Several []string // the names of the rows that it means; nil where it means none
}

func (e *NameError) Error() string {
	if len(e.Several) > 0 {
		return fmt.Sprintf("%q means %d rows: %s; name one of them", e.Name, len(e.Several), strings.Join(e.Several, ", "))
	}
	return fmt.Sprintf("no %s %q; there are %s", e.What, e.Name, strings.Join(e.Known, ", "))
}

// A TwiceError is a row that is named twice where each name must be of another row.
type TwiceError struct {
	Name    string // of the row, in the folder
	problem string
}

func (e *TwiceError) Error() string { return e.problem }

// find returns the row that a name means: of that name or, where it is the only one, of
// that label, loss or loss.preset, in upper or lower case.
func find(rows []Row, name string) (int, error) {
	names := Names(rows)
	if k := slices.Index(names, name); k >= 0 {
		return k, nil
	}
	var found []int
	for k, r := range rows {
		run := r.Runs[0]
		for _, other := range []string{names[k], r.Label, run.Loss, run.Loss + "." + run.Preset} {
			if strings.EqualFold(name, other) {
				found = append(found, k)
				break
			}
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	var several []string
	for _, k := range found {
		several = append(several, names[k])
	}
	return 0, &NameError{"row", name, names, several}
}
