package cli

import (
	"context"
	"strconv"

	"gpwbench/benchmarks/retrieval"
)

// A neighbourJSON is one line of the lists of gpw eval --neighbours. Rows and ranks of the arrays count from 0 and from 1.
type neighbourJSON struct {
	Query      int     `json:"query"`
	Rank       int     `json:"rank"`
	Row        int     `json:"row"`
	Similarity float32 `json:"similarity"`
	Class      int     `json:"class"`
	Positive   bool    `json:"positive"`
}

// neighbours are the k nearest of every query, in one list, and what its reader should know.
func neighbours(ctx context.Context, q labelled, g *labelled, k int) (all []neighbourJSON, remarks []string, err error) {
	var lists *retrieval.Lists
	if g == nil {
		g = &q
		lists, err = retrieval.Neighbours(ctx, q.Vectors, k)
	} else {
		lists, err = retrieval.NeighboursIn(ctx, q.Vectors, g.Vectors, k)
	}
	if err != nil {
		return nil, nil, err
	}
	all = []neighbourJSON{}
	for query, list := range lists.Of {
		for rank, n := range list {
			class := g.labels[n.Row]
			all = append(all, neighbourJSON{query, rank + 1, n.Row, n.Similarity, class, class == q.labels[query]})
		}
	}
	for _, remark := range []string{retrieval.CopiesRemark(lists.Copies, q.Rows), retrieval.UndecidedRemark(lists.Undecided)} {
		if remark != "" {
			remarks = append(remarks, remark)
		}
	}
	return all, remarks, nil
}

func writeNeighbours(w writer, format string, all []neighbourJSON) error {
	if format == "json" {
		return writeJSON(w, all, "")
	}
	g := &grid{header: []string{"query", "rank", "row", "similarity", "class", "positive"}}
	for _, n := range all {
		g.add(strconv.Itoa(n.Query), strconv.Itoa(n.Rank), strconv.Itoa(n.Row), strconv.FormatFloat(float64(n.Similarity), 'g', 6, 32), strconv.Itoa(n.Class), strconv.FormatBool(n.Positive))
	}
	return g.write(w, format)
}
