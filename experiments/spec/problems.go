package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A SpecError lists all problems of a spec, or of the words of a command line, one a
// line, each with its place and what to do.
type SpecError struct{ Problems []string }

func (e *SpecError) Error() string { return strings.Join(e.Problems, "\n") }

// problems collects problems, so that all of them are reported at once.
type problems struct {
	file      string
	overrides []string // texts of key=value; their nodes have the line −1−k
	found     []problem
}

type problem struct {
	line, column int
	text         string
}

func (p *problems) add(n *yaml.Node, format string, args ...any) {
	p.found = append(p.found, problem{n.Line, n.Column, fmt.Sprintf(format, args...)})
}

// at returns a position in words: file:line:column, or the override that the node came
// from.
func (p *problems) at(line, column int) string {
	if line < 0 {
		return shorten(strings.ReplaceAll(p.overrides[-1-line], "\n", " "), 200)
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
	told := map[string]bool{}
	for _, q := range p.found {
		line := p.at(q.line, q.column) + ": " + q.text
		if !told[line] {
			e.Problems = append(e.Problems, line)
		}
		told[line] = true
	}

	return e
}
