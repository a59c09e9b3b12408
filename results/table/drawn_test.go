package table

import (
	"slices"
	"testing"

	"gpwbench/results"
)

// What batches left out is told with its range over the runs, and what they held wholly
// is not told. The smallest share that is more than nothing is not printed as nothing: 1
// row of 12,000 is 0.0083 %.
func TestDrawnNotes(t *testing.T) {
	block := func(rows int, all ...results.Drawn) Block {
		b := Block{Dataset: results.DatasetInfo{Name: "d", TrainRows: rows, TrainClasses: 100}, Rows: []Row{{}}}
		// Of a baseline, or older.
		b.Rows[0].Runs = append(b.Rows[0].Runs, results.Record{})
		for _, d := range all {
			b.Rows[0].Runs = append(b.Rows[0].Runs, results.Record{Drawn: &d})
		}
		return b
	}
	for _, c := range []struct {
		block Block
		want  []string
	}{
		{block(400), nil},
		{block(400, results.Drawn{Rows: 400, Classes: 100, Anchors: 80}, results.Drawn{Rows: 400, Classes: 100, Anchors: 80}), nil},
		{block(400, results.Drawn{Rows: 100, Classes: 90, Anchors: 80}, results.Drawn{Rows: 120, Classes: 98, Anchors: 80}),
			[]string{"d: 70.0 to 75.0 % of the training rows were in no batch of a run, nor was any row of up to 10 of the 100 classes."}},
		{block(12000, results.Drawn{Rows: 11999, Classes: 100, Anchors: 80}),
			[]string{"d: less than 0.1 % of the training rows were in no batch of a run."}},
		{block(400, results.Drawn{Rows: 400, Classes: 100, Anchors: 80, WithoutPositives: 20}), []string{"d: 25.0 % of the anchors had no positive to compare with."}},
	} {
		if got := drawnNotes(c.block); !slices.Equal(got, c.want) {
			t.Errorf("%+v: got %q, want %q", c.block.Rows[0].Runs[1:], got, c.want)
		}
	}
}

// The steps are told once where all data sets share them, and by data set where not; what
// went without them is named.
func TestPreprocessNotes(t *testing.T) {
	block := func(name string, steps ...string) Block {
		b := Block{Dataset: results.DatasetInfo{Name: name}}
		for _, s := range steps {
			b.Rows = append(b.Rows, Row{Label: "row of " + s, Preprocess: s})
		}
		return b
	}
	for _, c := range []struct {
		blocks []Block
		want   []string
	}{
		{[]Block{block("a", "", "")}, nil}, // older records do not say
		{[]Block{block("a", "l2, center", "l2, center")}, []string{"Preprocessing, fitted on the training rows: l2, center."}},
		{[]Block{block("a", "none", "center")}, []string{"Preprocessing, fitted on the training rows: center.", "No preprocessing (row of none)."}},
		// By its label where that went without everywhere.
		{[]Block{block("a", "none", "center"), block("b", "none")},
			[]string{"Preprocessing, fitted on the training rows: center.", "No preprocessing (row of none)."}},
		{[]Block{block("a", "none"), {Dataset: results.DatasetInfo{Name: "b"}, Rows: []Row{{Label: "row of none", Preprocess: "l2"}}}},
			[]string{"Preprocessing, fitted on the training rows: l2.", "No preprocessing (a/row of none)."}},
		{[]Block{block("a", "sqrt"), block("b", "center")},
			[]string{"Preprocessing, fitted on the training rows: sqrt (a).", "Preprocessing, fitted on the training rows: center (b)."}},
	} {
		if got := preprocessNotes(c.blocks); !slices.Equal(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
