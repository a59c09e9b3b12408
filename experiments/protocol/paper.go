package protocol

import (
	"fmt"

	"gpwbench/results"
)

// Paper measures the step with the best Recall@1 on the test classes, as most papers do.
// Because the choice is made on the test classes, the figures are too high. The record
// says by how much.
//
// Recall@1 is expected over random tie orders, so that a collapsed embedding is not
// chosen for its ties.
type Paper struct {
	Every int `yaml:"every" in:"[1,10000000]" doc:"of 'paper' and 'holdout': steps between two evaluations" example:"{name: paper, every: 20}"`
}

func (Paper) Name() string { return "paper" }

func (p Paper) Settings() map[string]any { return named(p) }

func (p Paper) Looks(done, steps int) bool { return p.Every > 0 && done%p.Every == 0 || done == steps }

func (Paper) Score(s Scores) float64 { return s.RecallExpected(1) }

func (p Paper) Report(metrics map[string]float64, chosen, last Scores) {
	metrics[results.Optimism] = p.Score(chosen) - p.Score(last)
}

func (p Paper) Note(steps, evaluations int) string {
	if evaluations == 1 {
		return fmt.Sprintf("one evaluation on the test classes, after all %d steps: nothing was chosen", steps)
	}
	of := fmt.Sprintf("one every %d steps of %d", p.Every, steps)
	if p.Every > 0 && steps%p.Every != 0 {
		of = fmt.Sprintf("one every %d steps and one after the last of %d", p.Every, steps)
	}
	return fmt.Sprintf("the best of %d evaluations on the test classes, %s: chosen on the test, so it flatters", evaluations, of)
}
