package formula

import (
	"fmt"
	"strconv"

	"gpwbench/losses"
)

// ExplainAnchor implements [losses.AnchorExplainer]. It names the part of a formula that
// is not finite although all its arguments are.
func (l *Loss) ExplainAnchor(a *losses.Anchor) string {
	if l.weigh == nil {
		return ""
	}
	r := row{pos: a.Pos, neg: a.Neg}
	if l.mine != nil {
		f := l.mine.frame(r, make([]float64, l.mine.floats(len(r.pos), len(r.neg))))
		f.forward()
		if why := f.why(); why != "" { // a condition: it is 1, 0 or undecided
			return why
		}

		r = row{pos: marked(r.pos, f.values(l.mine.outputs[0])), neg: marked(r.neg, f.values(l.mine.outputs[1]))}
	}

	r.gpos, r.gneg = make([]float64, len(r.pos)), make([]float64, len(r.neg))
	memory := make([]float64, l.weigh.floats(len(r.pos), len(r.neg)))
	if finite(l.evaluate(r, memory)) {
		return ""
	}

	f := l.weigh.frame(r, memory)
	if why := f.why(); why != "" {
		return why
	}
	if !l.weigh.exact {
		return "each weight is finite, and Σ w·S of the anchor's pairs is beyond the largest number"
	}

	clear(r.gpos) // evaluate wrote NaN into them
	clear(r.gneg)
	f.backward()
	return f.whySlope()
}

func marked(s, marks []float64) (kept []float64) {
	for i, m := range marks {
		if m == 1 {
			kept = append(kept, s[i])
		}
	}
	return kept
}

// why traces an output that is not finite to the step that produced it. It returns ""
// where all outputs are finite. A step that is not finite and on which no output depends,
// such as the infinity in 1 < 1/0, is no reason.
func (f *frame) why() string {
	for _, k := range f.outputs {
		for i, v := range f.values(k) {
			if !finite(v) {
				return f.trace(k, i)
			}
		}
	}
	return ""
}

// trace names the step that made the i-th number of step k infinite or undefined from
// finite arguments.
func (f *frame) trace(k, i int) string {
	s := f.steps[k]
	for a := range s.op.arguments() {
		x := f.values(s.args[a])
		from, to := i, i+1
		if s.op.aggregate() || s.op == opSpread {
			from, to = 0, len(x)
		}

		for j := from; j < to; j++ {
			if !finite(x[j]) {
				return f.trace(s.args[a], j)
			}
		}
	}

	text := f.name(s, i, f.values(k)[i])
	if s.op.aggregate() && len(f.values(s.args[0])) == 0 {
		text += ", being of no pair"
	}
	return text
}

// whySlope names the step whose derivative is not finite.
func (f *frame) whySlope() string {
	for k := len(f.steps) - 1; k >= 0; k-- {
		s := f.steps[k]
		for i, v := range f.slopesOf(k) {
			if finite(v) {
				continue
			}

			// It comes from a step that reads this one.
			for reader := k + 1; reader < len(f.steps); reader++ {
				r := f.steps[reader]
				for a := range r.op.arguments() {
					if r.moves && r.args[a] == k {
						i = min(i, len(f.values(reader))-1)
						return "the derivative of " + f.name(r, i, f.values(reader)[i]) + " is not finite"
					}
				}
			}

			return "the derivative by " + f.name(s, i, f.values(k)[i]) + " is not finite"
		}
	}

	return ""
}

// name describes the i-th number of a step: "exp(50*s) = ∞ for the negative with s =
// 0.9".
func (f *frame) name(s step, i int, v float64) string {
	text := fmt.Sprintf("%s = %s", s.source, short(v))
	if s.of == anchor {
		return text
	}
	return fmt.Sprintf("%s for the %s with s = %s", text, [3]string{positives: "positive", negatives: "negative"}[s.of], short(f.sims[s.of][i]))
}

// short formats a number with four digits.
func short(v float64) string {
	if finite(v) {
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	}
	return losses.Number(v)
}
