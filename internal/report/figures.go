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

// Figures draws the weights that runs kept into the folder figures: for each data set one figure a loss, and one with all losses side by
// side on the batch they share, as SVG and PNG; figures of other runs that were drawn there before are taken away. It returns how many
// figures there are. It draws on all cores and stops between two figures when ctx ends.
func Figures(ctx context.Context, store *results.Store, records []results.Record) (int, error) {
	var err error
	type drawing struct {
		name string
		draw func() *plots.Figure
	}
	var drawings []drawing
	drawn := map[string]bool{}
	var names []string
	first := map[string][]*analysis.Cloud{} // by data set: the clouds of step 0
	for _, r := range records {
		clouds, err := Clouds(store, r, gpw.Pooling{})
		if err != nil {
			return 0, err
		}
		if len(clouds) == 0 {
			continue
		}
		name := "weights_" + r.Dataset.Name + "_" + slug(r)
		for drawn[name] { // two labels that differ in signs only
			name += "_"
		}
		drawn[name] = true
		drawings = append(drawings, drawing{name, func() *plots.Figure { return plots.Weights(plots.Page, clouds...) }})
		if clouds[0].Step > 0 || has(first[r.Dataset.Name], clouds[0]) {
			continue
		}
		if first[r.Dataset.Name] == nil {
			names = append(names, r.Dataset.Name)
		}
		first[r.Dataset.Name] = append(first[r.Dataset.Name], clouds[0])
	}
	for _, name := range names {
		pages := 0
		for page := range slices.Chunk(first[name], plots.Page.OverviewLosses()) {
			title := "overview_" + name
			if pages++; pages > 1 { // more losses than a page has room for
				title += "_" + strconv.Itoa(pages)
			}
			drawn[title] = true
			drawings = append(drawings, drawing{title, func() *plots.Figure { return plots.Overview(page, analysis.S, plots.Page) }})
		}
	}

	if err := removeOthers(store, drawn); err != nil {
		return 0, err
	}
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

// Clouds reads the snapshots that a run kept, in the order of its steps; a run that kept none has no clouds.
func Clouds(store *results.Store, r results.Record, pooling gpw.Pooling) ([]*analysis.Cloud, error) {
	snapshots, err := analysis.ReadSnapshots(store.Path(analysis.SnapshotFile(r.ID)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
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
		c.Loss, c.Title, c.Caption, c.Step = r.Loss+"."+r.Preset, r.Label, r.Params, s.Step
		c.Dataset = r.Dataset.Name
		if r.Dataset.Synthetic {
			c.Dataset += " (synthetic)"
		}
		all = append(all, c)
	}
	return all, nil
}

// removeOthers takes away figures that Figures drew for other runs.
func removeOthers(store *results.Store, drawn map[string]bool) error {
	for _, kind := range []string{"weights_*", "overview_*"} {
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
