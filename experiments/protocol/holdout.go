package protocol

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/results"
)

// Holdout measures a head after the number of steps that is best on classes held out of
// the training. The training classes are divided into Folds, from the data set and the
// seed. For each fold a head is trained on the other folds' classes, and every so many
// steps, from 0 on, evaluated on the classes of the fold. The number of steps with the
// best mean over the folds is chosen, and of equal ones the smallest. Then one head is
// trained on all training classes for that many steps, and the test classes are evaluated
// once.
//
// 0 steps may be best: then the row is the untrained head. Musgrave et al., A Metric
// Learning Reality Check, ECCV 2020, choose in the same way and report the heads of the
// folds, one by one (separated) and joined (concatenated): see Ensemble.
type Holdout struct {
	Folds int `yaml:"folds" in:"[2,1000]" doc:"of 'holdout': class-disjoint parts of the training classes, each held out once; 2 training classes or more in each" example:"{name: holdout, folds: 5}"`
	Every int `yaml:"every" in:"[1,10000000]" doc:"steps between two evaluations on the held-out classes" example:"{name: holdout, every: 20}"`

	// Metric is a name that [Judge] returns. The words of its domain are those that cost
	// least; specs accept the others too.
	Metric string `yaml:"metric" in:"{map_at_r,r_precision,recall@1}" doc:"of 'holdout': what the number of steps, the parameters of baselines and the trials of 'gpw tune' are chosen by; the least of error rates such as 'eer'. 'recall@K' is expected over random orders of ties" values:"'map_at_r', 'r_precision', 'recall@K', and every metric of retrieval and verification that is a fraction of 1: 'mrr', 'ndcg@K', 'precision@K', 'map@K', 'roc_auc', 'eer', 'tar@far=RATE'" example:"{name: holdout, metric: recall@1}"`

	// Ensemble asks for what the heads of the folds give on the test classes, one by
	// one on average and joined.
	Ensemble string `yaml:"ensemble" in:"{none,folds}" doc:"of 'holdout': whether the heads of the folds are evaluated on the test classes too, one by one (separated) and joined (concatenated)" example:"{name: holdout, ensemble: folds}"`
}

// Validated is a protocol that chooses on classes held out of the training. Looks and
// Score are then of the held-out classes, and Looks is asked of 0 steps, too.
type Validated interface {
	Protocol

	// FoldCount is the number of class-disjoint folds of the training classes.
	FoldCount() int

	// EnsembleOfFolds reports whether the folds' heads are evaluated too.
	EnsembleOfFolds() bool

	// Key is the metric that Score is, by its key in results.Record.Metrics. Score is its
	// negative where smaller values are better.
	Key() string
}

func (Holdout) Name() string { return "holdout" }

func (h Holdout) Settings() map[string]any { return named(h) }

func (h Holdout) FoldCount() int { return h.Folds }

func (h Holdout) EnsembleOfFolds() bool { return h.Ensemble == EnsembleFolds }

// The values of Holdout.Ensemble.
const (
	EnsembleNone  = "none"
	EnsembleFolds = "folds"
)

func (h Holdout) Looks(done, steps int) bool { return done%h.Every == 0 || done == steps }

func (h Holdout) Score(s Scores) float64 {
	switch h.Metric {
	case results.MAPAtR:
		return expected(s.MAPAtR())
	case results.RPrecision:
		return expected(s.RPrecision())
	}
	if k, ok := h.recallAt(); ok {
		return s.RecallExpected(k)
	}

	value, measured := s.Also(h.Metric)
	if !measured {
		return math.Inf(-1)
	}
	return results.Better(h.Metric) * value
}

// recallAt returns the K where the metric is Recall@K. A name that is none of [Judge]
// stands for Recall@1, as it did before there were others.
func (h Holdout) recallAt() (k int, ok bool) {
	m, k, known := results.FindMetric(h.Metric)
	if !known {
		return 1, true
	}
	return k, m.Name == results.Recall
}

// Judge returns the name, in full, of a metric by which a protocol may choose: one of a
// ranking or of all pairs that is a fraction of 1. Those of structure and clustering say
// nothing, or little, of how well a gallery is searched. Thresholds are better neither
// where they are small nor where they are large. Recall@K is judged by its expectation
// over random orders of ties.
func Judge(name string) (string, error) {
	asked, err := metrics.Parse(name, nil)
	if err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "metrics: "))
	}
	m := asked[0]
	switch {
	case len(asked) > 1:
		return "", fmt.Errorf("%s is several metrics, and one is chosen by; take one of them, such as %s", name, m.Key())
	case m.Family != metrics.Retrieval && m.Family != metrics.Verification || !m.Share():
		return "", fmt.Errorf("nothing is chosen by %s; take a metric of retrieval or verification that is a fraction of 1, such as map_at_r, mrr, ndcg@10 or eer", m.Key())
	}
	return m.Key(), nil
}

// expected is the value of a metric expected over the orders of ties. What was not
// measured is below all that was.
func expected(r retrieval.Range, measured bool) float64 {
	if !measured {
		return math.Inf(-1)
	}
	return r.Expected
}

func (h Holdout) Key() string {
	if h.Metric == results.MAPAtR || h.Metric == results.RPrecision {
		return h.Metric
	}
	if k, ok := h.recallAt(); ok {
		return results.MetricNamed(results.RecallExpected).Key(k)
	}
	return h.Metric
}

func (Holdout) Report(metrics map[string]float64, chosen, last Scores) {}

// Note is of no steps for what is not trained, and has another parameter chosen.
func (h Holdout) Note(steps, evaluations int) string {
	chosen := "the parameter"
	if steps > 0 {
		chosen = fmt.Sprintf("the number of steps, of %s,", h.choices(steps))
	}
	return fmt.Sprintf("%s with the best mean %s on %d class-disjoint folds of the training classes; the test classes were evaluated %s",
		chosen, h.Metric, h.Folds, h.looked(evaluations))
}

// choices are the numbers of steps to choose from. The last is one of them, whether or
// not it is a multiple of Every.
func (h Holdout) choices(steps int) string {
	last := steps / h.Every * h.Every // the greatest multiple
	switch {
	case h.Every >= steps:
		return fmt.Sprintf("0 and %d", steps)
	case last == steps:
		return fmt.Sprintf("0 to %d every %d", steps, h.Every)
	case last == h.Every:
		return fmt.Sprintf("0, %d and %d", last, steps)
	}
	return fmt.Sprintf("0 to %d every %d and %d", last, h.Every, steps)
}

// looked says how often the test classes were evaluated.
func (h Holdout) looked(evaluations int) string {
	switch {
	case evaluations == 1:
		return "once"
	case h.EnsembleOfFolds():
		return fmt.Sprintf("once for the row, and %d times for the ensembles of the folds' heads", evaluations-1)
	}
	return fmt.Sprintf("%d times", evaluations)
}
