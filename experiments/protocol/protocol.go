// Package protocol holds the rules by which a run decides which step of a training is
// measured, and what it reports of that choice.
//
// A [Protocol] says after which steps the test classes are evaluated, how an evaluation
// is scored, and what the record reports. One that is [Validated] evaluates classes held
// out of the training instead, and the test classes once, at the end. [All] lists the
// protocols. A new protocol is one file with its type and one line of [All], which the
// parser of specs, the runner and the records read.
package protocol

import (
	"slices"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/losses"
	"gpwbench/results"
)

// A Protocol is a rule. Its tagged fields are its settings, with the tags of
// losses.Parameter.
type Protocol interface {
	// Name is the name of the protocol in specs, records and tables.
	Name() string

	// Settings are the part of the protocol that enters the id of a run.
	Settings() map[string]any

	// Looks reports whether the test classes are evaluated after done of steps steps. A
	// training without such a step is evaluated once, at its end. See Validated for a
	// protocol that evaluates other classes.
	Looks(done, steps int) bool

	// Score rates an evaluation. The run measures the step with the highest score, and of
	// equal ones the first. s is not nil.
	Score(s Scores) float64

	// Report adds metrics of the choice to those of the run. No argument is nil.
	Report(metrics map[string]float64, chosen, last Scores)

	// Note says in one sentence what the protocol did in a training of that many steps
	// with that many evaluations on the test classes.
	Note(steps, evaluations int) string
}

// Scores are the figures that a protocol may choose by.
type Scores interface {
	// RecallExpected is Recall@k expected over random orders of ties, a fraction of 1.
	RecallExpected(k int) float64

	// MAPAtR and RPrecision are fractions of 1, with their extremes over the orders of
	// ties; false if they were not measured.
	MAPAtR() (retrieval.Range, bool)
	RPrecision() (retrieval.Range, bool)

	// Also is the value of another metric of the catalogue by its key, such as ndcg@10;
	// false if it was not measured or the embeddings have none.
	Also(key string) (float64, bool)
}

// All lists the protocols that a spec may name, with their default settings.
var All = []Protocol{
	Fixed{},
	Paper{Every: 10},
	Holdout{Folds: 4, Every: 20, Metric: results.MAPAtR, Ensemble: EnsembleNone},
}

// Names returns the names of [All].
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

// named returns the settings of a protocol as they enter the id of a run: its tagged
// fields and its name.
func named(p Protocol) map[string]any {
	all := map[string]any{"name": p.Name()}
	for _, s := range losses.Parameters(p) {
		all[s.Name] = s.Value
	}
	return all
}
