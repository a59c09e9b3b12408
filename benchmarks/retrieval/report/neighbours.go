package report

import (
	"context"
	"fmt"
	"io"
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

// Nearest returns the k rows of the gallery that are most similar to each query, in one
// list, the queries in their order and the most similar row first. Without a gallery each
// query searches the other queries. The remarks are sentences on what the list does not
// show. The error is that of [retrieval.NeighboursIn], or of rows without a label each.
func Nearest(ctx context.Context, queries Labelled, gallery *Labelled, k int) (all []Neighbour, remarks []string, err error) {
	for _, side := range []*Labelled{&queries, gallery} {
		if side != nil && len(side.Labels) != side.Rows {
			return nil, nil, fmt.Errorf("report: %d rows, but %d labels; they must agree", side.Rows, len(side.Labels))
		}
	}

	var lists *retrieval.Lists
	if gallery == nil {
		gallery = &queries
		lists, err = retrieval.Neighbours(ctx, queries.Vectors, k)
	} else {
		lists, err = retrieval.NeighboursIn(ctx, queries.Vectors, gallery.Vectors, k)
	}
	if err != nil {
		return nil, nil, err
	}

	all = []Neighbour{}
	for query, list := range lists.Of {
		for rank, n := range list {
			class := gallery.Labels[n.Row]
			name := ""
			if class >= 0 && class < len(gallery.Names) {
				name = gallery.Names[class]
			}
			all = append(all, Neighbour{
				Query: query, Rank: rank + 1, Row: n.Row, Similarity: n.Similarity,
				Class: class, Name: name, Positive: class == queries.Labels[query],
			})
		}
	}

	copies, undecided := retrieval.CopiesRemark(lists.Copies, queries.Rows), retrieval.UndecidedRemark(lists.Undecided)
	for _, remark := range []string{copies, undecided} {
		if remark != "" {
			remarks = append(remarks, remark)
		}
	}
	return all, remarks, nil
}

// WriteNeighbours prints a list of [Nearest], a line each. The error is that of w.
func WriteNeighbours(w io.Writer, format string, all []Neighbour) error {
	if format == "json" {
		return output.JSON(w, all, "")
	}
	g := &output.Grid{Header: []string{"query", "rank", "row", "similarity", "class", "positive"}}
	named := slices.ContainsFunc(all, func(n Neighbour) bool { return n.Name != "" })
	if named {
		g.Header = append(g.Header, "class_name")
	}
	for _, n := range all {
		line := []string{
			strconv.Itoa(n.Query), strconv.Itoa(n.Rank), strconv.Itoa(n.Row),
			strconv.FormatFloat(float64(n.Similarity), 'g', 6, 32), strconv.Itoa(n.Class), strconv.FormatBool(n.Positive),
		}
		if named {
			line = append(line, n.Name)
		}
		g.Add(line...)
	}
	return g.Write(w, format)
}
