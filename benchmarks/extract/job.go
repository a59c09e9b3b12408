package extract

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

	"gpwbench/internal/input"
)

// Options are the settings of a [Job].
type Options struct {
	Preprocessing Preprocessing
	Pool          Pool
	Batch         int  // images in a call of the network; at 0 what it takes, or 32
	Workers       int  // goroutines, at least 1; each works on one batch
	SkipBad       bool // leave out images that cannot be decoded
	Restart       bool // drop what an earlier job has done
}

// DefaultBatch is the number of images in a call of a network that takes any number.
const DefaultBatch = 32

// maxBatch bounds the memory of a worker.
const maxBatch = 4096

// A Job extracts the features of a list of images, and keeps what is done in a file, from
// which a later job of the same recipe goes on.
type Job struct {
	set      *Set
	backbone Backbone
	o        Options
	recipe   Recipe
	journal  *journal
	resumed  int

	height, width int
	fixed         bool // the network takes a batch of one size only
}

// NewJob checks the options against the network and opens the file at path for what is
// done. The caller closes the job.
//
// A file of another recipe is a [*ChangedError], and one in use a [*BusyError].
func NewJob(set *Set, b Backbone, o Options, path string) (*Job, error) {
	if len(set.Paths) == 0 {
		return nil, errors.New("there are no images to extract features of")
	}
	if err := o.Preprocessing.Check(); err != nil {
		return nil, err
	}
	j := &Job{set: set, backbone: b, o: o, height: o.Preprocessing.Crop[0], width: o.Preprocessing.Crop[1]}
	if err := j.fit(); err != nil {
		return nil, err
	}

	model := b.Model()
	model.Pool = o.Pool
	j.recipe = newRecipe(set.Paths, model, o.Preprocessing, j.o.Batch)
	text, err := json.Marshal(j.recipe)
	if err != nil {
		return nil, err
	}
	if j.journal, err = openJournal(path, text, o.Restart); err != nil {
		return nil, err
	}
	for _, batch := range j.waiting(true) {
		delete(j.journal.done, batch)
	}
	j.resumed = j.Done()
	return j, nil
}

// A FitError is a setting that does not fit the network.
type FitError struct {
	Setting string // crop, batch or pool
	text    string
}

func (e *FitError) Error() string { return e.text }

// fit compares the options with what the network takes.
func (j *Job) fit() error {
	batch, height, width := j.backbone.Input()
	j.fixed = batch > 0
	if height > 0 && height != j.height || width > 0 && width != j.width {
		return &FitError{"crop", fmt.Sprintf("the network takes images of %s×%s pixels, and the preprocessing gives %d×%d: crop to what it takes, and resize in proportion", size(cmp.Or(height, -1)), size(cmp.Or(width, -1)), j.height, j.width)}
	}
	if j.fixed && j.o.Batch > 0 && j.o.Batch != batch {
		return &FitError{"batch", fmt.Sprintf("the network takes batches of %d images, and %d are asked for: leave the batch out, or export the network with a dynamic first axis", batch, j.o.Batch)}
	}
	j.o.Batch = cmp.Or(j.o.Batch, batch, DefaultBatch)
	j.o.Workers = max(j.o.Workers, 1)
	if j.o.Batch < 1 || j.o.Batch > maxBatch {
		return fmt.Errorf("a batch of %d images: it is 1 to %d", j.o.Batch, maxBatch)
	}
	if shape := j.backbone.Model().Shape; shape != nil {
		if err := j.o.Pool.check(shape, -1); err != nil {
			return &FitError{"pool", err.Error()}
		}
	}
	return nil
}

// of returns the first image of a batch and the one behind its last.
func (j *Job) of(batch int) (from, to int) {
	return batch * j.o.Batch, min((batch+1)*j.o.Batch, len(j.set.Paths))
}

// size is the number of images of a batch.
func (j *Job) size(batch int) int {
	from, to := j.of(batch)
	return to - from
}

// batches is how many there are.
func (j *Job) batches() int { return (len(j.set.Paths) + j.o.Batch - 1) / j.o.Batch }

// waiting lists the batches that are not done. With known, only those that a journal has
// a record of which does not count: of files that changed since, or, where no image may
// be left out, of one that could not be decoded.
func (j *Job) waiting(known bool) []int {
	var batches []int
	for batch := range j.batches() {
		rec, done := j.journal.done[batch]
		counts := done && rec.Rows+len(rec.Bad) == j.size(batch) && (len(rec.Bad) == 0 || j.o.SkipBad) && (!known || rec.Stamp == j.set.stamp(j.of(batch)))
		if !counts && (done || !known) {
			batches = append(batches, batch)
		}
	}
	return batches
}

// Done is how many images are done, including those that were left out.
func (j *Job) Done() int {
	n := 0
	for batch := range j.journal.done {
		n += j.size(batch)
	}
	return n
}

// Resumed is how many images an earlier job had done.
func (j *Job) Resumed() int { return j.resumed }

// Recipe is what the rows depend on.
func (j *Job) Recipe() Recipe { return j.recipe }

// An ImageError is an image that cannot be decoded.
type ImageError struct {
	Path string
	Err  error
}

func (e *ImageError) Error() string { return e.Path + ": " + e.Err.Error() }

func (e *ImageError) Unwrap() error { return e.Err }

// Run extracts what is not done, and calls progress with the number of images of each
// batch that is. After an error it begins no other batch, and ends with the error of the
// earliest one, which does not depend on the workers. What was done is kept.
func (j *Job) Run(ctx context.Context, progress func(images int)) error {
	beginning, stop := context.WithCancel(ctx)
	defer stop()
	var mu sync.Mutex
	failures := map[int]error{}

	waiting := j.waiting(false)
	next := make(chan int)
	go func() {
		defer close(next)
		for _, batch := range waiting {
			select {
			case next <- batch:
			case <-beginning.Done():
				return
			}
		}
	}()

	var wg sync.WaitGroup
	for range min(j.o.Workers, len(waiting)) {
		wg.Go(func() {
			w := worker{Job: j, pixels: make([]float32, j.o.Batch*j.o.Preprocessing.floats())}
			for batch := range next {
				err := w.extract(ctx, batch)
				mu.Lock()
				if err != nil {
					failures[batch] = err
					stop()
				} else if progress != nil {
					progress(j.size(batch))
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()

	for _, batch := range waiting {
		if err := failures[batch]; err != nil {
			return err
		}
	}
	return ctx.Err()
}

// A worker has the memory of one batch.
type worker struct {
	*Job
	pixels []float32
}

// extract does one batch.
func (w *worker) extract(ctx context.Context, batch int) error {
	from, to := w.of(batch)
	rec := record{Batch: batch, Stamp: w.set.stamp(from, to)}
	var digests []byte
	var good []int
	for image := from; image < to; image++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		digest, turned, err := w.read(image, len(good))
		switch {
		case err != nil && !w.o.SkipBad:
			return &ImageError{w.set.file(image), err}
		case err != nil:
			rec.Bad = append(rec.Bad, Skipped{Image: image, Path: w.set.Paths[image], Why: err.Error()})
			continue
		case turned:
			rec.Turned++
		}
		good, digests = append(good, image), append(digests, digest[:]...)
	}

	rows, cols, err := w.features(good)
	if err != nil {
		return err
	}
	rec.Rows, rec.Cols = len(good), cols
	return w.journal.add(rec, rows, digests)
}

// read makes the k-th input of the batch.
func (w *worker) read(image, k int) (digest [sha256.Size]byte, turned bool, err error) {
	file, err := readImage(w.set.file(image))
	if err != nil {
		return digest, false, err
	}
	n := w.o.Preprocessing.floats()
	turned, err = w.o.Preprocessing.Apply(w.pixels[k*n:(k+1)*n], file)
	return sha256.Sum256(file), turned, err
}

// maxFile bounds the bytes of an image. A bitmap of the most pixels fits.
const maxFile = 1 << 28

// readImage reads a file. Its errors have no path.
func readImage(path string) ([]byte, error) {
	f, size, err := input.Open(path)
	if err == nil {
		defer f.Close()
		if size > maxFile {
			return nil, fmt.Errorf("has %d bytes, the limit is %d: make it smaller", size, maxFile)
		}
		file := make([]byte, size)
		if _, err = io.ReadFull(f, file); err == nil {
			return file, nil
		}
	}

	var failed *fs.PathError
	var kind *input.KindError
	switch {
	case errors.As(err, &kind):
		return nil, fmt.Errorf("is %s, not a file: leave it out", kind.Kind)
	case errors.As(err, &failed):
		err = failed.Err
	}
	return nil, fmt.Errorf("cannot be read (%w): copy it again, or leave it out", err)
}

// features runs the network. A network of batches of one size has zeros in place of
// images that are missing.
func (w *worker) features(good []int) (rows []float32, cols int, err error) {
	if len(good) == 0 {
		return nil, 0, nil
	}
	n, floats := len(good), w.o.Preprocessing.floats()
	if w.fixed {
		n = w.o.Batch
		clear(w.pixels[len(good)*floats:])
	}

	output, shape, err := w.backbone.Run(w.pixels[:n*floats], n, w.height, w.width)
	if err != nil {
		return nil, 0, fmt.Errorf("the network failed on the batch from %s on: %w", w.set.Paths[good[0]], err)
	}
	if rows, cols, err = w.o.Pool.rows(output, shape, n); err != nil {
		return nil, 0, err
	}
	rows = rows[:len(good)*cols]
	if k := notFinite(rows, cols); k >= 0 {
		return nil, 0, fmt.Errorf("the features of %s are not finite: check the preprocessing, or the network", w.set.Paths[good[k]])
	}
	return rows, cols, nil
}

// Close closes the file of what is done, which stays.
func (j *Job) Close() error { return j.journal.close() }

// Remove closes and removes the file of what is done, when its features are written.
func (j *Job) Remove() error { return j.journal.remove() }

// records returns those of all batches in order. The job must be done.
func (j *Job) records() []record {
	all := make([]record, j.batches())
	for batch := range all {
		rec, done := j.journal.done[batch]
		if !done {
			panic(fmt.Sprintf("extract: batch %d is not done", batch))
		}
		all[batch] = rec
	}
	return slices.Clip(all)
}
