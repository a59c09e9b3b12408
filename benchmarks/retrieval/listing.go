package retrieval

import "math"

// With MAP@R a query lists the negatives that reach its lowest level: each is counted by
// the level that it comes before. The lowest level rises while levels are dropped, so
// fewer and fewer negatives are listed. Where no level is left, negatives are only
// compared with the best positive, as they are without MAP@R.

// lists reports whether a query lists negatives.
func (r *ranking) lists(query int) bool {
	return r.list != nil && r.list[query] < float32(math.Inf(1))
}

// follow sets the thresholds of a query by its levels. While it lists, nothing is counted
// by the thresholds of the best positive: what reaches them is listed too.
func (r *ranking) follow(query int) {
	t, none := &r.topR[query], float32(math.Inf(1))
	if n := len(t.levels); n > 0 {
		r.low[query], r.high[query], r.list[query] = none, none, min(t.levels[n-1].low, t.bestLow)
		return
	}
	r.low[query], r.high[query], r.list[query] = t.bestLow, t.bestHigh, none
}

// listed counts a negative that reached the lowest level of a query, which may have been
// dropped since. It reports whether the thresholds of the query have changed.
func (r *ranking) listed(query, row int, s float32) bool {
	t := &r.topR[query]
	switch {
	case s > t.bestHigh:
		r.above[query]++
	case s >= t.bestLow:
		r.countUndecided(query, row)
	}

	if !t.negative(&r.doubles, query, row, s) {
		return false
	}
	r.follow(query)
	return true
}
