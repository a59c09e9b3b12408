package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"gpwbench/analysis"
	"gpwbench/analysis/weigh"
	"gpwbench/benchmarks/datasets"
	"gpwbench/gpw"
	"gpwbench/internal/arrays"
	"gpwbench/losses"
)

// A Loss is a loss with the name that figures print.
type Loss struct {
	Label  string
	Choice losses.Choice
}

// A Batch is a batch with the names that figures print.
type Batch struct {
	*losses.Batch
	Name   string // of the data
	Source string // the source of synthetic data; "" for a file
}

// ReadBatch reads a batch from files, as [weigh.ReadBatch] does. A batch without
// positive or without negative pairs is an error, because half of a figure would be
// empty.
func ReadBatch(embeddings, labels string) (*Batch, error) {
	b, err := weigh.ReadBatch(embeddings, labels)
	if err != nil {
		return nil, err
	}
	return &Batch{Batch: b, Name: filepath.Base(embeddings)}, needBothSides(b, labels)
}

// needBothSides refuses a batch that has no pairs on one side.
func needBothSides(b *losses.Batch, labels string) error {
	positives, negatives := false, false
	for i := range b.Anchors() {
		for j := range b.Candidates() {
			positives, negatives = positives || b.IsPositive(i, j), negatives || b.IsNegative(i, j)
		}
	}

	switch {
	case b.Anchors() == 0:
		return fmt.Errorf("%s holds no label, so there are no pairs to draw", labels)
	case !negatives:
		return fmt.Errorf("%s: all rows are of one class, so there are no negative pairs; take rows of two classes or more", labels)
	case !positives:
		return fmt.Errorf("%s: no class has two rows, so there are no positive pairs; take two rows of a class or more", labels)
	}

	return nil
}

// The fixed batch: the first rows of the first classes of the CUB stand-in, less the mean
// of all its rows, as the shipped specs centre features.
const (
	fixedClasses  = 16
	fixedPerClass = 5
	fixedScale    = 0.2
	fixedSeed     = 1
)

// FixedBatch returns the default batch: 5 rows of each of 16 classes of the CUB stand-in,
// which is synthetic, centred. It is the same every time.
func FixedBatch() (*Batch, error) {
	d, err := datasets.StandIn("cub", fixedScale, fixedSeed)
	if err != nil {
		return nil, err
	}

	dim := d.X.Cols
	mean := make([]float64, dim)
	for i := range d.X.Rows {
		for k, v := range d.X.Row(i) {
			mean[k] += float64(v) / float64(d.X.Rows)
		}
	}

	var x []float64
	var labels []int
	taken := map[int]int{}
	for i, label := range d.Labels {
		if label >= fixedClasses || taken[label] == fixedPerClass {
			continue
		}

		taken[label]++
		labels = append(labels, label)
		for k, v := range d.X.Row(i) {
			x = append(x, float64(v)-mean[k])
		}
	}

	b, err := gpw.Batch(x, len(labels), dim, labels)
	return &Batch{
		Batch:  b,
		Name:   "a fixed batch of the CUB stand-in (synthetic)",
		Source: fmt.Sprintf("%s, centred, %d rows of each of %d classes", d.Provenance, fixedPerClass, fixedClasses),
	}, err
}

// Scatters weighs the batch under each loss. Up to a million pairs of all losses are in
// memory. More are read from a file without a name ([analysis.Scatter.Rows]). The error
// is that of the file, that of [gpw.Evaluate] or of ctx, which is checked between losses.
// A nil ctx never ends.
func (b *Batch) Scatters(ctx context.Context, all []Loss, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	if b == nil {
		return nil, errors.New("figures: no batch to weigh")
	}

	ctx = cmp.Or(ctx, context.Background())
	scatter := b.weighed
	if pairs := b.pairs(); pairs*len(all) > heldPairs && b.IsSquare() {
		kept, err := b.keep()
		if err != nil {
			return nil, err
		}
		scatter = kept.weighed
	}

	var scatters []*analysis.Scatter
	for _, l := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := scatter(l, pooling)
		if err != nil {
			return nil, err
		}
		s.Loss, s.Title, s.Caption = l.Choice.Name(), l.Label, l.Choice.Caption()
		s.Dataset, s.Source, s.Step = b.Name, b.Source, analysis.NoStep
		scatters = append(scatters, s)
	}
	return scatters, nil
}

// heldPairs is the number of pairs of all losses up to which they are in memory, 56 bytes
// each. Tests set another.
var heldPairs = 1 << 20

// pairs is the number of pairs of the batch; 0 without one.
func (b *Batch) pairs() int {
	if b.Batch == nil {
		return 0
	}
	return b.Anchors() * b.Candidates()
}

// weighed are the pairs of the batch under a loss, in memory.
func (b *Batch) weighed(l Loss, pooling gpw.Pooling) (*analysis.Scatter, error) {
	_, g, err := gpw.Evaluate(l.Choice, b.Batch)
	if err != nil {
		return nil, err
	}
	s, err := analysis.NewScatter(gpw.FromGradientPooled(b.Batch, g, pooling))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Label, err)
	}
	return s, nil
}

// A keptBatch has its similarities and the gradients of all losses in a file, from which
// figures read the pairs. They take no memory then, and the losses are evaluated once.
type keptBatch struct {
	*losses.Batch
	classes []int
	file    *arrays.Rows64 // the rows of S, and behind them those of each gradient
	g       []float64      // memory for a gradient, and then for its weights
	losses  int            // whose gradients are in the file
}

func (b *Batch) keep() (*keptBatch, error) {
	n := b.Anchors()
	file, err := arrays.NewRows64(n)
	if err != nil {
		return nil, err
	}
	row := make([]float64, n)
	for i := range n {
		for j := range row {
			row[j] = b.S(i, j)
		}
		if err := file.Append(row); err != nil {
			return nil, err
		}
	}
	return &keptBatch{Batch: b.Batch, classes: slices.Clone(b.ClassNumbers()), file: file, g: make([]float64, n*n)}, nil
}

// weighed are the pairs of the batch under a loss, which are read from the file.
func (b *keptBatch) weighed(l Loss, pooling gpw.Pooling) (*analysis.Scatter, error) {
	if _, err := gpw.EvaluateTo(b.g, l.Choice, b.Batch); err != nil {
		return nil, err
	}
	if err := b.file.Append(b.g); err != nil {
		return nil, err
	}
	b.losses++

	rows := &keptRows{file: b.file, n: len(b.classes), first: b.losses * len(b.classes)}
	scatter, err := analysis.ReadScatter(rows.n, pooling, b.file, gpw.ReadPairRows(b.classes, rows.read, pooling), b.g)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Label, err)
	}
	return scatter, nil
}

// keptRows reads the rows of S and of a gradient from a file, some at a time.
type keptRows struct {
	file     *arrays.Rows64
	n, first int       // rows of each, and the first of the gradient
	s, g     []float64 // rows from to to-1 of each
	from, to int
}

// readNumbers is how many numbers are read at a time, at least those of a row.
const readNumbers = 1 << 13

func (k *keptRows) read(anchor int) (s, g []float64) {
	if anchor < k.from || anchor >= k.to {
		k.from, k.to = anchor, min(anchor+max(1, readNumbers/k.n), k.n)
		size := (k.to - k.from) * k.n
		k.s, k.g = slices.Grow(k.s[:0], size)[:size], slices.Grow(k.g[:0], size)[:size]
		if err := errors.Join(k.file.Read(k.s, k.from), k.file.Read(k.g, k.first+k.from)); err != nil {
			panic(&readError{err}) // for Guard: figures iterate over pairs
		}
	}
	at := (anchor - k.from) * k.n
	return k.s[at : at+k.n], k.g[at : at+k.n]
}

// A readError is that of a disk from which pairs are read.
type readError struct{ error }

// Guard calls f and returns its error, or that of the disk where the pairs of a large
// batch, which f draws, cannot be read any more.
func Guard(f func() error) (err error) {
	defer func() {
		p := recover()
		if failed, ok := p.(*readError); ok {
			err = fmt.Errorf("figures: %w", failed.error)
		} else if p != nil {
			panic(p)
		}
	}()
	return f()
}
