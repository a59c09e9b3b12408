package experiments

import (
	"fmt"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
)

// A PlannedRun is one run of an experiment: a data set, a row of the table, and a seed.
// The row is a baseline, a loss, or of embeddings that were trained elsewhere.
type PlannedRun struct {
	Dataset   *spec.Dataset
	Baseline  *spec.Baseline // or
	Row       *spec.Row      // or
	Elsewhere *spec.Elsewhere
	Protocol  protocol.Protocol
	Seed      uint64
	Keep      []int // steps whose pair weights are kept
	Stats     bool  // whether the statistics of its weights are kept

	// Parts are what more is kept of the run, such as spec.KeepHead: nothing of a row
	// that was trained elsewhere.
	Parts []string

	// Swept are the values of the sweep that the run is of: of those keys that change it.
	Swept []spec.Swept
}

// PlannedRuns expands a spec without a sweep, or a variant of one, into its runs. For
// each data set the baselines come first, then for each seed every loss, so that a table
// has all its rows early, and then rows that were trained elsewhere. A data set of labels
// alone has only those. Without a spec there are none.
//
// A built spec is expanded as [Run] takes it, see [spec.Spec.Checked], and the runs point
// into a copy of it. One that Checked refuses is expanded as it is.
func PlannedRuns(s *spec.Spec) []PlannedRun {
	if s == nil {
		return nil
	}
	if checked, err := s.Checked(); err == nil {
		s = checked
	}
	return plannedRuns(s)
}

// plannedRuns expands a spec that was checked. The runs point into it.
func plannedRuns(s *spec.Spec) []PlannedRun {

	var runs []PlannedRun
	for k := range s.Datasets {
		data := &s.Datasets[k]
		for b := range s.Baselines {
			if data.LabelsOnly() {
				break
			}
			runs = append(runs, baselineRuns(s, data, &s.Baselines[b])...)
		}

		for seed := range s.Seeds {
			for r := range s.Losses {
				c := PlannedRun{Dataset: data, Row: &s.Losses[r], Protocol: data.Protocol, Seed: uint64(seed), Parts: s.Keep}
				if p := s.Losses[r].Protocol; p != nil {
					c.Protocol = p
				}
				if seed == 0 {
					c.Keep = keptSteps(data, s.Weights)
				}
				c.Stats = len(c.Keep) > 0 || len(s.Weights) > 0 && data.Head.Trains()
				runs = append(runs, c)
			}
		}

		for e := range s.Elsewhere {
			runs = append(runs, elsewhereRuns(s, data, &s.Elsewhere[e])...)
		}
	}

	return runs
}

// baselineRuns are the runs of a baseline: one for each seed where something of it
// depends on the seed, and else one.
func baselineRuns(s *spec.Spec, data *spec.Dataset, b *spec.Baseline) []PlannedRun {
	c := PlannedRun{Dataset: data, Baseline: b, Protocol: protocol.None{}, Parts: s.Keep}
	_, validated := data.Protocol.(protocol.Validated)
	seeds := 1
	switch {
	case b.Name == spec.Untrained && data.Head.StartsRandom():
		seeds = s.Seeds
	case validated && chooses(b):
		c.Protocol, seeds = data.Protocol, s.Seeds
	}

	var runs []PlannedRun
	for seed := range seeds {
		c.Seed = uint64(seed)
		runs = append(runs, c)
	}
	return runs
}

// keptSteps resolves spec.Last, which differs between data sets that train for different
// numbers of steps. Without a head nothing changes after the first step.
func keptSteps(d *spec.Dataset, at []int) []int {
	var steps []int
	for _, step := range at {
		if step == spec.Last {
			step = d.Steps - 1
		}
		if !d.Head.Trains() {
			step = 0
		}
		if len(steps) == 0 || steps[len(steps)-1] != step {
			steps = append(steps, step)
		}
	}

	return steps
}

// Label returns the row of the table that the run belongs to, "" without one.
func (c PlannedRun) Label() string {
	switch {
	case c.Row != nil:
		return c.Row.Label
	case c.Baseline != nil:
		return c.Baseline.Label()
	case c.Elsewhere != nil:
		return c.Elsewhere.Label
	}
	return ""
}

// String names the run, for messages. What [PlannedRuns] did not make is "no run".
func (c PlannedRun) String() string {
	if c.Dataset == nil || c.Row == nil && c.Baseline == nil && c.Elsewhere == nil || c.Protocol == nil {
		return "no run"
	}
	if c.Elsewhere != nil && !c.Elsewhere.Seeded() {
		return fmt.Sprintf("%s: %s", c.Dataset.Name, c.Label())
	}
	if c.Elsewhere != nil {
		return fmt.Sprintf("%s: %s, seed %d", c.Dataset.Name, c.Label(), c.Seed)
	}

	text := fmt.Sprintf("%s: %s", c.Dataset.Name, c.Label())
	_, chosen := c.Protocol.(protocol.Validated)
	if c.Row != nil || chosen || c.Baseline.Name == spec.Untrained && c.Dataset.Head.StartsRandom() {
		text += fmt.Sprintf(", %s, seed %d", c.Protocol.Name(), c.Seed)
	}
	if len(c.Swept) > 0 {
		text += ", " + spec.SweptText(c.Swept)
	}
	return text
}

func (c PlannedRun) lossSettings() *results.LossSettings {
	choice := c.Row.Choice
	s := &results.LossSettings{
		Name: choice.Spec.Name, Preset: choice.Preset, Form: choice.Form(), Params: values(choice.Value),
		Miner: choice.MinerForm(), Revision: choice.Spec.Revision,
	}
	if choice.Miner != nil {
		s.Mining = values(choice.Miner)
	}
	return s
}

func values(of any) map[string]any {
	m := map[string]any{}
	for _, p := range losses.Parameters(of) {
		m[p.Name] = p.Value
	}
	return m
}

// kind returns the record's word for what the run is.
func (c PlannedRun) kind() string {
	switch {
	case c.Row != nil:
		return results.KindLoss
	case c.Elsewhere != nil:
		return results.KindElsewhere
	}
	return results.KindBaseline
}
