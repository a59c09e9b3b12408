package losses

import (
	"math"
	"slices"
)

// rankedSums keep the number and the sum of the negatives of each rank. The rank of a
// negative is the number of positives that it exceeds. With them, hinges between two sets
// are summed in a few steps for each member, and only one of the sets is sorted.
type rankedSums struct {
	positives []float64 // ascending
	low       float64   // the lowest of them
	scale     float64   // converts a difference to low into cells of equal width
	from      []int     // how many positives are before each cell, and their number
	count     []float64 // of each rank; after accumulate, of all higher ranks
	sum       []float64
}

// set sets the positives, which s sorts into the memory of l, and clears the sums.
func (l *rankedSums) set(positives []float64, s *sorter) {
	n := len(positives)
	cells := 2 * n
	l.positives, l.from = resize(l.positives, n), resize(l.from, cells+1)
	l.count, l.sum = resize(l.count, n+1), resize(l.sum, n+1)
	clear(l.count)
	clear(l.sum)
	if n == 0 {
		return
	}

	s.sort(l.positives, positives)
	l.low = l.positives[0]
	l.scale = float64(cells) / (l.positives[n-1] - l.low)
	if math.IsInf(l.scale, 1) { // all are almost equal, so one cell
		l.scale = 0
	}

	k := 0
	for c := range cells {
		for k < n && l.cell(l.positives[k]) < c {
			k++
		}
		l.from[c] = k
	}
	l.from[cells] = n
}

// cell returns the cell of v, which never decreases as v increases. Beyond the positives
// it is the first or the last cell.
func (l *rankedSums) cell(v float64) int {
	return int(min(max((v-l.low)*l.scale, 0), float64(len(l.from)-2)))
}

// rank returns how many positives are below v.
func (l *rankedSums) rank(v float64) int {
	if len(l.positives) == 0 {
		return 0
	}

	c := l.cell(v)
	low, high := l.from[c], l.from[c+1]

	for low < high {
		if mid := (low + high) / 2; l.positives[mid] < v {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// add adds a negative to its rank, which it returns.
func (l *rankedSums) add(v float64) (rank int) {
	r := l.rank(v)
	l.count[r]++
	l.sum[r] += v
	return r
}

// accumulate makes count and sum those of all negatives above a rank. Call it after the
// last add and before the first sumAbove.
func (l *rankedSums) accumulate() {
	var count, sum float64
	for r := range slices.Backward(l.count) {
		l.count[r], count = count, count+l.count[r]
		l.sum[r], sum = sum, sum+l.sum[r]
	}
}

// sumAbove returns how many negatives exceed the positive p, one of those of l, and
// their sum.
func (l *rankedSums) sumAbove(p float64) (count, sum float64) {
	r := l.rank(p)
	return l.count[r], l.sum[r]
}
