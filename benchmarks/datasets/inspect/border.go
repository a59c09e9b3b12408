package inspect

import "math"

// The chance at which the two directions of a shift are believed to differ.
const oneSided = 0.02

// shiftedByOne looks for labels of sorted rows that stand one place off. Where classes
// are few, such a shift changes the labels of few rows, those at the ends of the runs of
// a class, and [outOfStep] has too few votes.
//
// If the labels are one off, the rows at one end of the runs are nearest to rows of the
// next class, and other rows are not. It is asked whether rows at the ends are so more
// often than the other rows of the sample, and more often than the rows at the ends on
// the other side: where classes pass into each other, as in a film, both ends are.
func shiftedByOne(pairs []pair, labels []int) (found step, ok bool) {
	var sides [2]side
	for k, shift := range []int{1, -1} {
		sides[k] = lookBeyond(pairs, labels, shift)
	}
	for k, shift := range []int{1, -1} {
		s, opposite := sides[k], sides[1-k]
		rate := float64(s.others+1) / float64(s.rest+2)
		alone := logBinomialTail(s.ends, s.hits, rate) + math.Log(2)
		both := logBinomialTail(s.hits+opposite.hits, s.hits, 0.5)
		if alone < math.Log(unlikely) && both < math.Log(oneSided) {
			return step{shift: shift}, true
		}
	}
	return step{}, false
}

// A side counts sampled rows by the class that follows, or precedes, that of the row in
// the order of the rows.
type side struct {
	ends, hits   int // rows that end the run of their class, and those nearest to that class
	rest, others int // other rows, and those nearest to that class
}

// lookBeyond counts by the class that follows, with shift 1, or precedes, with -1.
func lookBeyond(pairs []pair, labels []int, shift int) (s side) {
	beyond := nextClasses(labels, shift)
	for _, p := range pairs {
		if p.row >= len(labels) || p.nearest >= len(labels) || beyond[p.row] < 0 {
			continue
		}
		hit := b2i(labels[p.nearest] == labels[beyond[p.row]])
		if beyond[p.row] == p.row+shift {
			s.ends++
			s.hits += hit
		} else {
			s.rest++
			s.others += hit
		}
	}
	return s
}

// nextClasses returns for every row the nearest row of another class in a direction, or
// -1 where there is none.
func nextClasses(labels []int, shift int) []int {
	next := make([]int, len(labels))
	from, to := len(labels)-1, -1
	if shift < 0 {
		from, to = 0, len(labels)
	}
	for i := from; i != to; i -= shift {
		switch after := i + shift; {
		case after < 0 || after >= len(labels):
			next[i] = -1
		case labels[after] != labels[i]:
			next[i] = after
		default:
			next[i] = next[after]
		}
	}
	return next
}

// stepOf is the step of [outOfStep] or, where there is none, of [shiftedByOne].
func stepOf(pairs []pair, labels []int) (found step, ok bool) {
	if found, ok = outOfStep(pairs, labels); ok {
		return found, ok
	}
	return shiftedByOne(pairs, labels)
}

// sharing counts the pairs from a row on that share a label as they stand and after a
// shift, of those that have one both ways.
func sharing(pairs []pair, labels []int, s step) (before, after, of int) {
	within := func(i int) bool { return i >= 0 && i < len(labels) }
	for _, p := range pairs {
		i, j := p.row+s.shift, p.nearest+s.shift
		if min(p.row, p.nearest) < s.from || !within(p.row) || !within(p.nearest) || !within(i) || !within(j) {
			continue
		}
		of++
		before += b2i(labels[p.row] == labels[p.nearest])
		after += b2i(labels[i] == labels[j])
	}
	return before, after, of
}
