package report

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"gpwbench/internal/npy"
	"gpwbench/internal/output"
)

// PerQueryFormats are the endings of files that [WritePerQuery] writes.
var PerQueryFormats = []string{".csv", ".npz"}

// WritePerQuery writes the value of each query in each metric that is a mean over
// queries, with its range, in the format of a file's ending. A CSV has a line for each
// query and, of several embeddings, one for each of them; what does not count is empty.
// An .npz is of one embedding. Its arrays have one element a query: query, its row;
// class, its label, which of strings is a number in the order in which they appear;
// counted, 1 where the query has a positive and 0 where all its values are 0; and the
// metrics by name.
func WritePerQuery(w io.Writer, path string, all []Answered) error {
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case ext == ".csv":
		return perQueryCSV(all).Write(w, "csv")
	case ext == ".npz" && len(all) > 1:
		return errors.New("report: an .npz has the queries of one embedding; choose .csv for several")
	case ext == ".npz":
		return npy.WriteNPZ(w, perQueryArrays(&all[0]))
	default:
		return fmt.Errorf("report: %s: values per query are written as %s", path, strings.Join(PerQueryFormats, " or "))
	}
}

func perQueryCSV(all []Answered) *output.Grid {
	g := &output.Grid{Header: []string{"query", "class"}}
	if len(all) > 1 {
		g.Header = append([]string{"embeddings"}, g.Header...)
	}
	for _, v := range all[0].Values {
		if v.OfQueries() {
			g.Header = append(g.Header, v.Key(), v.Key()+"_low", v.Key()+"_high")
		}
	}

	for i := range all {
		a := &all[i]
		for query := range a.Queries.Rows {
			var cells []string
			if len(all) > 1 {
				cells = append(cells, a.Name)
			}
			name := ""
			if a.Queries.Labels != nil {
				name = a.className(a.Queries.Labels[query])
			}
			cells = append(cells, strconv.Itoa(a.row(query)), name)
			for _, v := range a.Values {
				switch {
				case !v.OfQueries():
				case v.Why != "" || !a.Counted(query):
					cells = append(cells, "", "", "")
				default:
					r := v.PerQuery[query]
					cells = append(cells, output.Exact(r.Expected), output.Exact(r.Low), output.Exact(r.High))
				}
			}
			g.Add(cells...)
		}
	}
	return g
}

func perQueryArrays(a *Answered) []npy.Member {
	n := a.Queries.Rows
	rows, classes, counted := make([]int64, n), make([]int64, n), make([]int64, n)
	for query := range n {
		rows[query], classes[query] = int64(a.row(query)), int64(a.labels()[query])
		if a.Counted(query) {
			counted[query] = 1
		}
	}
	vector := func(name string, data any) npy.Member { return npy.Member{Name: name, Shape: []int{n}, Data: data} }
	members := []npy.Member{vector("query", rows), vector("class", classes), vector("counted", counted)}
	for _, v := range a.Values {
		if v.PerQuery == nil {
			continue
		}
		value, low, high := make([]float64, n), make([]float64, n), make([]float64, n)
		for query, r := range v.PerQuery {
			value[query], low[query], high[query] = r.Expected, r.Low, r.High
		}
		members = append(members, vector(v.Key(), value), vector(v.Key()+"_low", low), vector(v.Key()+"_high", high))
	}
	return members
}
