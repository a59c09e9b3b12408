package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gpwbench/internal/npy"
	"gpwbench/results"
	"gpwbench/results/table"
)

// A mapData shows the test embeddings of one row in the plane.
type mapData struct {
	Set      string       `json:"set"`
	Name     string       `json:"name"`
	Says     string       `json:"says"` // which rows are drawn
	Classes  []int        `json:"classes"`
	Class    []int        `json:"class"` // of a point: a place in Classes
	Row      []int        `json:"row"`   // its place in the data set
	Views    []viewData   `json:"views"`
	Worst    []worstQuery `json:"worst"`
	WorstSay string       `json:"worstSay"`
}

// A viewData is the points of one projection, in units that mean nothing.
type viewData struct {
	Name string   `json:"name"`
	Says string   `json:"says"`
	X    []number `json:"x"`
	Y    []number `json:"y"`

	// By class: its name, its rows, and their mean place.
	Centres [][4]string `json:"centres"`
}

// A worstQuery is a query whose best positive has many negatives above it.
type worstQuery struct {
	Row     int       `json:"row"`
	Class   int       `json:"class"`
	Rank    int       `json:"rank"` // of its best positive, from 1
	Nearest []nearest `json:"nearest"`
}

type nearest struct {
	Row   int    `json:"row"`
	Class int    `json:"class"`
	S     number `json:"s"`
	Right bool   `json:"right"` // of the query's class
}

// The limits of a map.
const (
	mostMaps    = 8   // rows of a folder
	mapClasses  = 20  // more have no colours of their own
	mapRows     = 400 // the projection takes time in their square
	worstRows   = 10
	nearestRows = 5
)

// embedded are the embeddings that a run kept.
type embedded struct {
	rows, dim      int
	values         []float64 // rows×dim, each row of length 1
	labels, places []int
	query, gallery []bool
	withoutLength  int // rows that are zero
}

// addMaps adds the maps of the first rows whose runs kept embeddings.
func (f *Folder) addMaps(ctx context.Context, store *results.Store) error {
	for _, b := range f.table.Blocks {
		names := rowNames(b)
		for k, r := range b.Rows {
			if len(f.data.Maps) == mostMaps {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			m, err := mapOf(store, r)
			if err != nil {
				return err
			}
			if m != nil {
				m.Set, m.Name = b.DatasetName(), names[k]
				f.data.Maps = append(f.data.Maps, *m)
			}
		}
	}
	return nil
}

// mapOf maps the embeddings of the first seed that kept some; nil if none did.
func mapOf(store *results.Store, r table.Row) (*mapData, error) {
	for _, run := range r.Runs {
		name := results.EmbeddingsFile(run.ID)
		if err := store.CheckFile(run, name); isMissing(err) {
			continue
		} else if err != nil {
			return nil, err
		}
		e, err := readEmbedded(store.Path(name))
		if err != nil {
			return nil, err
		}
		m := e.mapped()
		if !run.Seedless {
			m.Says = "Seed " + strconv.FormatUint(run.Seed, 10) + ". " + m.Says
		}
		queries, err := store.ReadQueries(run)
		if isMissing(err) {
			m.WorstSay = "The run kept no per-query results, so its worst queries are not known."
			return m, nil
		}
		if err != nil {
			return nil, err
		}
		return m, e.addWorst(m, queries)
	}
	return nil, nil
}

// readEmbedded reads a file of embeddings and gives each row the length 1.
func readEmbedded(path string) (*embedded, error) {
	arrays, err := npy.ReadNPZ(path)
	if err != nil {
		return nil, err
	}
	wrong := func(what string) error { return &results.DamagedError{Path: path, Err: errors.New(what)} }
	var ints [3][]int
	for k, name := range []string{"labels", "rows", "partition"} {
		a := arrays[name]
		if a == nil && name == "partition" {
			continue
		}
		if a == nil {
			return nil, wrong("it has no array " + name)
		}
		if ints[k], err = a.Ints(); err != nil {
			return nil, wrong(err.Error())
		}
	}
	a := arrays["embeddings"]
	if a == nil || len(a.Shape) != 2 || a.Shape[0] != len(ints[0]) || len(ints[1]) != len(ints[0]) || ints[2] != nil && len(ints[2]) != len(ints[0]) {
		return nil, wrong("its embeddings, labels and rows do not fit")
	}
	e := &embedded{rows: a.Shape[0], dim: a.Shape[1], labels: ints[0], places: ints[1]}
	if e.values, err = a.Float64s(); err != nil {
		return nil, wrong(err.Error())
	}
	e.query, e.gallery = make([]bool, e.rows), make([]bool, e.rows)
	for i := range e.rows {
		e.query[i] = ints[2] == nil || ints[2][i] == 1
		e.gallery[i] = ints[2] == nil || ints[2][i] == 2
		if err := e.normalise(i); err != nil {
			return nil, wrong(err.Error())
		}
	}
	return e, nil
}

// normalise gives a row the length 1. One of zeros stays as it is.
func (e *embedded) normalise(i int) error {
	row := e.row(i)
	sum := 0.0
	for _, v := range row {
		sum += v * v
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("row %d is not finite", i)
	}
	if sum == 0 {
		e.withoutLength++
		return nil
	}
	for k := range row {
		row[k] /= math.Sqrt(sum)
	}
	return nil
}

func (e *embedded) row(i int) []float64 { return e.values[i*e.dim : (i+1)*e.dim] }

// sample chooses at most mapClasses classes, evenly in their order, and at most mapRows
// rows of these, evenly within each class.
func (e *embedded) sample() (classes, rows []int, says string) {
	all := map[int][]int{}
	var known []int
	for i, label := range e.labels {
		if all[label] == nil {
			known = append(known, label)
		}
		all[label] = append(all[label], i)
	}
	slices.Sort(known)
	for _, k := range evenly(len(known), mapClasses) {
		classes = append(classes, known[k])
	}
	if len(classes) == 0 {
		return nil, nil, ""
	}
	each := max(1, mapRows/len(classes))
	for _, c := range classes {
		for _, k := range evenly(len(all[c]), each) {
			rows = append(rows, all[c][k])
		}
	}
	says = fmt.Sprintf("%d of %d test rows, of %d of %d test classes", len(rows), e.rows, len(classes), len(known))
	if len(rows) < e.rows {
		says += ", evenly spaced in the order of the labels and of the rows"
	}
	return classes, rows, says + "."
}

// mapped projects a sample of the rows.
func (e *embedded) mapped() *mapData {
	classes, rows, says := e.sample()
	m := &mapData{Says: says, Classes: classes, Class: []int{}, Row: []int{}, Views: []viewData{}, Worst: []worstQuery{}}
	for _, i := range rows {
		m.Class, m.Row = append(m.Class, slices.Index(classes, e.labels[i])), append(m.Row, e.places[i])
	}
	x := make([]float64, 0, len(rows)*e.dim)
	for _, i := range rows {
		x = append(x, e.row(i)...)
	}
	if e.withoutLength > 0 {
		m.Says += fmt.Sprintf(" %d rows are zero and have no direction.", e.withoutLength)
	}

	plane, shares, err := principal(x, len(rows), e.dim)
	if err != nil {
		m.Says += " No map is drawn: " + err.Error() + "."
		return m
	}
	m.addView("PCA", fmt.Sprintf("The two directions of the largest variance of these rows at length 1, with %.0f %% and %.0f %% of it. "+
		"Distances are those of the embeddings up to what the other directions hold.", 100*shares[0], 100*shares[1]), plane)
	if len(rows) < fewestNeighbours {
		return m
	}
	perplexity := min(maxPerplexity, float64(len(rows)-1)/3)
	m.addView("t-SNE", fmt.Sprintf("t-SNE (van der Maaten and Hinton, 2008), exact, perplexity %.0f, %d steps from the PCA, without random numbers. "+
		"It keeps near rows near. Distances between groups, their sizes and their densities mean nothing.", perplexity, neighbourSteps), neighbours(x, len(rows), e.dim, perplexity, plane))
	return m
}

// addView adds the places of the rows, the farthest coordinate at ±1.
func (m *mapData) addView(name, says string, plane []float64) {
	v := viewData{Name: name, Says: says, Centres: [][4]string{}}
	most := 0.0
	for _, c := range plane {
		most = max(most, math.Abs(c))
	}
	for i := 0; i < len(plane); i += 2 {
		v.X, v.Y = append(v.X, place(plane[i]/most)), append(v.Y, place(plane[i+1]/most))
	}
	for k, class := range m.Classes {
		n, x, y := 0, 0.0, 0.0
		for i, own := range m.Class {
			if own == k {
				n, x, y = n+1, x+float64(v.X[i]), y+float64(v.Y[i])
			}
		}
		written := func(sum float64) string { return minus(strconv.FormatFloat(sum/float64(n), 'f', 3, 64)) }
		v.Centres = append(v.Centres, [4]string{"class " + strconv.Itoa(class), strconv.Itoa(n), written(x), written(y)})
	}
	m.Views = append(m.Views, v)
}

// addWorst adds the queries whose best positive has the most negatives above it, each
// with the rows that are nearest to it.
func (e *embedded) addWorst(m *mapData, q *results.Queries) error {
	var queries []int // rows
	for i := range e.rows {
		if e.query[i] {
			queries = append(queries, i)
		}
	}
	if len(queries) != len(q.Above) {
		m.WorstSay = fmt.Sprintf("The embeddings have %d queries and the per-query results %d, so the worst queries are not shown.", len(queries), len(q.Above))
		return nil
	}
	var worst []int // places among the queries
	for k := range queries {
		if q.HasPositive(k) && q.Above[k] > 0 {
			worst = append(worst, k)
		}
	}
	slices.SortFunc(worst, func(x, y int) int { return cmp.Or(cmp.Compare(q.Above[y], q.Above[x]), cmp.Compare(x, y)) })
	m.WorstSay = fmt.Sprintf("%d of %d queries have a negative above their best positive.", len(worst), len(queries))
	if len(worst) > worstRows {
		m.WorstSay += fmt.Sprintf(" These are the %d in which most negatives are above it.", worstRows)
		worst = worst[:worstRows]
	}
	for _, k := range worst {
		i := queries[k]
		m.Worst = append(m.Worst, worstQuery{e.places[i], e.labels[i], int(q.Above[k]) + 1, e.nearest(i)})
	}
	return nil
}

// nearest are the gallery rows that are most similar to a query, itself left out.
func (e *embedded) nearest(i int) []nearest {
	type other struct {
		row int
		s   float64
	}
	var best []other
	for j := range e.rows {
		if j == i || !e.gallery[j] {
			continue
		}
		s := 0.0
		for k, v := range e.row(i) {
			s += v * e.row(j)[k]
		}
		if len(best) == nearestRows && s <= best[nearestRows-1].s {
			continue
		}
		best = append(best, other{j, s})
		slices.SortStableFunc(best, func(x, y other) int { return cmp.Compare(y.s, x.s) })
		best = best[:min(len(best), nearestRows)]
	}
	var rows []nearest
	for _, o := range best {
		rows = append(rows, nearest{e.places[o.row], e.labels[o.row], place(o.s), e.labels[o.row] == e.labels[i]})
	}
	return rows
}
