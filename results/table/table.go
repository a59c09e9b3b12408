package table

import (
	"cmp"
	"slices"

	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/stats"
)

// A Table summarizes the runs of an experiment: a block for each data set, and notes
// without which the numbers would be misread.
type Table struct {
	Blocks []Block
	Notes  []string // whole sentences

	// Orders that the reference claims, tested; nil in a table that was not made from a
	// folder.
	Orders []TestedOrder

	onMarks     []string // the notes on marks and ties
	onIntervals []string // the notes on intervals that there are not
	sweep       sweepOrder
	style       Style
	reference   *Reference
}

// A Block is the part of a table that was measured on one data set.
type Block struct {
	Dataset results.DatasetInfo
	Swept   []string // paths of the swept settings that some row is of
	Rows    []Row

	// Compared has the per-query results of the rows, in their order; nil in a table that
	// was not made from a folder.
	Compared *compare.Set

	interval  Interval
	estimates []map[string]stats.Estimate // of each row by metric, for Bootstrap
}

// A Row stands for the runs that differ in nothing but their seed.
type Row struct {
	Label, Loss, Preset, Params string
	Kind                        string // KindLoss, KindBaseline or KindElsewhere
	Head, Preprocess, Protocol  string
	Swept                       results.Swept         // of the settings that touch the row
	Runs                        []results.Record      // in the order of their seeds
	Metrics                     map[string]stats.Stat // by the names of Record.Metrics
	// Largest share of tied queries among the runs, a fraction of 1.
	Tied      float64
	Published []PublishedValue
	// Ties say whether the row is the best of its block in a metric, or tied with the
	// best; a metric in which the row was not compared is absent.
	Ties map[string]compare.Tie
	// Why the reference has no number to stand beside the row; empty where it has, and
	// for a baseline.
	Unpublished string

	sweep sweepOrder // has the values that others have, whose notation its own share
}

// tiedMark is the share of tied queries above which a row's Recall@K cannot be read
// without its range.
const tiedMark = 0.01

// Summarize makes the table of records. The order lists names of data sets and labels of
// rows, as the spec does. Baselines come before losses, rows that were trained elsewhere
// after them, and what order does not name comes last, by name. The reference may be nil.
//
// A row is (data set, label, swept values, head, protocol). After its spec was edited, a
// folder may hold runs that share these but differ in settings or revisions. Such runs
// are never averaged: they are rows of their own, and a note says so.
func Summarize(records []results.Record, order []string, ref *Reference) *Table {
	return summarize(records, order, nil, ref)
}

// summarize puts rows of one label in the order of the values of the sweep.
func summarize(records []results.Record, order []string, sweep sweepOrder, ref *Reference) *Table {
	sweep = sweep.orOf(records)
	place := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}

	records = withEnsembles(records)
	slices.SortStableFunc(records, func(a, b results.Record) int {
		baseA, rankA := ensembleRank(a)
		baseB, rankB := ensembleRank(b)
		return cmp.Or(
			cmp.Compare(place(a.Dataset.Name), place(b.Dataset.Name)),
			cmp.Compare(a.Dataset.Name, b.Dataset.Name),
			cmp.Compare(a.Dataset.Checksum, b.Dataset.Checksum),
			cmp.Compare(a.Kind, b.Kind), // "baseline" < "loss" < "trained_elsewhere"
			cmp.Compare(place(baseA), place(baseB)),
			sweep.compare(a, b),
			cmp.Compare(baseA, baseB),
			cmp.Compare(rankA, rankB),
			results.CompareRecords(a, b),
		)
	})

	t := &Table{sweep: sweep, reference: ref}
	for len(records) > 0 {
		n := 1
		for n < len(records) && sameDataset(records[n], records[0]) {
			n++
		}
		t.Blocks = append(t.Blocks, newBlock(records[:n], sweep, ref))
		records = records[n:]
	}

	t.Notes = append(notes(t.Blocks, ref), tooWideNotes(t.Blocks, sweep)...)
	return t
}

// sameDataset compares the contents too: a stand-in and the real set may go by one name.
func sameDataset(a, b results.Record) bool {
	return a.Dataset.Name == b.Dataset.Name && a.Dataset.Checksum == b.Dataset.Checksum && a.Dataset.Synthetic == b.Dataset.Synthetic
}

func newBlock(records []results.Record, sweep sweepOrder, ref *Reference) Block {
	type key struct {
		Label, Loss, Preset, Params, Kind, Head, Preprocess, Protocol, Swept string
		Revisions                                                            results.Revisions
	}

	b := Block{Dataset: records[0].Dataset, Swept: sweep.paths(records)}
	runs := map[key][]results.Record{}
	var keys []key
	for _, r := range records {
		k := key{r.Label, r.Loss, r.Preset, r.Params, r.Kind, r.Head, r.Preprocess, r.Protocol, sweptKey(r.Swept), r.Revisions}
		if runs[k] == nil {
			keys = append(keys, k)
		}
		runs[k] = append(runs[k], r)
	}

	for _, k := range keys {
		row := Row{
			Label: k.Label, Loss: k.Loss, Preset: k.Preset, Params: k.Params, Kind: k.Kind, Head: k.Head, Preprocess: k.Preprocess, Protocol: k.Protocol,
			Swept:   runs[k][0].Swept,
			sweep:   sweep,
			Runs:    runs[k],
			Metrics: map[string]stats.Stat{},
		}
		row.Published, row.Unpublished = ref.lookup(row.Runs[0])
		values := map[string][]float64{}
		for _, r := range row.Runs {
			for name, v := range r.Metrics {
				values[name] = append(values[name], v)
			}
			if r.Queries > 0 {
				row.Tied = max(row.Tied, float64(r.Ties)/float64(r.Queries))
			}
		}

		for name, v := range values {
			row.Metrics[name] = stats.Describe(v)
			if m, _, ok := results.FindMetric(name); ok && m.Name != results.Optimism {
				row.Metrics[name] = row.Metrics[name].Within(m.Least, m.Most)
			}
		}
		b.Rows = append(b.Rows, row)
	}

	return b
}
