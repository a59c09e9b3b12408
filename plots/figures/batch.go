package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"gpwbench/analysis"
	"gpwbench/analysis/weigh"
	"gpwbench/benchmarks/datasets"
	"gpwbench/gpw"
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

// Scatters weighs the batch under each loss. The error is that of [gpw.Evaluate] or of
// ctx, which is checked between losses. A nil ctx never ends.
func (b *Batch) Scatters(ctx context.Context, all []Loss, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	if b == nil {
		return nil, errors.New("figures: no batch to weigh")
	}

	ctx = cmp.Or(ctx, context.Background())
	var scatters []*analysis.Scatter
	for _, l := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		_, g, err := gpw.Evaluate(l.Choice, b.Batch)
		if err != nil {
			return nil, err
		}
		s, err := analysis.NewScatter(gpw.FromGradientPooled(b.Batch, g, pooling))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.Label, err)
		}

		s.Loss, s.Title, s.Caption = l.Choice.Name(), l.Label, l.Choice.Caption()
		s.Dataset, s.Source, s.Step = b.Name, b.Source, analysis.NoStep
		scatters = append(scatters, s)
	}

	return scatters, nil
}
