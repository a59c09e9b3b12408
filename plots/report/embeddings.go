package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"gpwbench/internal/arrays"
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

// embedded are the embeddings that a run kept. Their rows stay in the file, but for the
// few that are drawn or searched with.
type embedded struct {
	file           *arrays.File
	matrix         *arrays.Array
	rows, dim      int
	labels, places []int
	query, gallery []bool

	kept          map[int][]float64 // rows at length 1; those that are zero stay as they are
	withoutLength int               // rows of the file that are zero
}

// addMaps adds the maps of the rows whose runs kept embeddings, of more than a page has
// those of the best means.
func (f *Folder) addMaps(ctx context.Context, store *results.Store) error {
	type candidate struct{ block, row, rank int }
	var all []candidate
	for k, b := range f.table.Blocks {
		ranks := f.ranksIn(k, f.data.Metric)
		for r, row := range b.Rows {
			if slices.ContainsFunc(row.Runs, func(run results.Record) bool { return keptEmbeddings(store, run) }) {
				all = append(all, candidate{k, r, ranks[r]})
			}
		}
	}
	chosen := slices.Clone(all)
	slices.SortStableFunc(chosen, func(x, y candidate) int { return cmp.Compare(x.rank, y.rank) })
	chosen = chosen[:min(len(chosen), mostMaps)]
	if len(chosen) < len(all) {
		f.data.MapsSay = fmt.Sprintf("%d of %d rows that kept embeddings are on this page, those of the best means in %s on their data sets. gpw eval reads the files of the others, embeddings/*.npz of the folder.",
			len(chosen), len(all), metricTitle(f.data.Metric))
	}

	for _, c := range all {
		if !slices.Contains(chosen, c) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b := f.table.Blocks[c.block]
		m, err := mapOf(store, b.Rows[c.row])
		if err != nil {
			return err
		}
		if m != nil {
			m.Set, m.Name = b.DatasetName(), rowNames(b)[c.row]
			f.data.Maps = append(f.data.Maps, *m)
		}
	}
	return nil
}

// keptEmbeddings reports whether a run kept embeddings, by its record, and by the folder
// where an older record lists no files.
func keptEmbeddings(store *results.Store, run results.Record) bool {
	name := results.EmbeddingsFile(run.ID)
	if run.Files != nil {
		return run.Files[name] != ""
	}
	_, err := os.Stat(store.Path(name))
	return err == nil
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

		queries, err := store.ReadQueries(run)
		if err != nil && !isMissing(err) {
			return nil, err
		}
		m, err := mapFile(store.Path(name), queries)
		if err == nil && !run.Seedless {
			m.Says = "Seed " + strconv.FormatUint(run.Seed, 10) + ". " + m.Says
		}
		return m, err
	}
	return nil, nil
}

// mapFile maps a file of embeddings. The queries are its per-query results, nil where
// there are none. The file is read twice, a part at a time.
func mapFile(path string, queries *results.Queries) (*mapData, error) {
	e, err := openEmbedded(path)
	if err != nil {
		return nil, err
	}
	defer e.file.Close()

	classes, rows, says := e.sample()
	m := &mapData{Says: says, Classes: classes, Class: []int{}, Row: []int{}, Views: []viewData{}, Worst: []worstQuery{}}
	worst := e.worst(m, queries)
	if err := e.keep(rows, worst); err != nil {
		return nil, err
	}
	e.project(m, rows)
	return m, e.addNearest(m, worst)
}

// openEmbedded opens a file of embeddings and reads what it says of their rows. The
// caller closes it.
func openEmbedded(path string) (e *embedded, err error) {
	file, err := arrays.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()

	e = &embedded{file: file}
	var partition []int
	for _, a := range file.Arrays {
		switch a.Name {
		case "embeddings":
			e.matrix = a
		case "labels":
			e.labels, _, err = a.Labels()
		case "rows":
			e.places, _, err = a.Labels()
		case "partition":
			partition, _, err = a.Labels()
		}
		if err != nil {
			return nil, err
		}
	}
	if a := e.matrix; a == nil || len(a.Shape) != 2 || a.Shape[0] != len(e.labels) || len(e.places) != len(e.labels) || partition != nil && len(partition) != len(e.labels) {
		return nil, &results.DamagedError{Path: path, Err: errors.New("its embeddings, labels and rows do not fit")}
	}

	e.rows, e.dim = e.matrix.Shape[0], e.matrix.Shape[1]
	e.query, e.gallery = make([]bool, e.rows), make([]bool, e.rows)
	for i := range e.rows {
		e.query[i] = partition == nil || partition[i] == 1
		e.gallery[i] = partition == nil || partition[i] == 2
	}
	return e, nil
}

// each passes the rows of the file, each at length 1. One of zeros stays as it is.
func (e *embedded) each(visit func(i int, row []float64, length float64)) error {
	return e.matrix.EachRow(func(i int, row []float64) error {
		sum := 0.0
		for _, v := range row {
			sum += v * v
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return &results.DamagedError{Path: e.file.Path, Err: fmt.Errorf("row %d is not finite", i)}
		}
		length := math.Sqrt(sum)
		if length > 0 {
			for k := range row {
				row[k] /= length
			}
		}
		visit(i, row, length)
		return nil
	})
}

// keep keeps the rows of some lists, and counts those of the file that are zero.
func (e *embedded) keep(lists ...[]int) error {
	e.kept, e.withoutLength = map[int][]float64{}, 0
	for _, i := range slices.Concat(lists...) {
		e.kept[i] = nil
	}
	return e.each(func(i int, row []float64, length float64) {
		if length == 0 {
			e.withoutLength++
		}
		if _, wanted := e.kept[i]; wanted {
			e.kept[i] = slices.Clone(row)
		}
	})
}

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

// project adds the maps of a sample of the rows, which are kept.
func (e *embedded) project(m *mapData, rows []int) {
	x := make([]float64, 0, len(rows)*e.dim)
	for _, i := range rows {
		m.Class, m.Row = append(m.Class, slices.Index(m.Classes, e.labels[i])), append(m.Row, e.places[i])
		x = append(x, e.kept[i]...)
	}
	if e.withoutLength > 0 {
		m.Says += fmt.Sprintf(" %d rows are zero and have no direction.", e.withoutLength)
	}

	plane, shares, err := principal(x, len(rows), e.dim)
	if err != nil {
		m.Says += " No map is drawn: " + err.Error() + "."
		return
	}
	m.addView("PCA", fmt.Sprintf("The two directions of the largest variance of these rows at length 1, with %.0f %% and %.0f %% of it. "+
		"Distances are those of the embeddings up to what the other directions hold.", 100*shares[0], 100*shares[1]), plane)
	if len(rows) < fewestNeighbours {
		return
	}
	perplexity := min(maxPerplexity, float64(len(rows)-1)/3)
	m.addView("t-SNE", fmt.Sprintf("t-SNE (van der Maaten and Hinton, 2008), exact, perplexity %.0f, %d steps from the PCA, without random numbers. "+
		"It keeps near rows near. Distances between groups, their sizes and their densities mean nothing.", perplexity, neighbourSteps), neighbours(x, len(rows), e.dim, perplexity, plane))
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

// worst lists the rows whose best positive has the most negatives above it, and adds them
// to the map with what is said of them.
func (e *embedded) worst(m *mapData, q *results.Queries) (rows []int) {
	if q == nil {
		m.WorstSay = "The run kept no per-query results, so its worst queries are not known."
		return nil
	}
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
		rows = append(rows, i)
		m.Worst = append(m.Worst, worstQuery{Row: e.places[i], Class: e.labels[i], Rank: int(q.Above[k]) + 1})
	}
	return rows
}

// addNearest adds to the worst queries of a map the gallery rows that are most similar to
// each, itself left out. Their rows are kept.
func (e *embedded) addNearest(m *mapData, queries []int) error {
	if len(queries) == 0 {
		return nil
	}
	type other struct {
		row int
		s   float64
	}
	best := make([][]other, len(queries))
	err := e.each(func(j int, row []float64, _ float64) {
		if !e.gallery[j] {
			return
		}
		for q, i := range queries {
			if i == j {
				continue
			}
			s := 0.0
			for k, v := range e.kept[i] {
				s += v * row[k]
			}
			if len(best[q]) == nearestRows && s <= best[q][nearestRows-1].s {
				continue
			}
			best[q] = append(best[q], other{j, s})
			slices.SortStableFunc(best[q], func(x, y other) int { return cmp.Compare(y.s, x.s) })
			best[q] = best[q][:min(len(best[q]), nearestRows)]
		}
	})
	for q, i := range queries {
		for _, o := range best[q] {
			m.Worst[q].Nearest = append(m.Worst[q].Nearest, nearest{e.places[o.row], e.labels[o.row], place(o.s), e.labels[o.row] == e.labels[i]})
		}
	}
	return err
}
