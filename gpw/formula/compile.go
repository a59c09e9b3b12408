package formula

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A compiler turns trees into the steps of one program. Equal steps are compiled once.
type compiler struct {
	program
	params map[string]float64
	used   map[string]bool // parameters that a formula names
	made   map[key]int
}

type key struct {
	op       op
	of       set
	args     [3]int
	constant float64
}

func newCompiler(params []Param, used map[string]bool) *compiler {
	c := &compiler{params: map[string]float64{}, used: used, made: map[key]int{}}
	for _, p := range params {
		c.params[p.Name] = p.Value
	}
	return c
}

func fail(e *expr, format string, args ...any) error {
	return &Error{Offset: e.at, Text: fmt.Sprintf(format, args...)}
}

// number compiles an expression that must be a number. inside is the set of the pair
// whose similarity is s, or anchor where there is no s.
func (c *compiler) number(e *expr, inside set) (int, error) {
	if isCondition(e) {
		return 0, fail(e, "%s is a condition, and a number should stand here; if(condition, x, y) makes one of it", e)
	}
	return c.expr(e, inside)
}

// condition compiles an expression that must be a condition.
func (c *compiler) condition(e *expr, inside set) (int, error) {
	if !isCondition(e) {
		return 0, fail(e, "%s is a number, and a condition such as s < 0.5 should stand here", e)
	}
	return c.expr(e, inside)
}

func isCondition(e *expr) bool {
	level := e.level()
	return e.kind == operator && level <= levelCompare
}

func (c *compiler) expr(e *expr, inside set) (int, error) {
	switch e.kind {
	case number:
		return c.constant(e.value, e), nil
	case name:
		return c.name(e, inside)
	case call:
		return c.call(e, inside)
	}
	return c.operator(e, inside)
}

func (c *compiler) name(e *expr, inside set) (int, error) {
	if v, ok := c.params[e.text]; ok {
		c.used[e.text] = true
		return c.constant(v, e), nil
	}

	switch e.text {
	case "s":
		if inside == anchor {
			return 0, fail(e, "s is the similarity of a pair, and no pair is meant here; put it into a sum or the like, such as sum_neg(s)")
		}
		return c.add(opSimilarity, inside, 0, e), nil

	case "count_pos", "count_neg":
		return c.add(opCount, anchor, 0, e, c.add(opSimilarity, setOf(e.text), 0, e)), nil
	}

	if slices.Contains(callable(), e.text) {
		return 0, fail(e, "%s is a function; write what it is of in parentheses", e.text)
	}
	known := []string{"s", "count_pos", "count_neg"}

	for p := range c.params {
		known = append(known, p)
	}
	slices.Sort(known[3:])
	return 0, &Error{Offset: e.at, Text: fmt.Sprintf("unknown name %q", e.text), Name: e.text, Known: known}
}

func setOf(name string) set {
	if strings.HasSuffix(name, "_pos") {
		return positives
	}
	return negatives
}

func (c *compiler) call(e *expr, inside set) (int, error) {
	for _, f := range functions {
		if f.name != e.text {
			continue
		}
		if len(e.args) != f.args && f.args > 0 || f.args < 0 && len(e.args) < 2 {
			return 0, fail(e, "%s has %d arguments; write %s", e.text, len(e.args), f.usage)
		}
		if f.op == opChoose {
			return c.choose(e, inside)
		}

		args, err := c.numbers(e.args, inside)
		if err != nil {
			return 0, err
		}
		if f.args == 1 {
			return c.apply(f.op, e, args...), nil
		}

		k := args[0]
		for _, a := range args[1:] {
			k = c.apply(f.op, e, k, a)
		}
		return k, nil
	}

	for _, f := range aggregates {
		if e.text != f.name+"_pos" && e.text != f.name+"_neg" {
			continue
		}
		if len(e.args) != 1 {
			return 0, fail(e, "%s has %d arguments; write %s(%s)", e.text, len(e.args), e.text, f.argument)
		}

		of, read := setOf(e.text), c.number
		if f.name == "count" {
			read = c.condition
		}

		a, err := read(e.args[0], of)
		if err != nil {
			return 0, err
		}
		return c.add(f.op, anchor, 0, e, c.spread(a, of)), nil
	}

	if _, ok := c.params[e.text]; ok {
		return 0, fail(e, "%s is a parameter and not a function; write * to multiply", e.text)
	}
	return 0, &Error{Offset: e.at, Text: fmt.Sprintf("unknown function %q", e.text), Name: e.text, Known: callable()}
}

func (c *compiler) numbers(args []*expr, inside set) ([]int, error) {
	var steps []int
	for _, a := range args {
		k, err := c.number(a, inside)
		if err != nil {
			return nil, err
		}
		steps = append(steps, k)
	}
	return steps, nil
}

func (c *compiler) choose(e *expr, inside set) (int, error) {
	condition, err := c.condition(e.args[0], inside)
	if err != nil {
		return 0, err
	}
	args, err := c.numbers(e.args[1:], inside)
	if err != nil {
		return 0, err
	}
	return c.apply(opChoose, e, condition, args[0], args[1]), nil
}

func (c *compiler) operator(e *expr, inside set) (int, error) {
	read := c.number
	switch {
	case e.level() <= levelNot:
		read = c.condition
	case e.level() == levelCompare && isCondition(e.args[0]):
		return 0, fail(e, "comparisons do not chain; write a < b and b < c")
	}

	var args []int
	for _, a := range e.args {
		k, err := read(a, inside)
		if err != nil {
			return 0, err
		}

		args = append(args, k)
	}

	x, y := args[0], args[len(args)-1]
	switch e.text {
	case minus:
		return c.apply(opMul, e, x, c.constant(-1, e)), nil
	case "not":
		return c.apply(opNot, e, x), nil
	case ">":
		return c.apply(opLess, e, y, x), nil
	case ">=":
		return c.apply(opLessEqual, e, y, x), nil
	case "!=":
		return c.apply(opNot, e, c.apply(opEqual, e, x, y)), nil
	}

	return c.apply(operators[e.text], e, x, y), nil
}

var operators = map[string]op{
	"+": opAdd, "-": opSub, "*": opMul, "/": opDiv, "^": opPow, "<": opLess, "<=": opLessEqual, "==": opEqual, "and": opAnd, "or": opOr,
}

// apply compiles a step on numbers of the anchor or of a set. If both occur, the anchor's
// number is repeated for every pair of the set.
func (c *compiler) apply(o op, e *expr, args ...int) int {
	of, folded := anchor, true
	for _, a := range args {
		of = max(of, c.steps[a].of)
		folded = folded && c.steps[a].op == opConstant
	}

	if folded {
		return c.constant(fold(o, c.steps, args), e)
	}
	if len(args) == 2 {
		x, y := args[0], args[1]
		switch k, j := c.steps[x], c.steps[y]; {
		case o == opAdd && j.op == opConstant:
			return c.add(opShift, of, j.constant, e, x)
		case o == opAdd && k.op == opConstant:
			return c.add(opShift, of, k.constant, e, y)
		case o == opSub && j.op == opConstant:
			return c.add(opShift, of, -j.constant, e, x)
		case o == opSub && k.op == opConstant:
			return c.add(opFrom, of, k.constant, e, y)
		case o == opMul && j.op == opConstant:
			return c.add(opScale, of, j.constant, e, x)
		case o == opMul && k.op == opConstant:
			return c.add(opScale, of, k.constant, e, y)
		}
	}

	for k, a := range args {
		args[k] = c.spread(a, of)
	}
	return c.add(o, of, 0, e, args...)
}

// spread repeats a number of the anchor for each pair of a set.
func (c *compiler) spread(a int, of set) int {
	if c.steps[a].of == of {
		return a
	}
	return c.add(opSpread, of, 0, c.steps[a].source, a)
}

func (c *compiler) constant(v float64, e *expr) int { return c.add(opConstant, anchor, v, e) }

func (c *compiler) add(o op, of set, constant float64, e *expr, args ...int) int {
	k := key{op: o, of: of, constant: constant}
	copy(k.args[:], args)
	if made, ok := c.made[k]; ok {
		return made
	}
	c.steps = append(c.steps, step{op: o, of: of, args: k.args, constant: constant, source: e})
	if !math.IsNaN(constant) { // a key with NaN equals no key
		c.made[k] = len(c.steps) - 1
	}
	return len(c.steps) - 1
}

// output makes the step of a formula, spread over its set, an output.
func (c *compiler) output(k int, of set) { c.outputs = append(c.outputs, c.spread(k, of)) }
