package losses

import "math"

// classRows are the rows of a class, one for each member, of the similarities and distances to the class's negatives, and of how many active
// triplets each of them is in. Losses that compare three pairs of a triplet walk them: what is active depends on two rows, so no ordering
// of one serves, and a triplet costs a few additions. Their conditions are signs, not branches, which nothing could predict.
type classRows struct {
	from, to    int // the members are order[from:to]
	members     []int
	n           int // negatives
	s, d, slope []float64
	count       []int
}

// nextClass loads the first class from order[from] on that has positives and negatives, and returns nil where there is none.
func (b *Batch) nextClass(from int) *classRows {
	for from < b.n {
		t := &b.rows
		t.from, t.to = from, b.to[b.order[from]]
		t.members, t.n = b.order[t.from:t.to], b.n-(t.to-t.from)
		if len(t.members) < 2 || t.n == 0 {
			from = t.to
			continue
		}
		size := len(t.members) * t.n
		memory := b.scratch(3 * size)
		t.s, memory = split(memory, size)
		t.d, t.slope = split(memory, size)
		t.count = b.counts(size)
		clear(t.count)
		for x, i := range t.members {
			row := b.s[i*b.n : (i+1)*b.n]
			b.gather(t.s[x*t.n:][:from], row, 0)
			b.gather(t.s[x*t.n+from:(x+1)*t.n], row, t.to)
		}
		distances("distance", t.d, t.slope, t.s)
		return t
	}
	return nil
}

// put adds to g what the counts say, every active triplet pushing its negative's pair, and returns Σ d over the active triplets.
func (t *classRows) put(b *Batch, g []float64) (sum float64) {
	for x, i := range t.members {
		for j, c := range t.count[x*t.n : (x+1)*t.n] {
			g[i*b.n+b.negative(i, j)] -= float64(c) * t.slope[x*t.n+j]
			sum += float64(c) * t.d[x*t.n+j]
		}
	}
	return sum
}

// less returns −1, all ones, if a < b, and 0 otherwise. The difference is not NaN.
func less(a, b float64) int { return int(int64(math.Float64bits(a-b)) >> 63) }
