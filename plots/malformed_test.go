package plots

import (
	"math"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/gpw/probe"
)

// What cannot be drawn is left out, and a figure of nothing is empty: its formats return
// an error.
func TestMalformed(t *testing.T) {
	good := &analysis.Scatter{Pairs: []gpw.Pair{{S: 0.5, N: math.NaN(), P: math.NaN(), G: 1}}}
	infinite := &analysis.Scatter{Pairs: []gpw.Pair{{S: math.Inf(1)}}}
	stats := []analysis.WeightStats{{Positive: analysis.SideStats{Mass: math.Inf(1)}}}
	batches := map[string][]*analysis.Scatter{"none": nil, "nil": {nil, nil}, "infinite": {infinite}}
	for name, all := range batches {
		for _, width := range []Width{Page, Column, -1, 7} {
			var histories []*analysis.TrainingHistory
			var maps []*analysis.Heatmaps
			var sweeps []*analysis.Sweep
			for _, c := range all {
				histories = append(histories, nil, &analysis.TrainingHistory{Batches: []*analysis.Scatter{c}}, &analysis.TrainingHistory{Stats: stats})
				maps = append(maps, nil, &analysis.Heatmaps{Negative: [2]*analysis.Scatter{c, c}})
				sweeps = append(sweeps, nil, &analysis.Sweep{Positive: c, Negative: good}, &analysis.Sweep{Moves: gpw.X, Positive: good, Negative: good})
			}
			for what, f := range map[string]*Figure{
				"nil": nil, "zero": {},
				"weights": Weights(width, all...), "against": Against(width, all...), "overview": Overview(all, gpw.S, width),
				"compare": Compare(all, nil, width), "heatmaps": Heatmaps(maps, width),
				"sweeps": Sweeps([][]*analysis.Sweep{sweeps, {}}, width), "multiples": SweepMultiples([][]*analysis.Sweep{sweeps}, width),
				"training": Training(width, nil), "trainings": Trainings(width, histories),
			} {
				for format, encode := range map[string]func() ([]byte, error){
					"svg": f.SVG, "pdf": f.PDF, "csv": f.CSV, "json": f.JSON, "png": func() ([]byte, error) { return f.PNG(72) },
				} {
					if _, err := encode(); err == nil {
						t.Errorf("%s of %s batches, width %d: written as %s", what, name, width, format)
					}
				}
				if w, h := f.Size(); w != 0 || h != 0 {
					t.Errorf("%s of %s batches has the size %v×%v", what, name, w, h)
				}
			}
		}
	}
}

// What can be drawn is drawn beside what cannot.
func TestPartlyMalformed(t *testing.T) {
	good := &analysis.Scatter{Pairs: []gpw.Pair{{S: 0.5, N: 0.1, P: math.NaN(), G: 1}}}
	sweep := &analysis.Sweep{Positive: good, Negative: good}
	var many [][]*analysis.Sweep
	for range SweepLines + 2 {
		many = append(many, []*analysis.Sweep{sweep})
	}
	moving := &Scenario{Threshold: &probe.Threshold{Shifts: []float64{0, 1}, Weights: []float64{1, 2}}}
	var all []*Scenario
	for range SweepLines + 2 {
		all = append(all, moving)
	}
	history := &analysis.TrainingHistory{Stats: []analysis.WeightStats{{}, {Step: 1}}, Batches: []*analysis.Scatter{nil, good}}

	for what, f := range map[string]*Figure{
		"weights":   Weights(Page, nil, good),
		"compare":   Compare([]*analysis.Scatter{nil, good}, []*analysis.Sweep{nil}, Page),
		"sweeps":    Compare([]*analysis.Scatter{good}, []*analysis.Sweep{sweep, sweep, sweep}, Page),
		"overview":  Overview([]*analysis.Scatter{nil, good}, -1, Column),
		"heatmaps":  Heatmaps([]*analysis.Heatmaps{nil, good.Heatmaps()}, Width(9)),
		"many":      Sweeps(many, Page),
		"uneven":    SweepMultiples([][]*analysis.Sweep{{sweep}, {sweep, sweep}, {nil}}, Page),
		"trainings": Trainings(Page, []*analysis.TrainingHistory{nil, history}),
		"training":  Training(Page, history),
		"scenarios": Scenarios([]*Scenario{nil, {}, moving}, append(all, nil, &Scenario{}, &Scenario{Threshold: &probe.Threshold{Shifts: []float64{1}}})),
	} {
		if _, err := f.SVG(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := f.CSV(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
