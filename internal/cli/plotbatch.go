package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/benchmarks/datasets"
	"gpwbench/experiments"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots/figures"
	"gpwbench/results"
)

// batch weighs the batch of the command line, or the fixed one, under each loss.
func (f *plotFlags) batch(ctx context.Context, rows []experiments.Row, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	b, name, source, err := f.readBatch()
	if err != nil {
		return nil, err
	}
	if err := needBothKinds(b, f.labels); err != nil {
		return nil, err
	}
	var clouds []*analysis.Scatter
	for _, r := range rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		_, g, err := lossOn(r.Choice, b)
		if err != nil {
			return nil, err
		}
		c, err := analysis.NewScatter(gpw.FromGradientPooled(b, g, pooling))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Label, err)
		}
		c.Loss, c.Title, c.Caption, c.Dataset, c.Source, c.Step = r.Choice.Name(), r.Label, r.Choice.Caption(), name, source, analysis.NoStep
		clouds = append(clouds, c)
	}
	return clouds, nil
}

// readBatch returns the batch, what to call it, and where it comes from.
func (f *plotFlags) readBatch() (b *losses.Batch, name, source string, err error) {
	if f.embeddings == "" {
		b, source, err = fixedBatch()
		return b, "a fixed batch of the CUB stand-in (synthetic)", source, err
	}
	b, err = readBatch(f.embeddings, f.labels)
	return b, filepath.Base(f.embeddings), "", err
}

// needBothKinds refuses a batch that has nothing to show on one side.
func needBothKinds(b *losses.Batch, labels string) error {
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

// The fixed batch: the first rows of the first classes of the CUB stand-in, less the mean of all its rows, as the shipped specs centre
// features.
const (
	fixedClasses  = 16
	fixedPerClass = 5
	fixedScale    = 0.2
	fixedSeed     = 1
)

func fixedBatch() (b *losses.Batch, source string, err error) {
	d, err := datasets.StandIn("cub", fixedScale, fixedSeed)
	if err != nil {
		return nil, "", err
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
	b, err = gpw.Batch(x, len(labels), dim, labels)
	return b, fmt.Sprintf("%s, centred, %d rows of each of %d classes", d.Provenance, fixedPerClass, fixedClasses), err
}

// snapshots reads the batches that a run kept, of the data set, the rows and the steps that were asked for.
func (f *plotFlags) snapshots(ctx context.Context, pooling gpw.Pooling) ([]*analysis.Scatter, error) {
	store, records, err := f.kept()
	if err != nil {
		return nil, err
	}
	var clouds []*analysis.Scatter
	seen := map[string]bool{} // one seed of a row
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if seen[r.Label+"\n"+r.Protocol] {
			continue
		}
		all, err := figures.Clouds(store, r, pooling)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			continue
		}
		seen[r.Label+"\n"+r.Protocol] = true
		if all, err = f.atSteps(all, len(f.losses) == 1); err != nil {
			return nil, err
		}
		clouds = append(clouds, all...)
	}
	if len(clouds) == 0 {
		return nil, f.noWeights(store, records)
	}
	return clouds, nil
}

// kept opens the run and returns the records of the data set and the rows that were asked for.
func (f *plotFlags) kept() (*results.Store, []results.Record, error) {
	store, err := results.OpenRead(f.run)
	if err != nil {
		return nil, nil, err
	}
	_, records, err := store.Planned()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s holds no experiment; gpw run makes one", f.run)
	}
	if err != nil {
		return nil, nil, err
	}
	records, err = f.chosen(records)
	return store, records, err
}

// nameDamaged writes a line for each record of the run that is damaged: its row may be
// missing in the figure.
func (f *plotFlags) nameDamaged(w io.Writer) error {
	store, err := results.OpenRead(f.run)
	if err != nil {
		return err
	}
	plan, _, err := store.Planned()
	if err != nil {
		return nil // what follows says it
	}
	for _, sentence := range store.Damaged(plan) {
		fmt.Fprintln(w, sentence)
	}
	return nil
}

// chosen returns the records of losses of one data set and of the labels that were asked for.
func (f *plotFlags) chosen(records []results.Record) ([]results.Record, error) {
	var sets, labels []string
	for _, r := range records {
		if r.Kind == results.KindLoss && !slices.Contains(sets, r.Dataset.Name) {
			sets = append(sets, r.Dataset.Name)
		}
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("%s holds no finished run of a loss; the same gpw run goes on with it", f.run)
	}
	set := f.dataset
	if set == "" {
		set = sets[0]
	}
	if !slices.Contains(sets, set) {
		return nil, usagef("%s has no data set %q%s; known: %s", f.run, set, experiments.DidYouMean(set, sets), list(sets))
	}
	names := f.losses
	if len(names) == 0 || slices.Contains(names, "all") {
		names = []string{"all"}
	}
	for _, r := range records {
		if r.Kind == results.KindLoss && r.Dataset.Name == set && !slices.Contains(labels, r.Label) {
			labels = append(labels, r.Label)
		}
	}
	var chosen []results.Record
	for _, name := range names {
		before := len(chosen)
		for _, r := range records {
			is := name == "all" || name == r.Label || name == r.Loss || name == r.Loss+"."+r.Preset
			if is && r.Kind == results.KindLoss && r.Dataset.Name == set {
				chosen = append(chosen, r)
			}
		}
		if len(chosen) == before {
			return nil, usagef("%s has no row %q%s; known: %s", f.run, name, experiments.DidYouMean(name, labels), list(labels))
		}
	}
	return chosen, nil
}

// atSteps keeps the batches of the steps that were asked for: without any, all of a loss alone, and of several the first, which they
// share.
func (f *plotFlags) atSteps(clouds []*analysis.Scatter, alone bool) ([]*analysis.Scatter, error) {
	if len(f.steps) == 0 && (alone || f.view == "pairs" || f.view == "axes") {
		return clouds, nil
	}
	if len(f.steps) == 0 {
		return clouds[:1], nil
	}
	var kept []*analysis.Scatter
	for _, step := range f.steps {
		var known []string
		at := -1
		for k, c := range clouds {
			known = append(known, strconv.Itoa(c.Step))
			if step == "first" && k == 0 || step == "last" && k == len(clouds)-1 || step == known[k] {
				at = k
			}
		}
		if at < 0 {
			return nil, usagef("%s kept no weights at step %s; known: first, last, %s", f.run, step, strings.Join(known, ", "))
		}
		kept = append(kept, clouds[at])
	}
	return kept, nil
}
