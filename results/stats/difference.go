package stats

import (
	"fmt"
	"math"
)

// Level is the level of every test, and one less what every interval covers.
const Level = 0.05

// A Difference is what the data say about the difference of two rows in one metric, as
// fractions of 1. What they cannot say is nil, and Why says why; no field is ever NaN or
// infinite.
type Difference struct {
	N    int    `json:"n"`    // how many units were compared
	Unit string `json:"unit"` // what a unit is: seed, class or query

	Mean float64  `json:"difference"` // a − b, on average
	SE   *float64 `json:"se"`         // the standard error of Mean
	Low  *float64 `json:"low"`        // the 95 % interval of Mean
	High *float64 `json:"high"`
	P    *float64 `json:"p"` // two-sided, of the hypothesis that there is none

	// Smallest is the true difference that this experiment would have found with
	// probability 0.8. Of seeds it is SmallestDifference of SE and N. Of a bootstrap it
	// is half the interval, from where on the test rejects, and 0.84 standard errors
	// more, so it is nil without an interval. It does not depend on the difference that
	// was observed. At 1 no difference of two metrics would have been found.
	Smallest *float64 `json:"smallest_difference"`

	Why string `json:"why,omitempty"` // why something is nil
}

// setSmallest fills d.Smallest where there is a standard error to take it from.
func (d *Difference) setSmallest() {
	if d.SE != nil && *d.SE > 0 {
		smallest := SmallestDifference(*d.SE, d.N)
		d.Smallest = &smallest
	}
}

// plural has the units of a Difference.
var plural = map[string]string{"class": "classes", "query": "queries", "seed": "seeds"}

// wholeRange is why an interval that leaves nothing out is none.
func wholeRange(n int, unit string) string {
	return fmt.Sprintf("%d %s are too few: the interval is the whole range and says nothing", n, plural[unit])
}

// withinShares cuts what exceeds the differences that two shares can have. An interval of
// all of these is left out.
func (d *Difference) withinShares() {
	switch {
	case d.Low == nil:
	case *d.Low <= -1 && *d.High >= 1:
		d.Low, d.High, d.Why = nil, nil, wholeRange(d.N, d.Unit)
	default:
		low, high := max(-1, *d.Low), min(1, *d.High)
		d.Low, d.High = &low, &high
	}
	if d.Smallest != nil {
		smallest := min(1, *d.Smallest)
		d.Smallest = &smallest
	}
}

// mustPair panics unless a and b are of one length, which is not 0, and finite.
func mustPair(a, b []float64) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stats: %d values do not pair with %d", len(a), len(b)))
	}
	mustBeFinite(a)
	mustBeFinite(b)
}

// mustBeFinite panics unless there are values, all of them finite.
func mustBeFinite(values []float64) {
	if len(values) == 0 {
		panic("stats: no values")
	}
	for k, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic(fmt.Sprintf("stats: value %d is %v", k, v))
		}
	}
}
