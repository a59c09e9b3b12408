package formula

import (
	"math"
	"strings"

	"gpwbench/losses"
)

// Revision is raised whenever formulas evaluate to other numbers.
const Revision = 2

// A Source is the text of a loss: a Value, or a Positive and a Negative. Empty conditions
// select all pairs.
type Source struct {
	Value, Positive, Negative  string
	MinePositive, MineNegative string
}

// A Param is a named number in the formulas.
type Param struct {
	Name  string // [a-z][a-z0-9_]*, and not the name of a function
	Value float64
}

// A Loss is a loss made of formulas. It is a [losses.AnchorLoss], and evaluation does not
// change it. [New] makes one; the zero Loss has no formula and is 0.
type Loss struct {
	source Source
	parts  []part
	params []Param // present values
	first  []Param // values as defined; the domains follow from them

	mine, weigh *program // mine is nil if all pairs are selected
	traits      losses.Traits
}

// A part is one formula of a loss.
type part struct {
	name string
	of   set
	tree *expr
}

// New compiles formulas. The error is an [Errors].
func New(source Source, params []Param) (*Loss, error) {
	l := &Loss{source: source, params: params, first: params}
	var all Errors
	for _, p := range []struct {
		name, text string
		of         set
		needed     bool
	}{
		{"value", source.Value, anchor, source.Value != ""},
		{"positive", source.Positive, positives, source.Value == ""},
		{"negative", source.Negative, negatives, source.Value == ""},
		{"mine.positive", source.MinePositive, positives, false},
		{"mine.negative", source.MineNegative, negatives, false},
	} {
		if p.text == "" && !p.needed {
			continue
		}
		tree, err := parse(p.text)
		all.add(p.name, err)
		l.parts = append(l.parts, part{p.name, p.of, tree})
	}

	if source.Value != "" && source.Positive+source.Negative != "" {
		all.add("", &Error{Text: "a loss is a value, or the weights positive and negative; remove one"})
	}
	all.checkParams(params)
	if len(all) > 0 {
		return nil, all
	}

	used := map[string]bool{}
	if all = l.compile(used); len(all) > 0 {
		return nil, all
	}

	all.checkConstants(l)
	for _, p := range params {
		if !used[p.Name] {
			all.add("", &Error{Text: "no formula has the parameter " + p.Name + "; remove it, or use it", Name: p.Name})
		}
	}

	if len(all) > 0 {
		return nil, all
	}
	return l, nil
}

// compile makes the programs of the trees, with the present parameters.
func (l *Loss) compile(used map[string]bool) Errors {
	var all Errors
	weigh, mine := newCompiler(l.params, used), newCompiler(l.params, used)
	conditions := [3]int{positives: -1, negatives: -1}

	for _, p := range l.parts {
		if strings.HasPrefix(p.name, "mine.") {
			k, err := mine.condition(p.tree, p.of)
			conditions[p.of] = k
			all.add(p.name, err)
			continue
		}

		k, err := weigh.number(p.tree, p.of)
		if err == nil {
			weigh.output(k, p.of)
		}

		all.add(p.name, err)
	}

	if len(all) > 0 {
		return all
	}
	l.weigh = weigh.finish(!l.Weighs())
	l.traits = l.weigh.traits()
	if conditions[positives] < 0 && conditions[negatives] < 0 {
		return nil
	}

	for _, of := range []set{positives, negatives} {
		if conditions[of] < 0 {
			conditions[of] = mine.constant(1, nil)
		}
		mine.output(conditions[of], of)
	}

	l.mine = mine.finish(false)
	return nil
}

// EvalAnchor implements [losses.AnchorLoss].
func (l *Loss) EvalAnchor(a *losses.Anchor) (sum, terms float64) {
	if l.weigh == nil {
		return 0, 1
	}
	kept := row{pos: a.Pos, neg: a.Neg, gpos: a.GPos, gneg: a.GNeg}
	if l.mine == nil {
		return l.evaluate(kept, a.Scratch(l.weigh.floats(len(a.Pos), len(a.Neg)))), 1
	}

	p, n := len(a.Pos), len(a.Neg)
	memory := a.Scratch(2*(p+n) + max(l.mine.floats(p, n), l.weigh.floats(p, n)))
	room, memory := memory[:2*(p+n)], memory[2*(p+n):]
	pos, neg := l.mine.conditions(kept, memory)

	// The marks are in memory that the weights will overwrite, so they are moved to the
	// gradients, which are unused until then.
	mined := row{}
	mined.pos, room = compact(a.GPos, room, a.Pos, pos)
	mined.neg, room = compact(a.GNeg, room, a.Neg, neg)
	mined.gpos, mined.gneg = room[:len(mined.pos)], room[len(mined.pos):len(mined.pos)+len(mined.neg)]
	clear(mined.gpos)
	clear(mined.gneg)
	sum = l.evaluate(mined, memory)
	if spread(a.GPos, mined.gpos)+spread(a.GNeg, mined.gneg) > 0 {
		sum = math.NaN()
	}

	return sum, 1
}

// Weighs reports whether l is given by the weights of its pairs.
func (l *Loss) Weighs() bool { return len(l.parts) > 0 && l.parts[0].name != "value" }

// Mines reports whether the loss has conditions that select pairs.
func (l *Loss) Mines() bool { return l.mine != nil }

// A row has the similarities of an anchor's selected positives and negatives, and memory
// for their gradients, which are 0.
type row struct{ pos, neg, gpos, gneg []float64 }

// compact copies the marks, and the marked similarities into room. It returns these and
// the rest of room.
func compact(marks, room, s, marked []float64) (kept, rest []float64) {
	n := 0
	for i, m := range marked {
		marks[i] = m
		if m == 1 {
			room[n] = s[i]
			n++
		}
	}
	return room[:n], room[n:]
}

// spread replaces marks by the gradients of the marked pairs, and by zeros elsewhere. It
// returns the number of marks that are neither 1 nor 0.
func spread(marks, g []float64) (unclear int) {
	n := 0
	for i, m := range marks {
		marks[i] = 0
		switch m {
		case 1:
			marks[i] = g[n]
			n++
		case 0:
		default:
			unclear++
		}
	}

	return unclear
}

// conditions returns 1 for each selected pair, 0 for the others, and NaN where the
// condition is undecided.
func (p *program) conditions(r row, memory []float64) (pos, neg []float64) {
	f := p.frame(r, memory)
	f.forward()
	return f.values(p.outputs[0]), f.values(p.outputs[1])
}

// floats returns the memory of the program, as a number of floats.
func (p *program) floats(pos, neg int) int {
	return p.size.floats(pos, neg) + p.moving.floats(pos, neg)
}

func (p *program) frame(r row, memory []float64) frame {
	pos, neg := len(r.pos), len(r.neg)
	return frame{
		program: p, numbers: blockOf(memory, p.size, pos, neg), gathered: blockOf(memory[p.size.floats(pos, neg):], p.moving, pos, neg),
		sims: [3][]float64{nil, r.pos, r.neg}, slopes: [3][]float64{nil, r.gpos, r.gneg},
	}
}

// evaluate returns the anchor's sum and adds the gradient to r. A result that is not
// finite is NaN, or 0 where an empty set is the reason.
func (l *Loss) evaluate(r row, memory []float64) float64 {
	if len(r.pos)+len(r.neg) == 0 {
		return 0
	}
	f := l.weigh.frame(r, memory)
	f.forward()
	var sum float64
	if l.weigh.exact {
		f.backward()
		sum = f.values(l.weigh.outputs[0])[0]
	} else {
		sum = take(r.gpos, f.values(l.weigh.outputs[0]), r.pos, -1) + take(r.gneg, f.values(l.weigh.outputs[1]), r.neg, 1)
	}

	if sum += unfinished(r.gpos) + unfinished(r.gneg); finite(sum) {
		return sum
	}
	if l.weigh.excused(len(r.pos), len(r.neg)) {
		clear(r.gpos)
		clear(r.gneg)
		return 0
	}

	// The gradients are incomplete and must not be used.
	for _, g := range [][]float64{r.gpos, r.gneg} {
		for k := range g {
			g[k] = math.NaN()
		}
	}

	return math.NaN()
}

// take turns weights into a gradient of the given sign and returns its ΣG·S.
func take(g, w, s []float64, sign float64) (sum float64) {
	w, s = w[:len(g)], s[:len(g)]
	for i := range g {
		g[i] = sign * w[i]
		sum += g[i] * s[i]
	}
	return sum
}

// unfinished returns 0 if all of g is finite, and otherwise NaN.
func unfinished(g []float64) (sum float64) {
	for _, v := range g {
		sum += v - v
	}
	return sum
}

// excused reports whether an extreme or a log-sum-exp of an empty set occurs.
func (p *program) excused(pos, neg int) bool {
	sizes := [3]int{1, pos, neg}
	for _, s := range p.steps {
		if s.op == opTop || s.op == opBottom || s.op == opLSE {
			if sizes[p.steps[s.args[0]].of] == 0 {
				return true
			}
		}
	}
	return false
}

func finite(v float64) bool { return !math.IsNaN(v - v) }

// Source returns the text of the formulas as it was given to [New].
func (l *Loss) Source() Source { return l.source }
