package losses

// A dsmRun is a run [from, to) of an anchor's ascending negatives whose differences
// from one positive have the same node.
type dsmRun struct{ node, from, to int }

// next returns the run that starts at from. The run is not empty.
func (l DynamicSoftMargin) next(p float64, ascending []float64, from int) dsmRun {
	node, same, step := l.node(p-ascending[from]), from, 1 // same has the node
	for same+step < len(ascending) && l.node(p-ascending[same+step]) == node {
		same += step
		step *= 2
	}

	end := min(same+step, len(ascending)) // has another node, or is the end
	for end-same > 1 {
		if mid := (same + end) / 2; l.node(p-ascending[mid]) == node {
			same = mid
		} else {
			end = mid
		}
	}

	return dsmRun{node, from, end}
}

// addRuns is addBands over sorted negatives.
func (l DynamicSoftMargin) addRuns(histogram []float64, a *Anchor, pos, neg []float64) {
	ascending, sums := a.Sorted(neg), a.Scratch(len(neg)+1)
	prefixSums(sums, ascending)

	for _, p := range pos {
		for from := 0; from < len(neg); {
			run := l.next(p, ascending, from)
			l.addRun(histogram, p, run.node, float64(run.to-from), sums[run.to]-sums[from])
			from = run.to
		}
	}
}

// weighRuns is weighBands over sorted negatives. It keeps the negatives' derivatives as
// the steps at which a run begins and ends.
func (l DynamicSoftMargin) weighRuns(cumulated []float64, a *Anchor, pos, neg []float64) (sum float64) {
	ascending, sums, steps := a.Sorted(neg), a.Scratch(len(neg)+1), a.Scratch(len(neg)+1)
	prefixSums(sums, ascending)
	clear(steps)

	for k, p := range pos {
		for from := 0; from < len(neg); {
			run := l.next(p, ascending, from)
			w, count := cumulated[run.node], float64(run.to-from)
			sum += w * (count*p - (sums[run.to] - sums[from]))
			a.GPos[k] += w * count
			steps[from] -= w
			steps[run.to] += w
			from = run.to
		}
	}

	g := 0.0
	for k, j := range a.sorter.order {
		g += steps[k]
		a.GNeg[j] = g
	}

	return sum
}

// prefixSums sets sums[k] to the sum of the first k values.
func prefixSums(sums, values []float64) {
	sums[0] = 0
	for k, v := range values {
		sums[k+1] = sums[k] + v
	}
}
