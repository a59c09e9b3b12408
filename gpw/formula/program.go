package formula

// A program is a formula as a list of steps on whole vectors: one number for a quantity
// of the anchor, one a pair for a quantity of its positives or negatives. A step reads
// only steps before it.
type program struct {
	steps   []step
	outputs []int  // the value; or the weights or conditions of positives and of negatives
	size    extent // of values and of what derivatives need beside them
	moving  extent // of slopes
	exact   bool   // whether it has a derivative; its one output is then a value
}

// A set is the owner of a step's vector: the anchor, its positives or its negatives.
type set uint8

const (
	anchor set = iota
	positives
	negatives
)

type step struct {
	op       op
	of       set
	args     [3]int  // earlier steps
	constant float64 // of opConstant, opShift, opScale, opFrom
	source   *expr

	// The indices of its vectors among those of its set; slopes are counted separately.
	// What opLSE keeps aside belongs to the set of its argument.
	values, aside, slopes int

	// The similarities move it and it moves the value, so it has slopes.
	moves bool
}

// An extent is a number of vectors for each set.
type extent [3]int

func (e extent) floats(pos, neg int) int { return e[anchor] + e[positives]*pos + e[negatives]*neg }

// take returns the index of the next vector of a set.
func (e *extent) take(of set) int {
	e[of]++
	return e[of] - 1
}

type op uint8

const (
	opConstant   op = iota
	opSimilarity    // s
	opCount         // the number of pairs of the set; args[0] is its opSimilarity
	opSpread        // an anchor's number repeated for each pair of a set

	// of one number
	opShift  // x + constant
	opScale  // x · constant
	opFrom   // constant − x
	opAbs    //
	opExp    //
	opLog    //
	opLog1p  //
	opSqrt   //
	opTanh   //
	opRelu   //
	opDetach //
	opNot    // 1 − x

	opSigmoid  // the slope is kept aside
	opSoftplus // likewise

	// of two
	opAdd
	opSub
	opMul
	opDiv
	opPow
	opMin
	opMax
	opLess
	opLessEqual
	opEqual
	opAnd
	opOr

	opChoose // of three

	// of the pairs of a set
	opSum
	opMean
	opTop
	opBottom
	opLSE // the soft-max shares are kept aside
)

// arguments returns the number of steps an op reads.
func (o op) arguments() int {
	switch {
	case o <= opSimilarity:
		return 0
	case o >= opAdd && o <= opOr:
		return 2
	case o == opChoose:
		return 3
	}
	return 1
}

// aggregate reports whether an op computes one number from the pairs of a set.
func (o op) aggregate() bool { return o >= opSum || o == opCount }

// differentiable reports whether a derivative flows through an op to its k-th argument.
func (o op) differentiable(k int) bool {
	switch o {
	case opCount, opDetach, opNot, opLess, opLessEqual, opEqual, opAnd, opOr:
		return false
	case opChoose:
		return k > 0
	}
	return true
}

// finish decides which steps move the value, if the program has a derivative, and lays
// out the memory.
func (p *program) finish(exact bool) *program {
	if p.exact = exact; exact {
		p.markMoving()
	}

	for k := range p.steps {
		s := &p.steps[k]
		if s.op != opSimilarity {
			s.values = p.size.take(s.of)
		}
		if s.moves && s.op != opSimilarity {
			s.slopes = p.moving.take(s.of)
		}

		switch {
		case s.op == opSigmoid || s.op == opSoftplus:
			s.aside = p.size.take(s.of)
		case s.op == opLSE:
			s.aside = p.size.take(p.steps[s.args[0]].of)
		}
	}

	return p
}

// markMoving marks the steps on a differentiable path from a similarity to the value.
func (p *program) markMoving() {
	moved := make([]bool, len(p.steps))
	for k, s := range p.steps {
		moved[k] = s.op == opSimilarity
		for a := range s.op.arguments() {
			moved[k] = moved[k] || s.op.differentiable(a) && moved[s.args[a]]
		}
	}

	p.steps[p.outputs[0]].moves = moved[p.outputs[0]]
	for k := len(p.steps) - 1; k >= 0; k-- {
		s := &p.steps[k]
		for a := range s.op.arguments() {
			if s.moves && s.op.differentiable(a) && moved[s.args[a]] {
				p.steps[s.args[a]].moves = true
			}
		}
	}
}
