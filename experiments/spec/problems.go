package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A SpecError is all that is wrong with a spec or with a loss, one line a problem, each
// with its place and what to do. The place is the line and the column of a file, the
// override, or of a spec that a program built the path of the setting,
// losses[2].params.beta.
type SpecError struct {
	Problems []string

	// UnknownLosses are the indices of the problems that name a loss which the catalogue
	// does not have.
	UnknownLosses []int
}

func (e *SpecError) Error() string { return strings.Join(e.Problems, "\n") }

// problems collects problems, so that all of them are reported at once.
type problems struct {
	file      string
	overrides []string // texts of key=value; their nodes have the line −1−k
	found     []problem

	path func(line, column int) string // of a spec that was built; nil: positions count
}

type problem struct {
	line, column int
	text         string
	unknownLoss  bool
}

func (p *problems) add(n *yaml.Node, format string, args ...any) {
	p.found = append(p.found, problem{line: n.Line, column: n.Column, text: fmt.Sprintf(format, args...)})
}

// addUnknownLoss is add of a loss that the catalogue does not have.
func (p *problems) addUnknownLoss(n *yaml.Node, format string, args ...any) {
	p.add(n, format, args...)
	p.found[len(p.found)-1].unknownLoss = true
}

// at is a position in words: file:line:column, the override that put the node there, or
// the path of a setting in a spec that was built.
func (p *problems) at(line, column int) string {
	if line < 0 {
		return shorten(strings.ReplaceAll(p.overrides[-1-line], "\n", " "), 200)
	}
	if p.path != nil {
		return inSpec(p.file, p.path(line, column))
	}
	return fmt.Sprintf("%s:%d:%d", p.file, line, column)
}

// err returns nil without problems, and otherwise a *SpecError in the order of the file.
func (p *problems) err() error {
	if len(p.found) == 0 {
		return nil
	}

	slices.SortStableFunc(p.found, func(a, b problem) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})

	e := new(SpecError)
	listed := map[string]bool{}
	for _, q := range p.found {
		line := p.at(q.line, q.column) + ": " + q.text
		if !listed[line] {
			if q.unknownLoss {
				e.UnknownLosses = append(e.UnknownLosses, len(e.Problems))
			}
			e.Problems = append(e.Problems, line)
		}
		listed[line] = true
	}

	return e
}
