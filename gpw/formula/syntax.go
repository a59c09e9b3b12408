package formula

import (
	"strconv"
	"strings"
)

// An expr is a node of a formula's tree.
type expr struct {
	kind  kind
	text  string  // of a name, a call (the function) and an operator
	value float64 // of a number
	args  []*expr
	at    int // byte of the formula at which it begins
}

type kind uint8

const (
	number kind = iota
	name
	call
	operator // minus and not have one argument, the others two
)

// minus is the operator of a sign. No formula can spell it.
const minus = "0-"

// Levels of binding, the weakest first.
const (
	levelOr = iota + 1
	levelAnd
	levelNot
	levelCompare
	levelSum
	levelProduct
	levelNeg
	levelPower
	levelAtom
)

var levels = map[string]int{
	"or": levelOr, "and": levelAnd, "not": levelNot,
	"<": levelCompare, "<=": levelCompare, ">": levelCompare, ">=": levelCompare, "==": levelCompare, "!=": levelCompare,
	"+": levelSum, "-": levelSum, "*": levelProduct, "/": levelProduct, minus: levelNeg, "^": levelPower,
}

func (e *expr) level() int {
	if e.kind == operator {
		return levels[e.text]
	}
	return levelAtom
}

// String returns the formula with the parentheses it needs and uniform spacing. Formulas
// that differ only in spelling give the same text.
func (e *expr) String() string {
	var b strings.Builder
	e.write(&b, levelOr)
	return b.String()
}

// write writes e where an operand must bind at least as strongly as level.
func (e *expr) write(b *strings.Builder, level int) {
	if own := e.level(); own < level {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}

	switch e.kind {
	case number:
		b.WriteString(strconv.FormatFloat(e.value, 'g', -1, 64))
	case name:
		b.WriteString(e.text)

	case call:
		b.WriteString(e.text)
		b.WriteByte('(')
		for k, a := range e.args {
			if k > 0 {
				b.WriteString(", ")
			}
			a.write(b, levelOr)
		}

		b.WriteByte(')')

	case operator:
		e.writeOperator(b)
	}
}

func (e *expr) writeOperator(b *strings.Builder) {
	left, right := e.level(), e.level()+1 // of an operator that is left-associative
	word := " " + e.text + " "

	switch e.text {
	case minus:
		b.WriteByte('-')
		e.args[0].write(b, levelNeg)
		return

	case "not":
		b.WriteString("not ")
		e.args[0].write(b, levelNot)
		return

	case "^":
		left, right, word = levelAtom, levelNeg, "^"
	case "*", "/":
		word = e.text
	case "<", "<=", ">", ">=", "==", "!=":
		left = levelSum // comparisons do not chain
	}

	e.args[0].write(b, left)
	b.WriteString(word)
	e.args[1].write(b, right)
}

// walk calls f for e's arguments and then for e.
func (e *expr) walk(f func(*expr)) {
	for _, a := range e.args {
		a.walk(f)
	}
	f(e)
}
