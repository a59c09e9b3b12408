package report

import (
	"cmp"
	"fmt"
	"slices"

	"gpwbench/results"
)

// The bytes that some parts of a page may have, of all its folders together. The tables
// with their intervals and comparisons have what is left of [MostBytes].
const (
	weightBytes = 3 << 20    // of batches
	momentBytes = 768 << 10  // of statistics of weights over the steps
	curveBytes  = 1536 << 10 // of quantities over the steps
)

// What the numbers of these parts take, at the most.
const (
	pairBytes   = 48       // a pair of a batch
	batchBytes  = 10 << 10 // a batch beside its pairs
	momentsEach = 130      // the statistics of a step, of one seed
	curvesEach  = 36       // a curve at a step
)

// A batch shows at least fewPairs on either side, where it has them, and at most
// manyPairs.
const fewPairs, manyPairs = 60, 1000

// A weightPlan is how much of the kept weights a page shows.
type weightPlan struct {
	rows    int // that have weights on the page
	batches int // of a row, at the most
	pairs   int // on either side of a batch, at the most
}

// planWeights divides bytes among rows that kept so many batches each: first among rows,
// of which each shows the first and the last of its batches, then among batches, and then
// among pairs.
func planWeights(kept []int, bytes int) weightPlan {
	const least = batchBytes + 2*fewPairs*pairBytes
	p := weightPlan{rows: min(len(kept), max(1, bytes/(2*least))), batches: 2}
	most := slices.Clone(kept)
	slices.SortFunc(most, func(x, y int) int { return cmp.Compare(y, x) })
	shown := func(batches int) (sum int) { // at the most, whichever rows are shown
		for _, n := range most[:p.rows] {
			sum += min(n, batches)
		}
		return sum
	}
	for p.rows > 0 && p.batches < most[0] && shown(p.batches+1) <= bytes/least {
		p.batches++
	}
	p.pairs = min(max((bytes/max(1, shown(p.batches))-batchBytes)/2/pairBytes, fewPairs), manyPairs)
	return p
}

// shown is what a page of so many folders shows of one.
func (f *Folder) shown(folders int) folderData {
	d := f.data
	d.Losses, d.WeightsSay = f.shownLosses(folders)
	d.Sets = slices.Clone(d.Sets)
	thinCurves(d.Sets, curveBytes/folders)
	return d
}

// shownLosses are the rows with their weights, and what is said of those left out.
func (f *Folder) shownLosses(folders int) (all []lossData, says string) {
	var counts []int
	for _, l := range f.losses {
		counts = append(counts, len(l.batches))
	}
	plan := planWeights(counts, weightBytes/folders)
	best := slices.Clone(f.losses)
	slices.SortStableFunc(best, func(x, y lossData) int { return cmp.Compare(x.rank, y.rank) })
	best = best[:plan.rows]

	all = []lossData{}
	for _, l := range f.losses {
		if !slices.ContainsFunc(best, func(b lossData) bool { return b.Set == l.Set && b.Name == l.Name }) {
			continue
		}
		for _, k := range evenly(len(l.batches), plan.batches) {
			l.Steps = append(l.Steps, l.batches[k].shown(plan.pairs))
		}
		if left := l.kept - len(l.Steps); left > 0 {
			l.Caption += fmt.Sprintf("; %d of %d kept batches are not on this page", left, l.kept)
		}
		all = append(all, l)
	}
	thinMoments(all, momentBytes/folders)
	if len(all) < f.weighed {
		says = fmt.Sprintf("The weights of %d of %d rows are on this page, those of the best means in %s on their data sets. gpw plot --run DIR --loss NAME draws those of the others.",
			len(all), f.weighed, metricTitle(f.data.Metric))
	}
	return all, says
}

// thinMoments leaves out steps of the statistics of weights, until they fit.
func thinMoments(all []lossData, bytes int) {
	if len(all) == 0 {
		return
	}
	each := 0 // of a step of each row; with the ranges of the seeds it is three times as much
	for _, l := range all {
		each += momentsEach
		if len(l.Moments) > 0 && l.Moments[0].Low != nil {
			each += 2 * momentsEach
		}
	}
	most := max(bytes/each, 5)
	for k := range all {
		l := &all[k]
		chosen := evenly(len(l.At), most)
		if len(chosen) == len(l.At) {
			continue
		}
		l.MomentsSay = fmt.Sprintf("%d of %d steps are drawn, evenly spaced, the first and the last among them.", len(chosen), len(l.At))
		l.At = picked(l.At, chosen)
		l.Moments = slices.Clone(l.Moments)
		for j := range l.Moments {
			m := &l.Moments[j]
			m.Pos, m.Neg, m.Both = picked(m.Pos, chosen), picked(m.Neg, chosen), picked(m.Both, chosen)
			m.Low, m.High = pickedOfEach(m.Low, chosen), pickedOfEach(m.High, chosen)
		}
	}
}

// thinCurves leaves out steps of the curves, until they fit.
func thinCurves(sets []setData, bytes int) {
	points := func(most int) (sum int) {
		for _, s := range sets {
			for _, c := range s.Curves {
				for _, r := range c.Rows {
					sum += min(len(r.Steps), most)
				}
			}
		}
		return sum
	}
	most := mostSteps
	for most > 5 && points(most)*curvesEach > bytes {
		most--
	}
	for k := range sets {
		curves := slices.Clone(sets[k].Curves)
		for j := range curves {
			c := &curves[j]
			c.Rows = slices.Clone(c.Rows)
			for i := range c.Rows {
				r := &c.Rows[i]
				if chosen := evenly(len(r.Steps), most); len(chosen) < len(r.Steps) {
					r.Steps, r.Mean, r.Low, r.High = picked(r.Steps, chosen), picked(r.Mean, chosen), picked(r.Low, chosen), picked(r.High, chosen)
					c.thinned = true
				}
			}
			if c.thinned {
				c.Thin = fmt.Sprintf("Of longer trainings, %d steps are drawn, evenly spaced, the first and the last among them.", most)
			}
		}
		sets[k].Curves = curves
	}
}

// picked are some of the values, nil of none.
func picked(values []number, at []int) []number {
	if values == nil {
		return nil
	}
	some := make([]number, 0, len(at))
	for _, k := range at {
		some = append(some, values[k])
	}
	return some
}

// pickedOfEach are some of the values of each line, nil of none.
func pickedOfEach(lines map[string][]number, at []int) map[string][]number {
	if lines == nil {
		return nil
	}
	some := map[string][]number{}
	for name, values := range lines {
		some[name] = picked(values, at)
	}
	return some
}

// ranksIn ranks the rows of a block by their means in a metric, the best as 0. Rows that
// lack it stand last.
func (f *Folder) ranksIn(block int, metric string) []int {
	rows := f.table.Blocks[block].Rows
	order := make([]int, len(rows))
	for k := range order {
		order[k] = k
	}
	m, _, _ := results.FindMetric(metric)
	slices.SortStableFunc(order, func(x, y int) int {
		a, hasA := rows[x].Metrics[metric]
		b, hasB := rows[y].Metrics[metric]
		switch {
		case !hasA || !hasB:
			return count(hasB) - count(hasA)
		case m.Lower:
			return cmp.Compare(a.Mean, b.Mean)
		default:
			return cmp.Compare(b.Mean, a.Mean)
		}
	})
	ranks := make([]int, len(rows))
	for rank, k := range order {
		ranks[k] = rank
	}
	return ranks
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
