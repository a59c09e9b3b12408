package losses

import "gpwbench/internal/f64"

// classRows are the rows of a class, one for each member. They hold the similarities and
// distances to the class's negatives, and the number of active triplets that each pair is
// in. They serve losses that compare three pairs of a triplet. Which triplets are active
// depends on two rows, so sorting one row does not help. A triplet costs a few
// comparisons and no branch, as a branch could not be predicted.
type classRows struct {
	from, to    int // the members are order[from:to]
	members     []int
	n           int // number of negatives
	s, d, slope []float64
	count       []float64
}

// nextClass loads the first class from order[from] on that has positives and negatives.
// It returns nil if there is none.
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
		memory := b.Scratch(4 * size)
		t.s, memory = split(memory, size)
		t.d, memory = split(memory, size)
		t.slope, t.count = split(memory, size)
		clear(t.count)

		for x, i := range t.members {
			row := b.s[i*b.n : (i+1)*b.n]
			b.gather(t.s[x*t.n:][:from], row, 0)
			b.gather(t.s[x*t.n+from:(x+1)*t.n], row, t.to)
		}

		f64.Distances(t.d, t.slope, t.s)
		return t
	}
	return nil
}

// row returns the row of member x in a matrix of classRows.
func (t *classRows) row(of []float64, x int) []float64 { return of[x*t.n : (x+1)*t.n] }

// put sets g on the negatives to the gradient of −Σ d over the active triplets, which is
// the count of a pair times −∂d/∂S. It returns Σ d and overwrites the counts.
func (t *classRows) put(b *Batch, g []float64) (sum float64) {
	for x, i := range t.members {
		push, d, slope := t.row(t.count, x), t.row(t.d, x), t.row(t.slope, x)
		for k, c := range push {
			sum += c * d[k]
			push[k] = -c * slope[k]
		}

		row := g[i*b.n : (i+1)*b.n]
		b.scatter(row, push[:t.from], 0, 1)
		b.scatter(row, push[t.from:], t.to, 1)
	}
	return sum
}

// sumTriplets is the mean of [d_ap − d + μ]₊ over the active triplets of a square batch.
// d is the distance that count compares. sumTriplets calls count for every ordered pair
// of members x and y of a class. s is their similarity, and their hinge is open for
// distances below bound. count adds the active triplets to the counts of t and returns
// their number.
func sumTriplets(b *Batch, g []float64, margin float64, count func(t *classRows, x, y int, s, bound float64) int) float64 {
	clear(g)
	sum, active := 0.0, 0
	for t := b.nextClass(0); t != nil; t = b.nextClass(t.to) {
		for x, i := range t.members {
			for y, p := range t.members {
				if x == y {
					continue
				}

				s := b.s[i*b.m+p]
				d, slope := Distance(s)

				n := count(t, x, y, s, d+margin)
				sum += float64(n) * (d + margin)
				active += n
				g[i*b.m+p] += float64(n) * slope
			}
		}
		sum -= t.put(b, g)
	}

	if active == 0 {
		return 0
	}
	f64.Divide(g, float64(active))
	return sum / float64(active)
}
