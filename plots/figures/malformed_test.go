package figures

import (
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/plots"
	"gpwbench/results"
)

// Without a folder, a batch, a loss or a figure there is an error.
func TestMalformed(t *testing.T) {
	for name, err := range map[string]error{
		"figures":     second(Figures(nil, nil, nil, nil, nil)),
		"derived":     second(Figures(nil, new(results.Store), nil, nil, nil)),
		"scatters":    second(Scatters(nil, results.Record{}, gpw.Pooling{})),
		"history":     second(TrainingHistory(nil, results.Record{}, gpw.Pooling{})),
		"nil batch":   second((*Batch)(nil).Scatters(nil, []Loss{{}}, gpw.Pooling{})),
		"no batch":    second(new(Batch).Scatters(nil, []Loss{{}}, gpw.Pooling{})),
		"no figure":   second(Encode(nil, "svg")),
		"zero":        second(Encode(new(plots.Figure), "json")),
		"nil batches": second(Layout{}.Scatters([]*analysis.Scatter{nil})),
		"no axis":     second(Layout{}.Sweeps(nil, []Loss{{}}, nil, gpw.Pooling{})),
		"along X":     second(Layout{View: OverviewView, Along: gpw.X}.Scatters([]*analysis.Scatter{{Anchors: 1, Pairs: []gpw.Pair{{G: 1}}}})),
		"no loss":     second(Layout{}.Sweeps(nil, []Loss{{}}, []gpw.Axis{gpw.S}, gpw.Pooling{})),
		"no maps":     second(Layout{}.Heatmaps(nil, []Loss{{}}, gpw.Pooling{})),
		"own sweeps":  second(OwnSweeps([]Loss{{}}, gpw.Pooling{})),
		"run":         second(new(Run).Scatters(nil, Selection{}, gpw.Pooling{})),
		"histories":   second(new(Run).Histories(nil, Selection{}, gpw.Pooling{})),
		"compared":    second(Compared(results.Record{})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}

	if drawn := (Layout{}).Histories([]*analysis.TrainingHistory{nil}); len(drawn) != 0 {
		t.Errorf("%d figures of nothing", len(drawn))
	}
	(Layout{}).NeedsSweeps([]*analysis.Scatter{nil})
	Distinguish([]Loss{{}, {}})
	if pages := Cases([]probe.Result{{}}); len(pages) != 1 {
		t.Errorf("%d pages", len(pages))
	}
}

func second[T any](_ T, err error) error { return err }
