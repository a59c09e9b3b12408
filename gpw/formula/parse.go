package formula

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a formula, ten times those of the longest formula of a paper.
const (
	maxLength = 4096 // bytes
	maxDepth  = 64   // of nested parentheses, calls and signs
	maxSize   = 256  // numbers, names, calls and parentheses
	maxParams = 32
)

// parse returns the tree of a formula. The error is an *Error.
func parse(text string) (*expr, error) {
	if len(text) > maxLength {
		return nil, &Error{Offset: maxLength, Text: fmt.Sprintf("the formula has %d bytes, and at most %d are read", len(text), maxLength)}
	}
	p := &parser{text: text}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.token == "" {
		return nil, p.fail(0, "the formula is empty")
	}

	e, err := p.binary(levelOr)
	if err != nil {
		return nil, err
	}
	if p.token != "" {
		return nil, p.unexpected("an operator")
	}

	return e, nil
}

// A parser is at one token of a text.
type parser struct {
	text  string
	at    int    // where the token begins
	token string // "" at the end
	depth int
	size  int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &Error{Offset: at, Text: fmt.Sprintf(format, args...)}
}

func (p *parser) unexpected(want string) error {
	if p.token == "" {
		return p.fail(p.at, "the formula ends where %s should stand", want)
	}
	return p.fail(p.at, "%q stands where %s should stand", p.token, want)
}

// foreign are characters that other notations have and this grammar does not.
var foreign = map[rune]string{
	'−': "-", '–': "-", '·': "*", '×': "*", '÷': "/", '≤': "<=", '≥': ">=", '≠': "!=", '&': "and", '|': "or", '!': "not",
	'=': "==", '[': "(", ']': ")", '{': "(", '}': ")", '²': "^2", '∞': "no infinity",
	'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "eps", 'λ': "lambda", 'μ': "mu", 'σ': "sigma", 'τ': "tau",
}

// next reads the token after the current one.
func (p *parser) next() error {
	at := p.at + len(p.token)
	for at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[at]) >= 0 {
		at++
	}

	p.at, p.token = at, ""
	if at == len(p.text) {
		return nil
	}

	rest := p.text[at:]
	switch c := rest[0]; {
	case isLetter(c):
		p.token = rest[:span(rest, func(c byte) bool { return isLetter(c) || isDigit(c) })]
	case isDigit(c) || c == '.':
		p.token = rest[:numeral(rest)]
	case len(rest) > 1 && (rest[:2] == "<=" || rest[:2] == ">=" || rest[:2] == "==" || rest[:2] == "!="):
		p.token = rest[:2]
	case strings.HasPrefix(rest, "**"):
		return p.fail(at, "** is written ^ here")
	case strings.IndexByte("+-*/^(),<>", c) >= 0:
		p.token = rest[:1]

	default:
		r, _ := utf8.DecodeRuneInString(rest)
		if here := foreign[r]; here != "" {
			return p.fail(at, "%q is not of the grammar; write %s", r, here)
		}
		return p.fail(at, "%q is not of the grammar", r)
	}

	return nil
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func span(s string, of func(byte) bool) int {
	n := 0
	for n < len(s) && of(s[n]) {
		n++
	}
	return n
}

// numeral returns the length of the number at the start of s: digits, a point, an
// exponent.
func numeral(s string) int {
	n := span(s, isDigit)
	if n < len(s) && s[n] == '.' {
		n++
		n += span(s[n:], isDigit)
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		sign := n + 1
		if sign < len(s) && (s[sign] == '+' || s[sign] == '-') {
			sign++
		}
		if digits := span(s[sign:], isDigit); digits > 0 {
			n = sign + digits
		}
	}

	return n
}

// binary reads operators that bind at least as strongly as level, up to products.
func (p *parser) binary(level int) (*expr, error) {
	left, err := p.unary()
	if err != nil {
		return nil, err
	}

	for {
		own := levels[p.token]
		if own < level || own > levelProduct || own == levelNot {
			return left, nil
		}

		op := p.token
		if err := p.next(); err != nil {
			return nil, err
		}

		right, err := p.binary(own + 1)
		if err != nil {
			return nil, err
		}

		left = &expr{kind: operator, text: op, args: []*expr{left, right}, at: left.at}
	}
}

// unary reads signs and not, which precede their operand, and powers.
func (p *parser) unary() (*expr, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.at, "the formula is more than %d deep in parentheses, calls and signs", maxDepth)
	}
	defer func() { p.depth-- }()
	if p.size++; p.size > maxSize {
		return nil, p.fail(p.at, "the formula has more than %d numbers, names and calls", maxSize)
	}

	at := p.at
	var e *expr
	var err error

	switch p.token {
	case "+":
		return nil, p.fail(at, "a number has no + before it")
	case "-":
		if err = p.next(); err != nil {
			return nil, err
		}
		e, err = p.unary()
		return &expr{kind: operator, text: minus, args: []*expr{e}, at: at}, err

	case "not":
		if err = p.next(); err != nil {
			return nil, err
		}
		e, err = p.binary(levelCompare)
		return &expr{kind: operator, text: "not", args: []*expr{e}, at: at}, err
	}

	if e, err = p.atom(); err != nil || p.token != "^" {
		return e, err
	}
	if err = p.next(); err != nil {
		return nil, err
	}

	exponent, err := p.unary()
	return &expr{kind: operator, text: "^", args: []*expr{e, exponent}, at: at}, err
}

// atom reads a number, a name, a call or an expression in parentheses.
func (p *parser) atom() (*expr, error) {
	at, token := p.at, p.token
	switch {
	case token == "":
		return nil, p.unexpected("a number, a name or a function")
	case isDigit(token[0]) || token[0] == '.':
		v, err := strconv.ParseFloat(token, 64)
		if err != nil || math.IsInf(v, 0) {
			return nil, p.fail(at, "%s is not a number that a float64 holds", token)
		}
		return &expr{kind: number, value: v, at: at}, p.next()

	case token == "(":
		if err := p.next(); err != nil {
			return nil, err
		}
		e, err := p.binary(levelOr)
		if err != nil {
			return nil, err
		}

		e.at = at
		return e, p.closing(at, "(")

	case isLetter(token[0]) && levels[token] == 0:
		if err := p.next(); err != nil || p.token != "(" {
			return &expr{kind: name, text: token, at: at}, err
		}
		return p.arguments(&expr{kind: call, text: token, at: at})
	}

	return nil, p.unexpected("a number, a name or a function")
}

func (p *parser) arguments(e *expr) (*expr, error) {
	for {
		if err := p.next(); err != nil {
			return nil, err
		}
		if p.token == ")" && len(e.args) == 0 {
			return e, p.next()
		}

		a, err := p.binary(levelOr)
		if err != nil {
			return nil, err
		}

		e.args = append(e.args, a)
		if p.token != "," {
			return e, p.closing(e.at, e.text+"(")
		}
	}
}

// closing reads the parenthesis that closes the one opened for what at the byte at.
func (p *parser) closing(at int, what string) error {
	if p.token != ")" {
		if p.token == "" {
			return p.fail(at, "%s is never closed", what)
		}
		return p.unexpected("an operator or )")
	}
	return p.next()
}
