package analysis

import (
	"math"
	"strings"
	"testing"

	"gpwbench/results"
)

// well is a moment of a training at which nothing is wrong.
var well = WeightStats{
	Positive: SideStats{Pairs: 400, Weighted: 400, Mass: 1, Effective: 300, Hardest: 0.02, Largest: 0.01, Mean: 0.5, Low: -0.2, High: 0.9},
	Negative: SideStats{Pairs: 9500, Weighted: 900, Mass: 0.5, Effective: 200, Hardest: 0.6, Largest: 0.01, Mean: 0, Low: -0.6, High: 0.7},
}

// but is a well moment changed.
func but(change func(*WeightStats)) WeightStats {
	m := well
	change(&m)
	return m
}

var (
	silent = but(func(m *WeightStats) { m.Positive, m.Negative = SideStats{Pairs: 400}, SideStats{Pairs: 9500} })
	alone  = but(func(m *WeightStats) { m.Positive, m.Negative = SideStats{}, SideStats{Pairs: 9900} })
	point  = but(func(m *WeightStats) {
		m.Positive, m.Negative = SideStats{Pairs: 400, Mean: 1}, SideStats{Pairs: 9500, Mean: 1}
	})
	together    = but(func(m *WeightStats) { m.Positive.Mean, m.Negative.Mean = 0.999, 0.981 })
	apart       = but(func(m *WeightStats) { m.Positive.Mean, m.Negative.Mean = 0.999, 0.979 })
	ruledMoment = but(func(m *WeightStats) { m.Positive.Mass, m.Negative.Largest, m.Negative.Effective = 0.25, 0.9, 3 })
	mirrored    = but(func(m *WeightStats) { m.Positive.Mass, m.Negative.Largest, m.Negative.Effective = 0, 0.45, 3.9 })
	unruled     = but(func(m *WeightStats) { m.Negative.Largest, m.Negative.Effective = 0.9, 3 }) // most weight is with the positives
	few         = but(func(m *WeightStats) {
		m.Positive, m.Negative = SideStats{Pairs: 12, Mass: 1, Largest: 1, Effective: 1}, SideStats{Pairs: 87, Mass: 1, Largest: 1, Effective: 1}
	})
	attracted = but(func(m *WeightStats) { m.Negative.Mass = 0.00099 })
	repelled  = but(func(m *WeightStats) { m.Positive.Mass = 0.00049 })
	balanced  = but(func(m *WeightStats) { m.Negative.Mass = 0.00101 })
)

// series is so many of each moment, one after another, every second step.
func series(parts ...any) []WeightStats {
	var all []WeightStats
	for k := 0; k < len(parts); k += 2 {
		for range parts[k].(int) {
			m := parts[k+1].(WeightStats)
			m.Step = 2 * len(all)
			all = append(all, m)
		}
	}
	return all
}

// Each diagnosis, and beside it a training that is just not so.
func TestDiagnose(t *testing.T) {
	none := math.NaN()
	for _, test := range []struct {
		name     string
		training Training
		want     []string // names and what the sentence says, in pairs
	}{
		{"nothing seen", Training{TestMean: none}, nil},
		{"well", Training{Stats: series(100, well), TestMean: 0.97}, nil},

		{"collapse of batches", Training{Stats: series(90, well, 10, together), TestMean: none}, []string{"collapse", "above 0.98 in the batches from step 180 of 200 on"}},
		{"too late for a collapse", Training{Stats: series(91, well, 9, together), TestMean: 0.97}, nil},
		{"near, and no collapse", Training{Stats: series(100, apart), TestMean: 0.9799}, nil},
		{"collapse, and out of it", Training{Stats: series(99, together, 1, well), TestMean: none}, nil},
		{"collapse of the test", Training{Stats: series(100, well), TestMean: 0.9998}, []string{"collapse", "same way, mean similarity 0.999 on the test classes; try"}},
		{"collapse of both", Training{Stats: series(100, together), TestMean: 1}, []string{"collapse", "in the batches from the first step on and mean similarity 1.000 on the test classes"}},

		{"collapsed to death", Training{Stats: series(60, well, 40, point), TestMean: none}, []string{"collapse", "from step 120 of 200 on; try"}},

		{"dead", Training{Stats: series(90, well, 10, silent), TestMean: none}, []string{"dead_training", "from step 180 of 200 on; try a larger margin"}},
		{"dead with a miner", Training{Stats: series(100, silent), Miner: "MS mining ε 0.1", TestMean: none}, []string{"dead_training", "from the first step on; try miner: none, or a wider margin in MS mining ε 0.1"}},
		{"dead with conditions", Training{Stats: series(100, silent), Mines: true, TestMean: none}, []string{"dead_training", "on; try a condition in mine: that more pairs meet"}},
		{"dead with both", Training{Stats: series(100, silent), Miner: "MS mining ε 0.1", Mines: true, TestMean: none}, []string{"dead_training", "in MS mining ε 0.1, or a condition in mine: that more pairs meet"}},
		{"dead for want of positives", Training{Stats: series(100, alone), Miner: "MS mining ε 0.1", TestMean: none}, []string{"dead_training", "such as m_per_class"}},
		{"dying", Training{Stats: series(91, well, 9, silent), TestMean: none}, nil},
		{"silent for a while", Training{Stats: series(40, well, 20, silent, 40, well), TestMean: none}, nil},

		{"empty", Training{Stats: series(40, well, 25, silent, 35, well), Miner: "pair margins 0, 0", TestMean: none}, []string{"empty_mining", "on 25 % of the steps; try miner: none, or a wider margin in pair margins 0, 0"}},
		{"empty by conditions", Training{Stats: series(40, well, 25, silent, 35, well), Mines: true, TestMean: none}, []string{"empty_mining", "the conditions in mine: leave no pair with weight, on 25 % of the steps; try a condition in mine: that more pairs meet"}},
		{"often empty", Training{Stats: series(40, well, 24, silent, 36, well), Miner: "pair margins 0, 0", TestMean: none}, nil},
		{"idle", Training{Stats: series(40, silent, 60, well), TestMean: none}, []string{"idle_steps", "on 40 % of the steps"}},
		{"idle again and again", Training{Stats: series(40, silent, 40, well, 20, silent), TestMean: none}, []string{"idle_steps", "on 60 % of the steps"}},

		{"one pair", Training{Stats: series(51, ruledMoment, 49, well), TestMean: none}, []string{"one_pair", "on 51 % of the steps"}},
		{"one pair and its image", Training{Stats: series(100, mirrored), TestMean: none}, []string{"one_pair", "on every step", "no_positives", "on every step"}},
		{"one pair at times", Training{Stats: series(50, ruledMoment, 50, well), TestMean: none}, nil},
		{"one pair of one kind", Training{Stats: series(100, unruled), TestMean: none}, nil},
		{"one of few pairs", Training{Stats: series(100, few), TestMean: none}, nil},

		{"no negatives", Training{Stats: series(51, attracted, 49, well), TestMean: none}, []string{"no_negatives", "nothing pushes apart, on 51 % of the steps"}},
		{"no positives", Training{Stats: series(51, repelled, 49, well), TestMean: none}, []string{"no_positives", "nothing pulls together, on 51 % of the steps"}},
		{"hardly negatives", Training{Stats: series(100, balanced), TestMean: none}, nil},
		{"no negatives at last", Training{Stats: series(50, well, 50, attracted), TestMean: none}, nil},
	} {
		test.training.Steps = 2 * len(test.training.Stats)
		got := Diagnose(test.training)
		if len(got) != len(test.want)/2 {
			t.Errorf("%s: %v, want %v", test.name, sentences(got), test.want)
			continue
		}
		for k, d := range got {
			if d.Name != test.want[2*k] || !strings.Contains(d.String(), test.want[2*k+1]) {
				t.Errorf("%s: %s: %q, want %s: %q", test.name, d.Name, d, test.want[2*k], test.want[2*k+1])
			}
		}
	}
}

func sentences(diagnoses []results.Diagnosis) (all []string) {
	for _, d := range diagnoses {
		all = append(all, d.Name+": "+d.String())
	}
	return all
}
