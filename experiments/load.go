package experiments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A loadedSpec is all that is known of an experiment before its first run.
type loadedSpec struct {
	// Data sets, each once for every preprocessing, with their jobs. No run is in two.
	units []*datasetRuns
	jobs  [][]job

	// Of each variant, by the data sets; nil where one is wrong or left out.
	views  [][]*datasetRuns
	labels [][]string // of the rows of each data set, in the order of the spec

	// Dimensions of heads that a stand-in is too narrow for, and its features, by the
	// data set's number.
	tooWide map[int][]string
	width   map[int]int

	sweep sweepPlan
}

// A sourceKey is what a data set is before any setting of a run. It is the same in all
// variants of a sweep.
type sourceKey struct {
	name, features, labels, layout, paths, partition, ignore, groups, synthetic string

	rows     spec.Ranges
	separate spec.Separate
	split    spec.Split
	scale    float64
}

func sourceOf(d *spec.Dataset) sourceKey {
	return sourceKey{d.Name, d.Features, d.Labels, d.Layout, d.Paths, d.Partition, strings.Join(d.Ignore, "\x00"), d.Groups, d.Synthetic, d.Rows, d.Separate, d.Split, d.Scale}
}

// A loader reads the data sets of the variants of a spec, each once.
type loader struct {
	*runner
	sources map[sourceKey]*loadedDataset // nil for one that cannot be read
	shared  map[string]*sharedWork       // by source and preprocessing
	missing MissingError
	wrong   variantErrors
	out     *loadedSpec
}

// load reads every data set and prepares every run. It reports all that is wrong at once,
// and returns the data sets that are right.
func (r *runner) load(ctx context.Context) (*loadedSpec, error) {
	l := &loader{
		runner: r, sources: map[sourceKey]*loadedDataset{}, shared: map[string]*sharedWork{}, wrong: variantErrors{variants: r.variants},
	}
	out := &loadedSpec{sweep: newSweepPlan(r.spec, len(r.variants))}
	l.out = out
	units := make([][]*datasetRuns, len(r.spec.Datasets))
	for v := range r.variants {
		views := make([]*datasetRuns, len(r.spec.Datasets))
		for k := range views {
			w, isNew, err := l.view(ctx, v, k)
			if err != nil {
				return nil, err
			}
			if views[k] = w; isNew {
				units[k] = append(units[k], w)
			}
		}
		out.views = append(out.views, views)
	}

	out.units = slices.Concat(units...)
	wrong := l.wrong.errors()
	if len(l.missing.Lines) > 0 {
		wrong = append(wrong, &l.missing)
	}
	if len(wrong) > 0 {
		return out, errors.Join(wrong...)
	}
	return out, out.prepare(r)
}

// view returns a data set with the settings of a variant, nil where something is wrong
// with it, and whether it is the first with its preprocessing. The error is that of ctx.
func (l *loader) view(ctx context.Context, v, k int) (w *datasetRuns, isNew bool, err error) {
	variant := l.variants[v]
	d := &variant.Datasets[k]
	if l.Part.leavesOut(d.Name) {
		return nil, false, nil
	}
	key := sourceOf(d)
	source, read := l.sources[key]
	if !read {
		l.Progress.Loading(d.Name)
		source, err = loadOrStop(ctx, d, l.reading)
		err = placed(variant.Spec, k, err)
		if err = withElsewhere(ctx, variant.Spec, d, source, err); ctx.Err() != nil {
			return nil, false, &stoppedError{fmt.Sprintf("stopped while %s was read; nothing is run", d.Name), ctx.Err()}
		}
		if m := new(MissingError); errors.As(err, &m) {
			l.missing.Lines = append(l.missing.Lines, m.Lines...)
		} else {
			l.wrong.add(v, err)
		}
		if err != nil {
			source = nil
		}
		l.sources[key] = source
	}
	if source == nil {
		return nil, false, nil
	}

	s := *source
	d.Split = s.spec.Split // the layout may have said what it is
	s.spec, s.remarks, s.leftOut = d, nil, nil
	unit := fmt.Sprintf("%+v %q", key, d.Preprocess)
	shared, met := l.shared[unit]
	if !met {
		shared = newSharedWork()
		if read {
			err = s.checkPreprocess()
		}
		if err == nil {
			shared.directions, err = s.findDirections()
		}
	}
	s.directions = shared.directions
	if err == nil && l.leavesOut(v, &s) {
		l.out.leaveOut(k, &s)
		return nil, false, nil
	}
	if err == nil {
		err = validateAgainstData(variant.Spec, &s)
	}
	if l.wrong.add(v, err); err != nil {
		return nil, false, nil
	}
	l.shared[unit] = shared
	return &datasetRuns{&s, shared}, !met, nil
}

// prepare prepares every run. A run that several variants share is prepared once.
func (l *loadedSpec) prepare(r *runner) error {
	var runs []variantRun
	first := map[string]job{} // by id
	for v, variant := range r.variants {
		for _, c := range plannedRuns(variant.Spec) {
			at := placeOf(variant.Spec, c)
			w := l.views[v][at.dataset]
			if w == nil || leftOut(w.loadedDataset, c.Baseline) {
				continue
			}
			j, err := w.prepareJob(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			j.on = w
			j.record.Experiment, j.record.SourceRevision = r.spec.Name, r.Revision
			l.sweep.meet(v, at, j)
			if _, met := first[j.record.ID]; !met {
				first[j.record.ID] = j
			}
			runs = append(runs, variantRun{v, at, j.record.ID})
		}
	}

	l.sweep.conclude()
	if err := l.sweep.check(r.spec); err != nil && len(l.tooWide) == 0 && r.Part == nil {
		return err
	}
	l.order(r, runs, first)
	return nil
}

// A variantRun is a run of a variant. Several may have the same id.
type variantRun struct {
	variant int
	at      rowPlace
	id      string
}

// order divides the jobs among the units, and notes which values and row each stands for.
func (l *loadedSpec) order(r *runner, runs []variantRun, jobs map[string]job) {
	l.jobs = make([][]job, len(l.units))
	l.labels = make([][]string, len(r.spec.Datasets))
	unit := map[*sharedWork]int{}
	for k, w := range l.units {
		unit[w.sharedWork] = k
	}

	ordered := map[string]bool{}
	for _, c := range runs {
		j, label := jobs[c.id], l.sweep.label(c.at)
		l.labels[c.at.dataset] = append(l.labels[c.at.dataset], label)
		swept := l.sweep.valuesOf(c.at, r.variants[c.variant].Swept)
		l.sweep.place(j, swept, label)
		if !ordered[c.id] {
			ordered[c.id] = true
			j.Swept, j.record.Swept = swept, sweptRecord(swept)
			k := unit[j.on.sharedWork]
			l.jobs[k] = append(l.jobs[k], j)
		}
	}
}

// plan is what the experiment asks for. The table can be made again from it and the
// folder. Rows are in the order of the spec, also where a row has another label on
// another data set.
func (l *loadedSpec) plan(s *spec.Spec) results.Plan {
	p := results.Plan{Schema: results.Schema, Experiment: s.Name, Reference: s.Reference}
	seen := map[string]bool{}
	order := func(name string) {
		if !seen[name] {
			seen[name] = true
			p.Order = append(p.Order, name)
		}
	}

	for _, js := range l.jobs {
		for _, j := range js {
			order(j.Dataset.Name)
			p.Runs = append(p.Runs, j.record.ID)
			if j.Elsewhere != nil && !j.Elsewhere.Seeded() {
				p.Seedless = append(p.Seedless, j.record.ID)
			}
		}
	}

	most := 0
	for _, labels := range l.labels {
		most = max(most, len(labels))
	}
	for i := range most {
		for _, labels := range l.labels {
			if i < len(labels) {
				order(labels[i])
			}
		}
	}

	l.sweep.write(&p)
	return p
}

// notes are what a user should know of the data sets before anything runs. One that is
// not true of all variants names the first that it is true of.
func (l *loadedSpec) notes() []string {
	var all []string
	for k := range l.views[0] {
		all = append(all, l.notesOn(k)...)
	}
	return all
}

func (l *loadedSpec) notesOn(dataset int) []string {
	var order []string
	count, first, made := map[string]int{}, map[string]int{}, 0
	for v, views := range l.views {
		if views[dataset] == nil {
			continue
		}
		made++
		for _, note := range views[dataset].notes() {
			if count[note]++; count[note] == 1 {
				order, first[note] = append(order, note), v
			}
		}
	}

	for k, note := range order {
		text := l.views[first[note]][dataset].spec.Name + ": " + note
		if count[note] < made {
			text += fmt.Sprintf(" (%s)", l.sweep.variantText(first[note]))
		}
		order[k] = text
	}
	if note := l.leftOutNote(dataset); note != "" {
		order = append(order, l.sweep.spec.Datasets[dataset].Name+": "+note)
	}
	return order
}
