package losses

// An Anchor is one row of a [Batch]. It has the similarities of the positives and of the
// negatives, and memory for their gradients, each in a contiguous slice. GPos and GNeg
// are zero when a loss gets the Anchor. Its methods panic on a negative size.
type Anchor struct {
	Row, Class           int // the row of the Batch, and the class of the anchor
	Pos, Neg, GPos, GNeg []float64

	memory    []float64 // behind Pos, Neg, GPos, GNeg
	scratch   []float64
	used      int // how many floats of scratch are in use
	marks     []bool
	mined     *Anchor // the pairs that a miner kept, by marks
	pairSums  pairSums
	sorter    sorter
	ranked    rankedSums
	chebyshev chebyshev
}

// Scratch returns n floats of working memory, not cleared. They are valid until the next
// anchor is loaded.
func (a *Anchor) Scratch(n int) []float64 {
	if a.used+n > len(a.scratch) {
		a.scratch = make([]float64, 2*(a.used+n)) // earlier pieces keep the old array
		a.used = 0
	}
	a.used += n
	return a.scratch[a.used-n : a.used : a.used]
}

// Sorted returns the ascending values in working memory.
func (a *Anchor) Sorted(values []float64) []float64 {
	return a.sorter.sort(a.Scratch(len(values)), values)
}

// grow makes memory for n candidates.
func (a *Anchor) grow(n int) {
	if len(a.memory) < 2*n {
		a.memory = make([]float64, 2*n)
	}
	if len(a.marks) < n {
		a.marks = make([]bool, n)
	}
}

func (a *Anchor) reset() { a.used = 0 }

// size cuts the four slices for p positives and n negatives and clears the gradients.
func (a *Anchor) size(p, n int) {
	a.cut(p, n)
	a.clear()
}

func (a *Anchor) cut(p, n int) {
	k := p + n
	a.Pos, a.Neg = a.memory[:p:p], a.memory[p:k:k]
	a.GPos, a.GNeg = a.memory[k:k+p:k+p], a.memory[k+p:2*k:2*k]
}

func (a *Anchor) clear() {
	clear(a.GPos)
	clear(a.GNeg)
}
