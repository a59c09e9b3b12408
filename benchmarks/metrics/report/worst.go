package report

import (
	"fmt"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/output"
)

// worstGrid lists the worst queries.
func worstGrid(all []Answered) *output.Grid {
	g := &output.Grid{Header: []string{"worst query", "class", worstMetric(all[0]), "rank of best positive", "best positive", "what outranks it"}}
	if len(all) > 1 {
		g.Header = append([]string{"embeddings"}, g.Header...)
	}
	for i := range all {
		a := &all[i]
		for _, q := range a.Worst {
			var above []string
			for _, f := range q.Before {
				above = append(above, a.foundText(f))
			}
			if more := q.Rank - 1 - len(q.Before); more > 0 {
				above = append(above, fmt.Sprintf("and %d more", more))
			}
			cells := []string{
				strconv.Itoa(a.row(q.Row)), a.className(a.labels()[q.Row]), fmt.Sprintf("%.4g", output.Unsigned(q.Value)),
				strconv.Itoa(q.Rank), a.foundText(q.Best), strings.Join(above, "; "),
			}
			if len(all) > 1 {
				cells = append([]string{a.Name}, cells...)
			}
			g.Add(cells...)
		}
	}
	return g
}

// worstMetric is the metric by which queries are the worst.
func worstMetric(a Answered) string {
	for _, v := range a.Values {
		if v.OfQueries() && v.Why == "" {
			return v.Heading()
		}
	}
	return "value"
}

// foundText writes a row of the gallery with its class and similarity.
func (a *Answered) foundText(f retrieval.Found) string {
	if a.galleryLabels() == nil {
		return fmt.Sprintf("row %d at %.4f", a.galleryRow(f.Row), output.Unsigned(f.Similarity))
	}
	return fmt.Sprintf("row %d of %s at %.4f", a.galleryRow(f.Row), a.className(a.galleryLabels()[f.Row]), output.Unsigned(f.Similarity))
}

func (a *Answered) galleryLabels() []int {
	if a.Gallery != nil {
		return a.Gallery.Labels
	}
	return a.Queries.Labels
}

// row is the row of a query in its file, and galleryRow that of a row that it finds.
func (a *Answered) row(query int) int { return inFile(a.Rows, query) }

func (a *Answered) galleryRow(row int) int {
	if a.Gallery == nil {
		return inFile(a.Rows, row)
	}
	return inFile(a.GalleryRows, row)
}

func inFile(rows []int, row int) int {
	if rows == nil {
		return row
	}
	return rows[row]
}

type foundJSON struct {
	Row        int     `json:"row"`
	Class      string  `json:"class,omitempty"`
	Similarity float64 `json:"similarity"`
}

type worstJSON struct {
	Query  int         `json:"query"`
	Class  string      `json:"class,omitempty"`
	Value  float64     `json:"value"`
	Rank   int         `json:"rank"`
	Best   foundJSON   `json:"best"`
	Before []foundJSON `json:"before"`
}

func (a *Answered) worstJSON() []worstJSON {
	found := func(f retrieval.Found) foundJSON {
		j := foundJSON{Row: a.galleryRow(f.Row), Similarity: output.Unsigned(f.Similarity)}
		if labels := a.galleryLabels(); labels != nil {
			j.Class = a.className(labels[f.Row])
		}
		return j
	}
	var all []worstJSON
	for _, q := range a.Worst {
		w := worstJSON{Query: a.row(q.Row), Value: output.Unsigned(q.Value), Rank: q.Rank, Best: found(q.Best), Before: []foundJSON{}}
		if a.Queries.Labels != nil {
			w.Class = a.className(a.Queries.Labels[q.Row])
		}
		for _, f := range q.Before {
			w.Before = append(w.Before, found(f))
		}
		all = append(all, w)
	}
	return all
}
