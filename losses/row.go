package losses

import "gpwbench/internal/f64"

// Anchor loads row i: copies of its positives' and negatives' similarities, and gradients of zero. The result is b's own and is
// valid until the next call.
func (b *Batch) Anchor(i int) *Anchor {
	a := &b.anchor
	a.reset()
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

// Store writes the gradients of anchor a, loaded as row i, into row i of g. Self gets 0.
func (b *Batch) Store(i int, a *Anchor, g []float64) { b.putScaled(i, a, g, 1) }

// putScaled is Put of a multiple of the gradients.
func (b *Batch) putScaled(i int, a *Anchor, g []float64, by float64) {
	from, row := b.from[i], g[i*b.n:(i+1)*b.n]
	b.putNegatives(i, a, g, by)
	if b.self[i] < 0 {
		b.scatter(row, a.GPos, from, by)
		return
	}
	self := b.place[b.self[i]]
	b.scatter(row, a.GPos[:self-from], from, by)
	b.scatter(row, a.GPos[self-from:], self+1, by)
	row[b.self[i]] = 0
}

// putNegatives is putScaled for the negatives only.
func (b *Batch) putNegatives(i int, a *Anchor, g []float64, by float64) {
	row := g[i*b.n : (i+1)*b.n]
	b.scatter(row, a.GNeg[:b.from[i]], 0, by)
	b.scatter(row, a.GNeg[b.from[i]:], b.to[i], by)
}

// addNegatives adds a multiple of src to the negatives of row i of g.
func (b *Batch) addNegatives(i int, src, g []float64, by float64) {
	from, row := b.from[i], g[i*b.n:(i+1)*b.n]
	if b.identity {
		f64.AddScaled(row[:from], src[:from], by)
		f64.AddScaled(row[b.to[i]:], src[from:], by)
		return
	}
	for k, v := range src {
		row[b.negative(i, k)] += by * v
	}
}

// scaleSides multiplies the row of anchor i, its positives by one factor and its negatives by another.
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

// gather copies the entries of row whose columns stand at order[from:] into dst.
func (b *Batch) gather(dst, row []float64, from int) {
	if b.identity {
		copy(dst, row[from:])
		return
	}
	for k := range dst {
		dst[k] = row[b.order[from+k]]
	}
}

func (b *Batch) scatter(row, src []float64, from int, by float64) {
	if b.identity {
		f64.Scale(row[from:from+len(src)], src, by, 0)
		return
	}
	for k, v := range src {
		row[b.order[from+k]] = v * by
	}
}

// positive returns the column of anchor i's positive at place k.
func (b *Batch) positive(i, k int) int {
	k += b.from[i]
	if b.self[i] >= 0 && k >= b.place[b.self[i]] {
		k++
	}
	return b.order[k]
}

// negative returns the column of anchor i's negative at place k.
func (b *Batch) negative(i, k int) int {
	if k >= b.from[i] {
		k += b.to[i] - b.from[i]
	}
	return b.order[k]
}
