// Package report draws what a results folder holds.
package report

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/plots"
	"gpwbench/results"
)

// dots is the resolution of PNG files, per inch: that of print.
const dots = 300

// Figures draws the weights that runs kept into the folder figures: for each data set, of each loss its weights and its training, and with
// all losses side by side the batch they share and their trainings, as SVG and PNG; figures of other runs that were drawn there before are
// taken away. It returns how many figures there are. It draws on all cores and stops between two figures when ctx ends.
func Figures(ctx context.Context, store *results.Store, records []results.Record) (int, error) {
	var err error
	var names []string // of data sets
	first := map[string][]*analysis.Cloud{}
	trained := map[string][]*analysis.Course{}
	g := gallery{drawn: map[string]bool{}}
	for _, r := range records {
		set := r.Dataset.Name
		course, err := Course(store, r, gpw.Pooling{})
		if err != nil {
			return 0, err
		}
		var clouds []*analysis.Cloud
		if course != nil {
			clouds = course.Clouds // a large batch is some megabytes: it is read once
		} else if clouds, err = Clouds(store, r, gpw.Pooling{}); err != nil {
			return 0, err
		}
		if (course != nil || len(clouds) > 0) && !slices.Contains(names, set) {
			names = append(names, set)
		}
		if course != nil {
			g.add("training_"+set+"_"+slug(r), func() *plots.Figure { return plots.Training(plots.Page, course) })
			trained[set] = append(trained[set], course)
		}
		if len(clouds) == 0 {
			continue
		}
		g.add("weights_"+set+"_"+slug(r), func() *plots.Figure { return plots.Weights(plots.Page, clouds...) })
		if clouds[0].Step == 0 && !has(first[set], clouds[0]) {
			first[set] = append(first[set], clouds[0])
		}
	}
	for _, name := range names {
		pages(&g, "overview_"+name, first[name], plots.Page.OverviewLosses(), func(losses []*analysis.Cloud) *plots.Figure {
			return plots.Overview(losses, analysis.S, plots.Page)
		})
		pages(&g, "trainings_"+name, trained[name], plots.TrainingLosses, func(losses []*analysis.Course) *plots.Figure {
			return plots.Trainings(plots.Page, losses)
		})
	}

	if err := removeOthers(store, g.drawn); err != nil {
		return 0, err
	}
	drawings := g.drawings
	queue := make(chan drawing)
	errs := make(chan error, len(drawings))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for d := range queue {
				if ctx.Err() == nil {
					errs <- write(store, d.name, d.draw())
				}
			}
		})
	}
	for _, d := range drawings {
		queue <- d
	}
	close(queue)
	workers.Wait()
	close(errs)
	for e := range errs {
		err = errors.Join(err, e)
	}
	return len(drawings), errors.Join(err, ctx.Err())
}

// A gallery is the figures to draw.
type gallery struct {
	drawings []drawing
	drawn    map[string]bool // by name
}

type drawing struct {
	name string
	draw func() *plots.Figure
}

func (g *gallery) add(name string, draw func() *plots.Figure) {
	for g.drawn[name] { // two labels that differ in signs only
		name += "_"
	}
	g.drawn[name] = true
	g.drawings = append(g.drawings, drawing{name, draw})
}

// pages adds figures of at most n losses each; the second and the others have their number in their name.
func pages[T any](g *gallery, name string, losses []T, n int, draw func([]T) *plots.Figure) {
	page := 0
	for part := range slices.Chunk(losses, n) {
		title := name
		if page++; page > 1 {
			title += "_" + strconv.Itoa(page)
		}
		g.add(title, func() *plots.Figure { return draw(part) })
	}
}

// Clouds reads the snapshots that a run kept, in the order of its steps; a run that kept none has no clouds.
func Clouds(store *results.Store, r results.Record, pooling gpw.Pooling) ([]*analysis.Cloud, error) {
	snapshots, err := analysis.ReadSnapshots(store.Path(analysis.SnapshotFile(r.ID)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	with, err := Compared(r)
	if err != nil {
		return nil, err
	}
	text, err := caption(r)
	if err != nil {
		return nil, err
	}
	var all []*analysis.Cloud
	for _, s := range snapshots {
		w, err := s.Pooled(pooling)
		if err != nil {
			return nil, err
		}
		c, err := analysis.NewCloud(w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Label, err)
		}
		c.Loss, c.Title, c.Caption, c.Step = r.Loss+"."+r.Preset, title(r), text, s.Step
		c.Memory = with.Memory != nil
		c.Dataset, c.Source = datasetName(r), r.Dataset.Provenance
		all = append(all, c)
	}
	return all, nil
}

// removeOthers takes away figures that Figures drew for other runs.
func removeOthers(store *results.Store, drawn map[string]bool) error {
	for _, kind := range []string{"weights_*", "overview_*", "training_*", "trainings_*"} {
		old, err := filepath.Glob(store.Path("figures/" + kind))
		if err != nil {
			return err
		}
		for _, path := range old {
			if drawn[strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))] {
				continue
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// has reports whether a loss is drawn already: two protocols of one row share the first step.
func has(clouds []*analysis.Cloud, c *analysis.Cloud) bool {
	for _, other := range clouds {
		if other.Title == c.Title && other.Caption == c.Caption {
			return true
		}
	}
	return false
}

// slug makes a file name of a row.
func slug(r results.Record) string {
	text := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return ' '
	}, strings.NewReplacer("α", "alpha", "β", "beta", "λ", "lambda", "ε", "eps", "*", " star", "+", " and ").Replace(r.Label))
	name := strings.Join(strings.Fields(text), "_")
	if name == "" {
		name = r.Loss
	}
	if r.Protocol != "fixed" {
		name += "_" + r.Protocol
	}
	return name
}

func write(store *results.Store, name string, f *plots.Figure) error {
	svg, err := f.SVG()
	if err != nil {
		return err
	}
	png, err := f.PNG(dots)
	if err != nil {
		return err
	}
	if err := store.WriteFile("figures/"+name+".svg", svg); err != nil {
		return err
	}
	return store.WriteFile("figures/"+name+".png", png)
}
