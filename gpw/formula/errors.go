package formula

import (
	"errors"
	"fmt"
	"strings"
)

// An Error says what is wrong with one formula of a loss, and where.
type Error struct {
	// Formula is value, positive, negative, mine.positive or mine.negative. It is empty
	// for an error of several formulas together.
	Formula string
	Offset  int      // byte of the formula
	Text    string   // what is wrong, and what to do
	Name    string   // the unknown name, or ""
	Known   []string // known names that may have been meant
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

// Errors has the first error of each formula of a loss.
type Errors []*Error

func (all Errors) Error() string {
	var lines []string
	for _, e := range all {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// add adds an error of a formula, if it is one.
func (all *Errors) add(formula string, err error) {
	var e *Error
	if errors.As(err, &e) {
		e.Formula = formula
		*all = append(*all, e)
	}
}
