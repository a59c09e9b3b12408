package experiments

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/results"
)

// A question is what is measured of embeddings: the metrics that settings ask for by keys
// of their own, and others of the catalogue.
type question struct {
	retrieval.Options
	also []metrics.Asked
}

// An answer is the scores of a retrieval and the values of the other metrics.
type answer struct {
	*retrieval.Scores
	also []metrics.Value
}

// Also implements protocol.Scores.
func (a *answer) Also(key string) (float64, bool) {
	for _, v := range a.also {
		if v.Key() == key && v.Why == "" {
			return v.Expected, true
		}
	}
	return 0, false
}

// ask evaluates queries that search a gallery, or each other if it is nil.
func ask(ctx context.Context, queries metrics.Set, gallery *metrics.Set, q question) (*answer, error) {
	if len(q.also) == 0 { // without the catalogue's values of each query
		return askOwn(ctx, queries, gallery, q.Options)
	}

	own := q.own()
	e, err := metrics.Evaluate(ctx, queries, gallery, slices.Concat(own, q.also), metrics.Options{Rules: q.Rules, Compared: q.Compared})
	if err != nil {
		return nil, err
	}
	if e.Scores == nil {
		return nil, errors.New(e.NoRanking)
	}
	return &answer{e.Scores, e.Values[len(own):]}, nil
}

// askOwn is ask where the scores have all that is asked for.
func askOwn(ctx context.Context, queries metrics.Set, gallery *metrics.Set, o retrieval.Options) (a *answer, err error) {
	a = new(answer)
	if gallery == nil {
		a.Scores, err = retrieval.Evaluate(ctx, queries.Vectors, queries.Labels, o)
	} else {
		a.Scores, err = retrieval.EvaluateGallery(ctx, queries.Vectors, queries.Labels, gallery.Vectors, gallery.Labels, o)
	}
	return a, err
}

// own are the metrics of the catalogue that make the scores which the options ask for.
// All metrics are then computed in the same passes over the similarities.
func (q question) own() []metrics.Asked {
	var own []metrics.Asked
	add := func(key string) {
		a, _ := metrics.Find(key) // a name of package results, which are of the catalogue
		own = append(own, a)
	}
	for _, k := range q.Ks {
		add(results.MetricNamed(results.Recall).Key(k))
	}
	if q.MAPAtR {
		add(results.MAPAtR)
	}
	if q.Clustering {
		add(results.NMI)
	}
	return own
}

// A measurement is the value of a metric, with its extremes where it has any.
type measurement struct{ value, low, high float64 }

// measures compute the metrics of records from the scores of an evaluation, by their
// names. The K is of those that have one. A measure returns false where the scores lack
// it.
var measures = map[string]func(s *retrieval.Scores, k int) (measurement, bool){
	results.Recall: func(s *retrieval.Scores, k int) (measurement, bool) {
		return measurement{value: s.Recall(k)}, true
	},
	results.RecallPessimistic: func(s *retrieval.Scores, k int) (measurement, bool) {
		return measurement{value: s.RecallPessimistic(k)}, true
	},
	results.RecallExpected: func(s *retrieval.Scores, k int) (measurement, bool) {
		return measurement{value: s.RecallExpected(k)}, true
	},
	results.MAPAtR: func(s *retrieval.Scores, _ int) (measurement, bool) {
		mean, ok := s.MAPAtR()
		return measurement{mean.Expected, mean.Low, mean.High}, ok
	},
	results.RPrecision: func(s *retrieval.Scores, _ int) (measurement, bool) {
		mean, ok := s.RPrecision()
		return measurement{mean.Expected, mean.Low, mean.High}, ok
	},
	results.NMI: func(s *retrieval.Scores, _ int) (measurement, bool) {
		if s.Clustering == nil {
			return measurement{}, false
		}
		return measurement{s.Clustering.NMI.Mean, s.Clustering.NMI.Low, s.Clustering.NMI.High}, true
	},
	results.AMI: func(s *retrieval.Scores, _ int) (measurement, bool) {
		if s.Clustering == nil {
			return measurement{}, false
		}
		return measurement{s.Clustering.AMI.Mean, s.Clustering.AMI.Low, s.Clustering.AMI.High}, true
	},
}

// metricSettings are what the spec asks to be measured on the data set.
func (s *loadedDataset) metricSettings() results.MetricSettings {
	asked := s.spec.Metrics
	asked.RecallAt = s.ks
	return asked
}

// testQuestion asks for the metrics of the spec. Their names were checked.
func (s *loadedDataset) testQuestion() question {
	asked := s.spec.Metrics
	q := question{Options: retrieval.Options{Ks: s.ks, MAPAtR: asked.MAPAtR, Clustering: asked.Clustering}}
	for _, key := range asked.Also {
		if a, ok := metrics.Find(key); ok {
			q.also = append(q.also, a)
		}
	}
	return q
}

// metrics are the numbers of a record.
func (s *loadedDataset) metrics(scores *answer) map[string]float64 {
	all := map[string]float64{}
	settings := s.metricSettings()
	for _, m := range results.Metrics {
		if m.Asked == nil || !m.Asked(settings) {
			continue
		}

		ks := settings.RecallAt
		if !m.PerK {
			ks = []int{0}
		}

		for _, k := range ks {
			measured, ok := measures[m.Name](scores.Scores, k)
			if !ok {
				continue
			}
			all[m.Key(k)] = measured.value
			if m.Extremes {
				all[m.LowKey()], all[m.HighKey()] = measured.low, measured.high
			}
		}
	}

	for _, v := range scores.also {
		if v.Why == "" {
			m, k, _ := results.FindMetric(v.Key())
			all[m.Key(k)], all[m.LowKey()], all[m.HighKey()] = v.Expected, v.Low, v.High
		}
	}
	return all
}

// unanswered says why the embeddings have no value of some metrics, nil for none.
func (a *answer) unanswered() map[string]string {
	var why map[string]string
	for _, v := range a.also {
		if v.Why == "" {
			continue
		}
		if why == nil {
			why = map[string]string{}
		}
		why[v.Key()] = v.Why
	}
	return why
}

// valueOf is the score of a protocol that chooses by a metric, or why there is none.
func (a *answer) valueOf(key string, score float64) (float64, error) {
	if why, none := a.unanswered()[key]; none {
		return 0, fmt.Errorf("nothing can be chosen by %s, of which the held-out classes have no value: %s", key, why)
	}
	return results.Better(key) * score, nil
}
