package experiments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/internal/arrays"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train/headfile"
)

// Splits are the rows that embeddings can be exported of: those that train; those of the
// test, all, or the queries and the gallery. Without a gallery of its own, both are the
// test rows.
var Splits = []string{"train", "test", "query", "gallery"}

// An Export gives what a run of a results folder mapped its rows by, and the embeddings.
// What the run kept is read. For the rest the spec in the folder is read with its data
// sets, and the run is made again; it gives the same bytes. Nothing is written.
type Export struct {
	Record results.Record

	store    *results.Store
	losses   []losses.Spec
	progress Progress

	on   *datasetRuns // nil until the data are read
	job  job
	head *headfile.Head // nil until it is read or trained
	kept bool           // whether it was read
}

// NewExport prepares the export of a run of a folder. Losses of the spec are of the
// catalogue. A nil p receives nothing. A row that was trained elsewhere has neither a
// head nor features, and is refused with the path of its file.
func NewExport(store *results.Store, r results.Record, catalogue []losses.Spec, p Progress) (*Export, error) {
	e := &Export{Record: r, store: store, losses: catalogue, progress: p}
	if p == nil {
		e.progress = noProgress{}
	}
	if r.Kind != results.KindElsewhere {
		return e, nil
	}

	file := "the file that its spec names"
	if s, err := e.openSpec(); err == nil {
		for _, row := range s.Elsewhere {
			if row.Label == r.Label {
				file = row.Path(r.Dataset.Name, r.Seed)
			}
		}
	}
	return nil, fmt.Errorf("%s on %s was trained elsewhere: its embeddings are %s, and its head is not known here", r.Label, r.Dataset.Name, file)
}

// Metadata says in the file of a head what run it is of.
func (e *Export) Metadata() map[string]string { return headMetadata(e.Record) }

// Head returns the head of the embeddings that were measured, and whether the run kept
// it. Otherwise it is trained again.
func (e *Export) Head(ctx context.Context) (h *headfile.Head, kept bool, err error) {
	if e.head != nil {
		return e.head, e.kept, nil
	}
	name := results.HeadFile(e.Record.ID)
	switch err := e.store.CheckFile(e.Record, name); {
	case err == nil:
		e.head, _, err = headfile.Read(e.store.Path(name))
		e.kept = err == nil
		return e.head, e.kept, err
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, err
	}
	e.head, err = e.again(ctx)
	return e.head, false, err
}

// Embeddings returns the embeddings of a split, one of [Splits], and whether no training
// was needed. named also asks for the names of the classes, which only the data have.
func (e *Export) Embeddings(ctx context.Context, split string, named bool) (x *Embeddings, kept bool, err error) {
	if !slices.Contains(Splits, split) {
		return nil, false, fmt.Errorf("unknown split %q%s; known: %s", split, spec.DidYouMean(split, Splits), strings.Join(Splits, ", "))
	}
	if split != "train" {
		if x, err = e.keptEmbeddings(); err != nil {
			return nil, false, err
		}
	}
	if x != nil {
		if named {
			if err := e.read(ctx); err != nil {
				return nil, true, err
			}
			x.Names = e.on.data.Names
		}
		return x.of(split), true, nil
	}

	h, kept, err := e.Head(ctx)
	if err == nil {
		err = e.read(ctx)
	}
	if err != nil {
		return nil, kept, err
	}
	if split == "train" {
		return e.on.embeddingsOf(e.on.split.Train, h), kept, nil
	}
	return e.on.testEmbeddings(h).of(split), kept, nil
}

// of are the embeddings of the queries or of the gallery, where these are told apart.
func (e *Embeddings) of(split string) *Embeddings {
	wanted := map[string]int{"query": 1, "gallery": 2}[split]
	if wanted == 0 || e.Partition == nil {
		return e
	}
	part := &Embeddings{Dim: e.Dim, Names: e.Names}
	for k, row := range e.Rows {
		if e.Partition[k] == wanted {
			part.Rows, part.Labels = append(part.Rows, row), append(part.Labels, e.Labels[k])
		}
	}
	part.Each = func(add func(row []float32) error) error {
		k := -1
		return e.Each(func(row []float32) error {
			if k++; e.Partition[k] != wanted {
				return nil
			}
			return add(row)
		})
	}
	return part
}

// keptEmbeddings reads the embeddings that the run kept; nil if it kept none.
func (e *Export) keptEmbeddings() (*Embeddings, error) {
	name := results.EmbeddingsFile(e.Record.ID)
	if err := e.store.CheckFile(e.Record, name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	f, err := arrays.Open(e.store.Path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()

	x, all := &Embeddings{}, matrix.Matrix{}
	for _, a := range f.Arrays {
		switch a.Name {
		case "embeddings":
			all.Rows, all.Cols, all.Data, err = a.Float32s()
			all.Stride, x.Dim = all.Cols, all.Cols
		case "labels":
			x.Labels, _, err = a.Labels()
		case "rows":
			x.Rows, _, err = a.Labels()
		case "partition":
			x.Partition, _, err = a.Labels()
		}
		if err != nil {
			return nil, err
		}
	}
	x.Each = func(add func(row []float32) error) error {
		for i := range all.Rows {
			if err := add(all.Row(i)); err != nil {
				return err
			}
		}
		return nil
	}
	return x, nil
}

func (e *Export) openSpec() (*spec.Spec, error) {
	return Open(filepath.Join(e.store.Dir(), results.SpecFile), nil, e.losses)
}

// read reads the data of the folder's spec and finds the run in it.
func (e *Export) read(ctx context.Context) error {
	if e.on != nil {
		return nil
	}
	s, err := e.openSpec()
	if err != nil {
		return err
	}
	r, err := newRunner(s, Options{Progress: e.progress})
	if err != nil {
		return err
	}
	l, err := r.load(cmp.Or(ctx, context.Background()))
	if err != nil {
		return err
	}
	for _, js := range l.jobs {
		for _, j := range js {
			if j.record.ID == e.Record.ID {
				e.on, e.job = j.on, j
				e.on.store, e.on.reads, e.on.note = e.store, true, e.progress.Note
				return nil
			}
		}
	}
	return fmt.Errorf("%s has no run %.12s (%s on %s, seed %d) any more: the data, the spec or the revision of the program changed since; run the experiment again",
		filepath.Join(e.store.Dir(), results.SpecFile), e.Record.ID, e.Record.Label, e.Record.Dataset.Name, e.Record.Seed)
}

// again makes the run again, and refuses a head whose metrics are not the record's.
func (e *Export) again(ctx context.Context) (*headfile.Head, error) {
	if err := e.read(ctx); err != nil {
		return nil, err
	}
	j := e.job
	j.Parts = []string{spec.KeepHead} // so that the weights are held
	e.progress.Begin(1, 0)
	m, err := recovered(func() (measured, error) {
		return e.on.measure(ctx, j, func(step, steps int) { e.progress.Step(j.PlannedRun, step, steps) })
	})
	if ctx.Err() == nil {
		e.progress.End(j.PlannedRun, err)
	}
	if err != nil {
		return nil, err
	}

	for key, want := range e.Record.Metrics {
		if got := m.record.Metrics[key]; got != want {
			return nil, fmt.Errorf("%s, trained again, has %s %v and its record %v: the record is of another program or machine; run the experiment again, with keep: [head]", j, key, got, want)
		}
	}
	return m.head, nil
}
