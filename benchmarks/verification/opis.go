package verification

import (
	"math"
	"slices"
	"sort"
	"sync"

	"gpwbench/benchmarks/retrieval"
)

// An Inconsistency says how much the effect of one threshold differs between classes.
// It is the Operating-Point-Inconsistency Score of Zhang et al., Threshold-Consistent
// Margin Loss for Open-World Deep Metric Learning, ICLR 2024 (arXiv 2307.04047):
//
//	OPIS = 1/T Σ_i 1/(d₂ − d₁) ∫ (U_i(d) − Ū(d))² dd
//
// with T classes, their utility U_i and its mean Ū over the classes. The utility of a
// class at a distance d is the harmonic mean of two rates: the share of its positive
// pairs within d, and the share of its negative pairs beyond d. Its negative pairs have
// one row of the class. Distances are those of unit vectors, √(2 − 2S). The range from
// d₁ to d₂ is where the false accept rate of all classes is between [CalibrationFrom]
// and [CalibrationTo], which an independent reproduction of the paper takes too. Scores
// over other ranges do not compare with it. The paper's ε-OPIS is not computed.
//
// The integral is the mean over the middles of [CalibrationSteps] equal steps. Classes
// without a positive pair have no utility and are left out. The score is between 0 and
// ¼, and less is better: 0 if every class is served alike.
type Inconsistency struct {
	Score    float64
	From, To float64 // d₁ and d₂
	Classes  int     // T
	Left     int     // classes without a positive pair
}

// The range of false accept rates, and the steps of the integral.
const (
	CalibrationFrom, CalibrationTo = 0.01, 0.1
	CalibrationSteps               = 100
)

// utilities returns those that are to be counted for the score, or nil if none is asked
// for, or if there is none for a reason that it adds to the scores.
func (e *evaluation) utilities(c *curve) *utilities {
	if !e.options.OPIS {
		return nil
	}
	from, to := c.distanceAt(CalibrationFrom), c.distanceAt(CalibrationTo)
	if from == to {
		e.scores.NoOPIS = "the thresholds of false accept rates of 1 % and 10 % are too close to tell apart"
		return nil
	}
	return newUtilities(e.pairs, from, to)
}

// inconsistency adds the score of the utilities that were counted to the scores, or the
// reason why there is none.
func (e *evaluation) inconsistency(u *utilities) {
	u.sum()
	s := u.score()
	if s.Classes < 2 {
		e.scores.NoOPIS = "no two classes have a positive and a negative pair"
		return
	}
	e.scores.OPIS = &s
}

// distanceAt returns the greatest distance at the edge of a bin at which the false
// accept rate is at most far.
func (c *curve) distanceAt(far float64) float64 {
	b := sort.Search(bins, func(b int) bool { return c.far(c.upTo[b+1]) > far })
	return math.Sqrt(2 * edge(b))
}

// Utilities counts the pairs of every class by the first threshold that accepts them.
type utilities struct {
	pairs             *retrieval.Pairs
	from, to          float64
	thresholds        []float64 // of t, ascending
	queries, gallery  []int32   // the class of each row, numbered from 0
	positive, total   []int64   // pairs of each class: positives, and negatives
	positives, negate []int64   // accepted first at each threshold: class by class
	firsts            []uint8   // the first threshold in or behind each bin
	mu                sync.Mutex
	tallies           []*classTally
}

type classTally struct{ positives, negatives []uint64 }

func newUtilities(p *retrieval.Pairs, from, to float64) *utilities {
	u := &utilities{pairs: p, from: from, to: to}
	for k := range CalibrationSteps {
		d := from + (to-from)*(float64(k)+0.5)/CalibrationSteps
		u.thresholds = append(u.thresholds, d*d/2)
	}

	u.firsts = make([]uint8, bins)
	for b := range u.firsts {
		u.firsts[b] = uint8(sort.SearchFloat64s(u.thresholds, edge(b)))
	}

	queries, gallery := p.Labels()
	labels := slices.Concat(queries, gallery)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	number := func(of []int) ([]int32, []int64) {
		classes, sizes := make([]int32, len(of)), make([]int64, len(labels))
		for i, label := range of {
			c, _ := slices.BinarySearch(labels, label)
			classes[i] = int32(c)
			sizes[c]++
		}
		return classes, sizes
	}

	var ofQueries, ofGallery []int64
	u.queries, ofQueries = number(queries)
	u.gallery, ofGallery = number(gallery)
	u.positive, u.total = make([]int64, len(labels)), make([]int64, len(labels))
	for c := range labels {
		q, g := ofQueries[c], ofGallery[c]
		if p.Self() {
			u.positive[c], u.total[c] = q*(q-1)/2, q*(int64(len(queries))-q)
			continue
		}
		u.positive[c], u.total[c] = q*g, q*(int64(len(gallery))-g)+g*(int64(len(queries))-q)
	}
	return u
}

// last returns the last threshold. Pairs beyond it are not counted.
func (u *utilities) last() float64 { return u.thresholds[CalibrationSteps-1] }

// add counts a pair of the class of query i by the first threshold that accepts it.
func (u *utilities) add(tally *classTally, i, j, at int) {
	q, g := int(u.queries[i]), int(u.gallery[j])
	if q == g {
		tally.positives[q*CalibrationSteps+at]++
		return
	}
	tally.negatives[q*CalibrationSteps+at]++
	tally.negatives[g*CalibrationSteps+at]++
}

// first returns the first threshold that accepts a pair, or CalibrationSteps for none.
// Where its t, which is known to within wrong, is too close to a threshold, it is
// computed in float64.
func (u *utilities) first(i, j int, t, wrong float64) int {
	at := u.accepting(t)
	if wrong > 0 && (at < CalibrationSteps && u.thresholds[at]-t <= wrong || at > 0 && t-u.thresholds[at-1] <= wrong) {
		at = u.accepting(u.pairs.Apart(i, j))
	}
	return at
}

// accepting returns the first threshold that is not less than t.
func (u *utilities) accepting(t float64) int {
	at := int(u.firsts[bin(t)])
	for at < CalibrationSteps && u.thresholds[at] < t {
		at++
	}
	return at
}

// tally returns an empty tally, whose counts are added up with all others.
func (u *utilities) tally() *classTally {
	size := len(u.positive) * CalibrationSteps
	t := &classTally{make([]uint64, size), make([]uint64, size)}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.tallies = append(u.tallies, t)
	return t
}

// sum adds up the tallies.
func (u *utilities) sum() {
	size := len(u.positive) * CalibrationSteps
	u.positives, u.negate = make([]int64, size), make([]int64, size)
	for _, t := range u.tallies {
		for k := range size {
			u.positives[k] += int64(t.positives[k])
			u.negate[k] += int64(t.negatives[k])
		}
	}
}

// score returns the score of the counts.
func (u *utilities) score() Inconsistency {
	s := Inconsistency{From: u.from, To: u.to}
	var classes [][]float64
	for c := range u.positive {
		if u.positive[c] == 0 || u.total[c] == 0 {
			s.Left++
			continue
		}

		utility := make([]float64, CalibrationSteps)
		within, accepted := int64(0), int64(0)
		for k := range utility {
			within += u.positives[c*CalibrationSteps+k]
			accepted += u.negate[c*CalibrationSteps+k]
			sensitivity := float64(within) / float64(u.positive[c])
			specificity := float64(u.total[c]-accepted) / float64(u.total[c])
			if sensitivity > 0 && specificity > 0 {
				utility[k] = 2 * sensitivity * specificity / (sensitivity + specificity)
			}
		}
		classes = append(classes, utility)
	}

	s.Classes = len(classes)
	for k := range CalibrationSteps {
		mean := 0.0
		for _, utility := range classes {
			mean += utility[k] / float64(len(classes))
		}
		for _, utility := range classes {
			s.Score += (utility[k] - mean) * (utility[k] - mean) / float64(len(classes)) / CalibrationSteps
		}
	}
	return s
}
