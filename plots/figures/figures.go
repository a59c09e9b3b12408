package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/plots"
	"gpwbench/results"
)

// Dots is the resolution of PNG files in dots per inch, at least 1: that of print. A
// program that wants another sets it before it draws its first figure.
var Dots = 300

// Figures draws the weights that runs kept into the folder figures: for each data set, of
// each loss its weights and its training, and with all losses side by side the batch they
// share and their trainings, and of all data sets the rows with their intervals where
// runs kept per-query results, as SVG and PNG. It returns how many figures there are.
//
// Figures that are there and were drawn by this program from the same records stay as
// they are. The others are drawn on all cores, and it stops between two figures when ctx
// ends; a nil ctx never ends. progress, if it is not nil, is told after each figure how
// many of those to draw are done; calls do not overlap.
func Figures(ctx context.Context, store *results.Store, to *results.Derived, records []results.Record, progress func(done, total int)) (int, error) {
	if store == nil || to == nil {
		return 0, errNoStore
	}

	from := DrawnFrom(records)
	if files, ok := to.KeepFigures(from); ok {
		return files / 2, nil
	}

	ctx = cmp.Or(ctx, context.Background())
	g, err := galleryOf(store, records)
	if err != nil {
		return 0, err
	}

	var due []drawing
	var names []string
	for _, d := range g.drawings {
		if to.KeepFigure(d.from, files(d.name)...) {
			to.DrawnFrom(d.from, files(d.name)...)
			continue
		}
		due, names = append(due, d), append(names, files(d.name)...)
	}
	if err := to.Announce(names...); err != nil {
		return 0, err
	}
	if err := drawAll(ctx, to, due, progress); err != nil {
		return len(g.drawings), err
	}
	to.DrawnFrom(from)
	return len(g.drawings), nil
}

// galleryOf reads what the runs of records kept.
func galleryOf(store *results.Store, records []results.Record) (*gallery, error) {
	g := newGallery()
	histories := make([]*analysis.TrainingHistory, len(records))
	for k, r := range records {
		history, err := TrainingHistory(store, r, gpw.Pooling{})
		if err != nil {
			return nil, err
		}
		histories[k] = history
	}

	rows := map[string]trained{} // by the id of their first record
	for _, row := range joinSeeds(histories, records) {
		rows[row.record.ID] = row
	}
	for _, r := range records {
		row, first := rows[r.ID]
		if first { // a large batch is some megabytes, so it is read once
			g.addRun(r, row, row.history.Batches)
			continue
		}
		clouds, err := Scatters(store, r, gpw.Pooling{})
		if err != nil {
			return nil, err
		}
		g.addRun(r, trained{}, clouds)
	}

	g.addPages()
	g.addIntervals(store, records)
	return g, nil
}

var errNoStore = errors.New("figures: no results folder to draw from; results.Open opens one, and Store.Derive writes into it")

// drawAll draws on all cores.
func drawAll(ctx context.Context, to *results.Derived, drawings []drawing, progress func(done, total int)) (err error) {
	queue := make(chan drawing)
	errs := make(chan error, len(drawings))
	var workers sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for d := range queue {
				if ctx.Err() != nil {
					continue
				}
				errs <- drawInto(to, d)

				mu.Lock()
				if done++; progress != nil {
					progress(done, len(drawings))
				}
				mu.Unlock()
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
	return errors.Join(err, ctx.Err())
}

// Scatters reads the snapshots that a run kept, in the order of its steps. A run that
// kept none has no scatters.
func Scatters(store *results.Store, r results.Record, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	if store == nil {
		return nil, errNoStore
	}
	name := analysis.SnapshotFile(r.ID)
	if err := store.CheckFile(r, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}

	snapshots, err := analysis.ReadSnapshots(store.Path(name))
	if err != nil {
		return nil, err
	}
	with, err := Compared(r)
	if err != nil {
		return nil, err
	}

	text, err := caption(store, r)
	if err != nil {
		return nil, err
	}

	var all []*analysis.Scatter
	for _, s := range snapshots {
		w, err := s.WeightsPooled(pooling)
		if err != nil {
			return nil, err
		}
		c, err := analysis.NewScatter(w)
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

// drawInto draws a figure into the folder. A panic is an error, because in a goroutine it
// would end the program.
func drawInto(to *results.Derived, d drawing) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("figures: %s: drawing panicked: %v", d.name, p)
		}
	}()
	if err := write(to, d.name, d.draw()); err != nil {
		return err
	}
	to.DrawnFrom(d.from, files(d.name)...)
	return nil
}

func write(to *results.Derived, name string, f *plots.Figure) error {
	svg, err := f.SVG()
	if err != nil {
		return err
	}
	png, err := f.PNG(Dots)
	if err != nil {
		return err
	}

	for k, file := range files(name) {
		if err := to.Write(file, [][]byte{svg, png}[k]); err != nil {
			return err
		}
	}
	return nil
}
