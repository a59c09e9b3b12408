package formula

import (
	"errors"
	"fmt"
	"strings"
)

// An Error says what is wrong with one of a loss's formulas, and where.
type Error struct {
	// Formula is value, positive, negative, mine.positive or mine.negative, or empty for
	// what concerns them together.
	Formula string
	Offset  int      // byte of the formula
	Text    string   // what is wrong, and what to do
	Name    string   // the name that is not known, or ""
	Known   []string // names that could have been meant
}

func (e *Error) Error() string {
	text := "formula: "
	if e.Formula != "" {
		text += fmt.Sprintf("%s, character %d: ", e.Formula, e.Offset+1)
	}
	text += e.Text
	if len(e.Known) > 0 {
		text += "; known: " + strings.Join(e.Known, ", ")
	}
	return text
}

// Errors are the first thing wrong with each of a loss's formulas.
type Errors []*Error

func (all Errors) Error() string {
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// add adds an error, if it is one, of a formula.
func (all *Errors) add(formula string, err error) {
	var e *Error
	if errors.As(err, &e) {
		e.Formula = formula
		*all = append(*all, e)
	}
}
