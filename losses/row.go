package losses

import "gpwbench/internal/f64"

// Anchor loads row i: copies of the similarities of its positives and negatives, and
// gradients of 0. The result is b's own and valid until the next call.
func (b *Batch) Anchor(i int) *Anchor {
	a := &b.anchor
	a.reset()
	a.Row, a.Class = i, b.anchors[i]

	from, to, self := b.from[i], b.to[i], b.from[i]
	positives := to - from
	if b.self[i] >= 0 {
		self = b.place[b.self[i]]
		positives--
	}
	a.size(positives, b.n-(to-from))

	row := b.s[i*b.n : (i+1)*b.n]
	if b.self[i] >= 0 {
		b.gather(a.Pos[:self-from], row, from)
		b.gather(a.Pos[self-from:], row, self+1)
	} else {
		b.gather(a.Pos, row, from)
	}
	b.gather(a.Neg[:from], row, 0)
	b.gather(a.Neg[from:], row, to)
	return a
}

// Store writes the gradients of an anchor, loaded by [Batch.Anchor], into its row of g,
// of the shape of S. Self gets 0.
func (b *Batch) Store(a *Anchor, g []float64) { b.storeScaled(a, g, 1) }

// storeScaled is Store with the gradients multiplied by a factor.
func (b *Batch) storeScaled(a *Anchor, g []float64, by float64) {
	i := a.Row
	from, row := b.from[i], g[i*b.n:(i+1)*b.n]

	b.StoreNegatives(a, g, by)
	if b.self[i] < 0 {
		b.scatter(row, a.GPos, from, by)
		return
	}

	self := b.place[b.self[i]]
	b.scatter(row, a.GPos[:self-from], from, by)
	b.scatter(row, a.GPos[self-from:], self+1, by)
	row[b.self[i]] = 0
}

// StoreNegatives is storeScaled for the negatives only.
func (b *Batch) StoreNegatives(a *Anchor, g []float64, by float64) {
	i := a.Row
	row := g[i*b.n : (i+1)*b.n]
	b.scatter(row, a.GNeg[:b.from[i]], 0, by)
	b.scatter(row, a.GNeg[b.from[i]:], b.to[i], by)
}

// AddNegatives adds a multiple of src to the negatives of row i of g.
func (b *Batch) AddNegatives(i int, src, g []float64, by float64) {
	from, row := b.from[i], g[i*b.n:(i+1)*b.n]
	if b.identity {
		f64.AddScaled(row[:from], src[:from], by)
		f64.AddScaled(row[b.to[i]:], src[from:], by)
		return
	}

	for k, v := range src {
		row[b.NegativeColumn(i, k)] += by * v
	}
}

// scaleSides multiplies the positives in the row of anchor i by one factor and the
// negatives by another.
func (b *Batch) scaleSides(row []float64, i int, pos, neg float64) {
	from, to := b.from[i], b.to[i]
	if b.identity {
		f64.Scale(row[:from], row[:from], neg, 0)
		f64.Scale(row[from:to], row[from:to], pos, 0)
		f64.Scale(row[to:], row[to:], neg, 0)
		return
	}

	for k, j := range b.order {
		if from <= k && k < to {
			row[j] *= pos
		} else {
			row[j] *= neg
		}
	}
}

// gather copies the entries of row in the columns order[from:] into dst.
func (b *Batch) gather(dst, row []float64, from int) {
	if b.identity {
		copy(dst, row[from:])
		return
	}
	for k := range dst {
		dst[k] = row[b.order[from+k]]
	}
}

// scatter is the reverse of gather, and multiplies src by a factor.
func (b *Batch) scatter(row, src []float64, from int, by float64) {
	if b.identity {
		f64.Scale(row[from:from+len(src)], src, by, 0)
		return
	}
	for k, v := range src {
		row[b.order[from+k]] = v * by
	}
}

// PositiveColumn returns the column of anchor i's positive at place k.
func (b *Batch) PositiveColumn(i, k int) int {
	k += b.from[i]
	if b.self[i] >= 0 && k >= b.place[b.self[i]] {
		k++
	}
	return b.order[k]
}

// NegativeColumn returns the column of anchor i's negative at place k.
func (b *Batch) NegativeColumn(i, k int) int {
	if k >= b.from[i] {
		k += b.to[i] - b.from[i]
	}
	return b.order[k]
}

// ClassColumns returns the columns of anchor i's class, ascending. i's own column is
// among them if i is a candidate. The slice is b's own and must not be changed.
func (b *Batch) ClassColumns(i int) []int { return b.order[b.from[i]:b.to[i]] }

// squarePositives returns the number of ordered positive pairs of a square batch.
func (b *Batch) squarePositives() int {
	pairs := 0
	for i := range b.m {
		pairs += b.to[i] - b.from[i] - 1
	}
	return pairs
}
