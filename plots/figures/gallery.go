package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/experiments/protocol"
	"gpwbench/gpw"
	"gpwbench/plots"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
)

// A gallery has the figures to draw.
type gallery struct {
	drawings []drawing
	drawn    map[string]bool // by name
	sets     []string        // names of data sets
	first    map[string][]sourced[*analysis.Scatter]
	trained  map[string][]sourced[*analysis.TrainingHistory]
}

// A sourced is what a figure shows of a run, with the record of the run.
type sourced[T any] struct {
	data   T
	record results.Record
	others []results.Record // of the other seeds that it shows
	seeds  int              // runs of the row, which figures of trainings tell
}

type drawing struct {
	name string
	draw func() *plots.Figure
	from string // identifies what it is drawn from; "" if that cannot be told
}

func newGallery() *gallery {
	return &gallery{drawn: map[string]bool{}, first: map[string][]sourced[*analysis.Scatter]{}, trained: map[string][]sourced[*analysis.TrainingHistory]{}}
}

// Names returns the files that figures of records may have, whatever their runs kept.
func Names(records []results.Record) []string {
	g := newGallery()
	for k, r := range records {
		g.addRun(r, trained{history: &analysis.TrainingHistory{}, record: r}, []*analysis.Scatter{{Title: strconv.Itoa(k)}})
	}
	g.addPages()
	g.addIntervals(nil, records)
	return g.names()
}

// names returns the names of the files.
func (g *gallery) names() []string {
	var names []string
	for _, d := range g.drawings {
		names = append(names, files(d.name)...)
	}
	return names
}

// files returns the files of one figure.
func files(name string) []string {
	return []string{"figures/" + name + ".svg", "figures/" + name + ".png"}
}

// addRun adds the figures of one run, from the batches that it kept, and of its row where
// it is the first of the row's runs that kept a history. Otherwise the row has none.
func (g *gallery) addRun(r results.Record, row trained, clouds []*analysis.Scatter) {
	set, history := r.Dataset.Name, row.history
	if (history != nil || len(clouds) > 0) && !slices.Contains(g.sets, set) {
		g.sets = append(g.sets, set)
	}

	if history != nil {
		of := sourced[*analysis.TrainingHistory]{history, r, row.others, history.Seeds}
		g.add("training_"+set+"_"+slug(r), DrawnFrom(of.records(), of.seeds), func() *plots.Figure { return plots.Training(plots.Page, history) })
		g.trained[set] = append(g.trained[set], of)
	}

	if len(clouds) == 0 {
		return
	}

	g.add("weights_"+set+"_"+slug(r), DrawnFrom([]results.Record{r}), func() *plots.Figure { return plots.Weights(plots.Page, clouds...) })
	if clouds[0].Step == 0 && !has(g.first[set], clouds[0]) {
		g.first[set] = append(g.first[set], sourced[*analysis.Scatter]{data: clouds[0], record: r})
	}
}

// records are those of everything that is shown.
func (s sourced[T]) records() []results.Record {
	return append([]results.Record{s.record}, s.others...)
}

// addIntervals adds the figures of the rows of records, with their intervals over the
// test classes from the store; of a nil store, those that there may be.
func (g *gallery) addIntervals(store *results.Store, records []results.Record) {
	if len(records) == 0 {
		return
	}
	t := table.Summarize(records, order(nil, records), nil)
	names := map[string]bool{}
	for _, b := range t.Blocks {
		for _, r := range b.Rows {
			names[r.Label+r.Protocol+r.Head] = true
		}
	}
	if store == nil {
		pages(g, IntervalsView, make([]sourced[struct{}], len(names)), plots.IntervalRows, func([]struct{}) *plots.Figure { return nil })
		return
	}

	t.Compare(store)
	metric, err := compare.Metric(t.Sets(), "")
	if err != nil || !slices.ContainsFunc(t.Sets(), func(s *compare.Set) bool { return s.Classes() > 1 }) {
		return // no per-query results, as of older records
	}
	drawn, err := Layout{Width: plots.Page}.intervals(t, metric)
	if err != nil {
		return
	}
	for _, d := range drawn {
		g.add(d.Name, DrawnFrom(records), func() *plots.Figure { return d.Figure })
	}
}

// addPages adds the figures of all losses side by side.
func (g *gallery) addPages() {
	for _, name := range g.sets {
		pages(g, "overview_"+name, g.first[name], plots.Page.OverviewLosses(), func(losses []*analysis.Scatter) *plots.Figure {
			return plots.Overview(losses, gpw.S, plots.Page)
		})
		pages(g, "trainings_"+name, g.trained[name], plots.TrainingLosses, func(losses []*analysis.TrainingHistory) *plots.Figure {
			return plots.Trainings(plots.Page, losses)
		})
	}
}

func (g *gallery) add(name, from string, draw func() *plots.Figure) {
	name = short(name)
	for g.drawn[name] { // two labels that differ only in punctuation
		name = short(name + "_")
	}
	g.drawn[name] = true
	g.drawings = append(g.drawings, drawing{name, draw, from})
}

// longest is the length of a name in bytes that file systems allow, 255, less an
// extension and the addition of a temporary file: a point and 19 digits.
const longest = 255 - len(".svg") - 20

// short cuts a name that is too long, and makes it unique by a checksum.
func short(name string) string {
	if len(name) <= longest {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	mark := "_" + hex.EncodeToString(sum[:6])
	return name[:longest-len(mark)] + mark
}

// pages adds figures of at most n losses each, as even as they can be. The second and
// later ones have their number in their name.
func pages[T any](g *gallery, name string, losses []sourced[T], n int, draw func([]T) *plots.Figure) {
	page := 0
	for part := range slices.Chunk(losses, evenly(len(losses), n)) {
		title := name
		if page++; page > 1 {
			title += "_" + strconv.Itoa(page)
		}
		var data []T
		var records []results.Record
		var seeds []int
		for _, one := range part {
			data, records, seeds = append(data, one.data), append(records, one.records()...), append(seeds, one.seeds)
		}
		g.add(title, DrawnFrom(records, title, seeds), func() *plots.Figure { return draw(data) })
	}
}

// has reports whether a loss is already drawn, because two protocols of one row share the
// first step.
func has(clouds []sourced[*analysis.Scatter], c *analysis.Scatter) bool {
	for _, one := range clouds {
		if other := one.data; other.Title == c.Title && other.Caption == c.Caption {
			return true
		}
	}
	return false
}

// slug returns a file name for a row, with its swept values.
func slug(r results.Record) string {
	name := nameOf(r.Label)
	if name == "" {
		name = r.Loss
	}
	if r.Protocol != (protocol.Fixed{}).Name() {
		name += "_" + r.Protocol
	}
	for _, path := range slices.Sorted(maps.Keys(r.Swept)) {
		name += "_" + nameOf(path[strings.LastIndexByte(path, '.')+1:]+" "+results.SweptText(r.Swept[path]))
	}
	return name
}

// nameOf makes a part of a file name of a text.
func nameOf(text string) string {
	words := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return ' '
	}, strings.NewReplacer("α", "alpha", "β", "beta", "λ", "lambda", "ε", "eps", "*", " star", "+", " and ").Replace(text))
	return strings.Join(strings.Fields(words), "_")
}
