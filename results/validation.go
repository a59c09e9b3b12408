package results

import "fmt"

// What a Validation chose.
const (
	ChoseSteps  = "steps"  // of a training
	ChoseDim    = "dim"    // dimensions of a PCA
	ChoseShrink = "shrink" // shrinkage of a whitening
)

// The ensembles of a validation's heads.
const (
	Separated    = "separated"    // mean of the metrics of the heads of the folds
	Concatenated = "concatenated" // of their embeddings, each at length 1, joined
)

// A Validation is a choice made on classes that were held out of the training classes.
// The test classes had no part in it.
type Validation struct {
	Metric string `json:"metric"` // a key of Record.Metrics
	Folds  int    `json:"folds"`
	Chosen string `json:"chosen"` // ChoseSteps, ChoseDim or ChoseShrink

	// Value is what was chosen: that of the point with the best mean, and of equal ones
	// the first.
	Value  float64           `json:"value"`
	Points []ValidationPoint `json:"points"` // what there was to choose from, ascending
}

// A ValidationPoint is what was measured on the held-out classes with one value.
type ValidationPoint struct {
	Value float64   `json:"value"`
	Mean  float64   `json:"mean"`  // over the folds
	Folds []float64 `json:"folds"` // fractions of 1
}

// Choose returns the point with the best mean, the least of a metric of which smaller
// values are better, and of equal ones the first. Means that differ by rounding are
// equal.
func (v Validation) Choose() ValidationPoint {
	best, better := v.Points[0], Better(v.Metric)
	for _, p := range v.Points {
		if better*(p.Mean-best.Mean) > rounding {
			best = p
		}
	}
	return best
}

// Better is 1 for the key of a metric of which larger values are better, and −1 for one
// of which smaller values are.
func Better(key string) float64 {
	if m, ok := metricOf(key); ok && m.Lower {
		return -1
	}
	return 1
}

// check refuses what no run writes.
func (v *Validation) check() error {
	if v == nil {
		return nil
	}
	if _, _, ok := FindMetric(v.Metric); !ok {
		return fmt.Errorf("its validation is by the unknown metric %q", v.Metric)
	}
	if len(v.Points) == 0 {
		return fmt.Errorf("its validation has no points")
	}
	for _, p := range v.Points {
		if len(p.Folds) != v.Folds {
			return fmt.Errorf("its validation at %v has %d folds of %d", p.Value, len(p.Folds), v.Folds)
		}
		for _, value := range append([]float64{p.Mean}, p.Folds...) {
			if !(value >= 0 && value <= 1) {
				return fmt.Errorf("its validation at %v has the value %v, and one is in [0, 1]", p.Value, value)
			}
		}
	}
	if best := v.Choose(); best.Value != v.Value {
		return fmt.Errorf("its validation chose %v, and its best point is %v", v.Value, best.Value)
	}
	return nil
}
