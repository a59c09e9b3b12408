package stats

import "math"

// A PairedDifference is a [Difference] over seeds with the statistic of its paired
// t-test.
type PairedDifference struct {
	Difference
	SD *float64 `json:"sd"` // sample standard deviation of the differences, divisor n−1
	T  *float64 `json:"t"`  // Mean / SE, with n−1 degrees of freedom
}

// Paired compares two rows over seeds: a[k] and b[k] are the values of one metric with
// the same seed, so the same batches and the same initial head. The interval is Student's
// t of the differences a − b, and P the paired t-test's. Both concern other seeds on the
// same test classes, not other classes; for those see [Bootstrap].
//
// One seed gives neither interval nor P. Where all differences are equal but for
// rounding, SD is 0 and the interval is the difference itself, as in [Describe]. P is 1
// then if the difference is 0. Otherwise it is nil: two rows without anything random,
// such as baselines, differ by the same amount with every seed, and a t-test would call
// any such amount infinitely significant.
//
// It panics if the lengths differ, if there are no values, or if one is not finite.
func Paired(a, b []float64) PairedDifference {
	mustPair(a, b)
	n := len(a)
	differences := make([]float64, n)
	largest := 0.0
	for k := range a {
		differences[k] = a[k] - b[k]
		largest = max(largest, math.Abs(a[k]), math.Abs(b[k]))
	}

	s := Describe(differences)
	d := PairedDifference{Difference: Difference{N: n, Unit: "seed", Mean: s.Mean}}
	rounding := 8 * largest * 0x1p-53
	if math.Abs(s.Mean) <= rounding {
		d.Mean = 0
	}
	if n == 1 {
		d.Why = "one seed: no interval and no p"
		return d
	}
	if *s.SD <= rounding {
		d.sameForAll()
		return d
	}

	se := *s.SD / math.Sqrt(float64(n))
	t := s.Mean / se
	p := twoSidedT(t, n-1)
	d.Mean = s.Mean
	d.SD, d.SE, d.Low, d.High, d.T, d.P = s.SD, &se, s.Low, s.High, &t, &p
	d.setSmallest()
	d.withinShares()

	return d
}

// sameForAll fills in what is known where the difference does not vary.
func (d *PairedDifference) sameForAll() {
	zero := 0.0
	d.SD = &zero
	d.Difference.sameForAll()
}

// sameForAll fills in what is known where the difference is the same in every unit.
func (d *Difference) sameForAll() {
	zero, low, high := 0.0, d.Mean, d.Mean
	d.SE, d.Low, d.High = &zero, &low, &high
	if d.Mean == 0 {
		one := 1.0
		d.P = &one
		return
	}
	d.Why = "the difference is the same for every " + d.Unit + ": nothing varies by which it could be judged"
}
