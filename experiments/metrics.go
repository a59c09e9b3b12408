package experiments

import (
	"gpwbench/benchmarks/retrieval"
	"gpwbench/results"
)

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
	return results.MetricSettings{RecallAt: s.ks, MAPAtR: asked.MAPAtR, Clustering: asked.Clustering}
}

// metrics are the numbers of a record.
func (s *loadedDataset) metrics(scores *retrieval.Scores) map[string]float64 {
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
			measured, ok := measures[m.Name](scores, k)
			if !ok {
				continue
			}
			all[m.Key(k)] = measured.value
			if m.Extremes {
				all[m.LowKey()], all[m.HighKey()] = measured.low, measured.high
			}
		}
	}

	return all
}
