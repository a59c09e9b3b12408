// Package protocol holds the rules by which a run decides which step of a training is
// measured, and what it reports of that choice.
//
// A [Protocol] says when the test classes are looked at, what an evaluation is worth, and
// what the record then holds. One that is [Validated] looks at classes held out of the
// training instead, and leaves the test classes for one evaluation at the end. [All] lists them. A new protocol is one file with its type
// and one line of [All]: the parser of specs, the runner and the records take it from
// there.
package protocol

import (
	"slices"

	"gpwbench/losses"
	"gpwbench/results"
)

// A Protocol is a rule. Its tagged fields are its settings, with the tags of
// losses.Parameter.
type Protocol interface {
	// Name is how specs, records and tables call it.
	Name() string

	// Settings are what enters the id of a run.
	Settings() map[string]any

	// Looks reports whether the test classes are evaluated after done of steps steps. A
	// training for which it never does is evaluated once, at its end. See [Validated] for
	// a protocol that looks at other classes.
	Looks(done, steps int) bool

	// Score rates an evaluation. The run measures the step with the highest score, and of
	// equal ones the first.
	Score(s Scores) float64

	// Report adds metrics of the choice to those of the run.
	Report(metrics map[string]float64, chosen, last Scores)

	// Note says in one sentence what the protocol did in a training of that many steps
	// with that many evaluations on the test classes.
	Note(steps, evaluations int) string
}

// Scores are what a protocol may choose by.
type Scores interface {
	// RecallExpected is Recall@k expected over random orders of ties, a fraction of 1.
	RecallExpected(k int) float64

	// MAPAtR and RPrecision are expected over random orders of ties, fractions of 1.
	MAPAtR() float64
	RPrecision() float64
}

// All lists the protocols that a spec may name, with their default settings.
var All = []Protocol{
	Fixed{},
	Paper{Every: 10},
	Holdout{Folds: 4, Every: 20, Metric: results.MAPAtR, Ensemble: EnsembleNone},
}

// Names are those of [All].
func Names() []string {
	var names []string
	for _, p := range All {
		names = append(names, p.Name())
	}
	return names
}

// Default returns the protocol of that name with its default settings.
func Default(name string) (p Protocol, ok bool) {
	k := slices.Index(Names(), name)
	if k < 0 {
		return nil, false
	}
	return All[k], true
}

// named are the settings of a protocol in the form that enters the id of a run: its
// tagged fields and its name.
func named(p Protocol) map[string]any {
	all := map[string]any{"name": p.Name()}
	for _, s := range losses.Parameters(p) {
		all[s.Name] = s.Value
	}
	return all
}
