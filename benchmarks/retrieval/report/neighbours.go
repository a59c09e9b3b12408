package report

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/output"
)

// A Labelled is vectors with the class of each.
type Labelled struct {
	retrieval.Vectors
	Labels []int    // one for each row
	Names  []string // of the labels 0, 1, … where they are strings, otherwise nil
}

// A Neighbour is a row of the gallery that is among the nearest of a query. Rows count
// from 0 and ranks from 1.
type Neighbour struct {
	Query      int     `json:"query"`
	Rank       int     `json:"rank"`
	Row        int     `json:"row"`
	Similarity float32 `json:"similarity"` // cosine
	Class      int     `json:"class"`
	Name       string  `json:"class_name,omitempty"` // where labels are strings
	Positive   bool    `json:"positive"`             // the row has the class of the query
}

// A NearestList has the nearest rows of every query.
type NearestList struct {
	// Remarks are sentences on what the list does not show.
	Remarks []string

	lists            nearestLists
	queries, gallery Labelled

	queryRows, galleryRows []int // what rows are called; nil for their places
}

// Nearest returns the k rows of the gallery that are most similar to each query. Without
// a gallery each query searches the other queries. Lists of more than 32 MB are in a
// temporary file. The error is that of [retrieval.NeighboursIn], of the file, or of rows
// without a label each.
func Nearest(ctx context.Context, queries Labelled, gallery *Labelled, k int) (*NearestList, error) {
	for _, side := range []*Labelled{&queries, gallery} {
		if side != nil && len(side.Labels) != side.Rows {
			return nil, fmt.Errorf("report: %d rows, but %d labels; they must agree", side.Rows, len(side.Labels))
		}
	}

	var searched *retrieval.Vectors
	all := &NearestList{queries: queries, gallery: queries}
	if gallery != nil {
		searched, all.gallery = &gallery.Vectors, *gallery
	}
	copies, undecided, err := retrieval.EachNeighbours(ctx, queries.Vectors, searched, k, func(_ int, list []retrieval.Neighbour) error {
		return all.lists.add(list)
	})
	if err != nil {
		return nil, err
	}

	rows := all.gallery.Rows
	if gallery == nil {
		rows-- // without the query
	}
	few := ""
	if rows < k {
		few = fmt.Sprintf("%d neighbours are asked for, and a query has %d rows to search: all of them are listed", k, rows)
	}
	for _, remark := range []string{few, retrieval.CopiesRemark(copies, queries.Rows), retrieval.UndecidedRemark(undecided)} {
		if remark != "" {
			all.Remarks = append(all.Remarks, remark)
		}
	}
	return all, nil
}

// Renumber calls rows of the queries and of the gallery by other numbers, one for each.
func (l *NearestList) Renumber(queries, gallery []int) {
	l.queryRows, l.galleryRows = queries, gallery
}

func numbered(numbers []int, place int) int {
	if numbers == nil {
		return place
	}
	return numbers[place]
}

// Queries yields the neighbours of each query, the queries in their order and the most
// similar row first. They are valid until those of the next query.
func (l *NearestList) Queries() iter.Seq[[]Neighbour] {
	return func(yield func([]Neighbour) bool) {
		var part []Neighbour
		for query, list := range l.lists.each {
			part = part[:0]
			for rank, n := range list {
				class := l.gallery.Labels[n.Row]
				part = append(part, Neighbour{
					Query: numbered(l.queryRows, query), Rank: rank + 1, Row: numbered(l.galleryRows, n.Row), Similarity: n.Similarity,
					Class: class, Name: l.name(class), Positive: class == l.queries.Labels[query],
				})
			}
			if !yield(part) {
				return
			}
		}
	}
}

// name is that of a class, or "" for a number without one.
func (l *NearestList) name(class int) string {
	if class >= 0 && class < len(l.gallery.Names) {
		return l.gallery.Names[class]
	}
	return ""
}

// named reports whether a neighbour's class has a name.
func (l *NearestList) named() bool {
	for part := range l.Queries() {
		if slices.ContainsFunc(part, func(n Neighbour) bool { return n.Name != "" }) {
			return true
		}
		if len(l.gallery.Names) == 0 {
			break
		}
	}
	return false
}

// WriteNeighbours prints the neighbours, a line each, while they are made, one query
// after the other. The error is that of w, or of the list's temporary file.
func WriteNeighbours(w io.Writer, format string, all *NearestList) error {
	return cmp.Or(writeNeighbours(w, format, all), all.lists.err)
}

func writeNeighbours(w io.Writer, format string, all *NearestList) error {
	if format == "json" {
		return output.JSONList(w, func(yield func(any) bool) {
			for part := range all.Queries() {
				if !yield(part) {
					return
				}
			}
		})
	}

	header, named := []string{"query", "rank", "row", "similarity", "class", "positive"}, all.named()
	if named {
		header = append(header, "class_name")
	}
	if format == "text" {
		return output.Text(w, header, all.cells(named))
	}

	l, err := output.NewLines(w, format, header, all.names)
	if err != nil {
		return err
	}
	for part := range all.Queries() {
		for _, n := range part {
			l.Int(n.Query)
			l.Int(n.Rank)
			l.Int(n.Row)
			l.Rounded(n.Similarity, similarityDigits)
			l.Int(n.Class)
			l.Bool(n.Positive)
			if named {
				l.Text(n.Name)
			}
		}
		if err := l.Err(); err != nil {
			return err
		}
	}
	return l.Close()
}

// cells yields the lines of the list as text, whose columns are aligned. A line is valid
// until the next one.
func (l *NearestList) cells(named bool) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		line := make([]string, 0, 7)
		for part := range l.Queries() {
			for _, n := range part {
				line = append(line[:0], strconv.Itoa(n.Query), strconv.Itoa(n.Rank), strconv.Itoa(n.Row),
					strconv.FormatFloat(float64(n.Similarity), 'g', similarityDigits, 32), strconv.Itoa(n.Class), strconv.FormatBool(n.Positive))
				if named {
					line = append(line, n.Name)
				}
				if !yield(line) {
					return
				}
			}
		}
	}
}

// similarityDigits are those of a similarity in a table.
const similarityDigits = 6

// names yields the names of the classes in the list.
func (l *NearestList) names(yield func(string) bool) {
	for part := range l.Queries() {
		for _, n := range part {
			if !yield(n.Name) {
				return
			}
		}
	}
}
