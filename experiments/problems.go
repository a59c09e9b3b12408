package experiments

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A SpecError is all that is wrong with a spec or with the words of a command line, one line a problem, each with its place and what
// to do.
type SpecError struct{ Problems []string }

func (e *SpecError) Error() string { return strings.Join(e.Problems, "\n") }

// problems collects what is wrong, so that all of it can be told at once.
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

// at is a position in words: file:line:column, or the override that put the node there.
func (p *problems) at(line, column int) string {
	if line < 0 {
		return p.overrides[-1-line]
	}
	return fmt.Sprintf("%s:%d:%d", p.file, line, column)
}

// err is nil if nothing is wrong, and otherwise a *SpecError in the order of the file.
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

// mostLetters is how long a name may be that is compared with the known ones, which takes its length times theirs.
const mostLetters = 100

// DidYouMean returns " (did you mean X?)" for the known name nearest to name, or "" if none is near.
func DidYouMean(name string, known []string) string {
	if len(name) > mostLetters {
		return ""
	}
	best, distance := "", 1+max(1, len(name)/3)
	for _, k := range known {
		if d := editDistance(strings.ToLower(name), k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return oneOf([]string{best})
}

// nearest returns at most three of the known names, those nearest to name first: names that are misspelt so, or that hold it as a part.
func nearest(name string, known []string) []string {
	name = strings.ToLower(name)
	const part, most = 3, 3 // letters, names
	var near []string
	for _, k := range known {
		if editDistance(name, k) <= max(1, len(name)/3) || len(name) >= part && strings.Contains(k, name) {
			near = append(near, k)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return editDistance(name, a) - editDistance(name, b) })
	return near[:min(most, len(near))]
}

// oneOf returns " (did you mean X, Y or Z?)", or "" of no names.
func oneOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	last := len(names) - 1
	text := names[last]
	if last > 0 {
		text = strings.Join(names[:last], ", ") + " or " + text
	}
	return " (did you mean " + text + "?)"
}

// editDistance counts insertions, deletions, substitutions and swaps of neighbours.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
