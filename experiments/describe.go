package experiments

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// dryRun reads the data sets as run does and says what would run.
func (r *runner) dryRun(ctx context.Context) (string, error) {
	l, err := r.load(ctx)
	if err == nil {
		err = r.open(r.output(l.plan(r.spec), l.jobs))
	}
	if l == nil {
		return describe(r.spec, nil), err
	}
	if len(r.spec.Sweep) > 0 {
		return l.describeSweep(r.spec), err
	}

	s, read := r.variants[0].Spec, map[*spec.Dataset]*loadedDataset{}
	for k, w := range l.views[0] {
		if w != nil {
			read[&s.Datasets[k]] = w.loadedDataset
		}
	}
	return describe(s, read), err
}

// describe lists what a spec would run, and of the data sets that were read what they
// hold. Numbers stand as a spec takes them.
func describe(s *spec.Spec, read map[*spec.Dataset]*loadedDataset) string {
	var b strings.Builder
	runs := 0
	for _, c := range plannedRuns(s) {
		if !leftOut(read[c.Dataset], c.Baseline) {
			runs++
		}
	}

	fmt.Fprintf(&b, "%s: %s\n", s.Name, counted(runs, "run", "runs"))
	for k := range s.Datasets {
		d := &s.Datasets[k]
		describeDataset(&b, d, read[d], s.Seeds)
		describeParts(&b, s, read[d], plannedOn(s, d, read[d]))
		for k := range s.Baselines {
			if base := &s.Baselines[k]; !d.LabelsOnly() && !leftOut(read[d], base) {
				describeBaseline(&b, d, base)
			}
		}

		describeRows(&b, s, d)
		if read[d] == nil {
			continue
		}

		for _, note := range read[d].notes() {
			fmt.Fprintf(&b, "  note      %s\n", note)
		}
	}

	return b.String()
}

// plannedOn are the runs of a spec on a data set, without baselines that are left out.
func plannedOn(s *spec.Spec, d *spec.Dataset, read *loadedDataset) []PlannedRun {
	return slices.DeleteFunc(plannedRuns(s), func(c PlannedRun) bool { return c.Dataset != d || leftOut(read, c.Baseline) })
}

// describeParts says what more is kept of each run, and what it takes on the disk.
func describeParts(b *strings.Builder, s *spec.Spec, read *loadedDataset, runs []PlannedRun) {
	switch {
	case len(s.Keep) == 0:
	case read == nil || read.spec.LabelsOnly():
		fmt.Fprintf(b, "  keep      %s\n", strings.Join(s.Keep, ", "))
	default:
		fmt.Fprintf(b, "  keep      %s\n", priceText(read, runs))
	}
}

// describeBaseline names a baseline, with what the protocol chooses of it.
func describeBaseline(b *strings.Builder, d *spec.Dataset, base *spec.Baseline) {
	chosen := ""
	if v, ok := d.Protocol.(protocol.Validated); ok && chooses(base) {
		what := "dimension"
		if base.Name == spec.Whitening {
			what = "shrinkage"
		}
		chosen = fmt.Sprintf(": its %s is chosen by %s on the %d folds", what, v.Key(), v.FoldCount())
	}
	fmt.Fprintf(b, "  baseline  %s%s\n", base.Label(), chosen)
}

func describeRows(b *strings.Builder, s *spec.Spec, d *spec.Dataset) {
	for _, row := range s.Losses {
		p, own := d.Protocol, ""
		if row.Protocol != nil && !reflect.DeepEqual(row.Protocol, d.Protocol) {
			p, own = row.Protocol, "; protocol "+protocolText(row.Protocol, d)
		}
		fmt.Fprintf(b, "  %-9s %s: %s (%s)%s\n", p.Name(), row.Label, row.Choice.Name(), pasteable(row.Choice.Caption()), own)
	}
	for _, e := range s.Elsewhere {
		fmt.Fprintf(b, "  elsewhere %s: %s%s\n", e.Label, e.Embeddings, elsewhereText(&e))
	}
}

// elsewhereText says which seeds a row of embeddings has where these are not all.
func elsewhereText(e *spec.Elsewhere) string {
	switch {
	case !e.Seeded():
		return ", one file without a seed"
	case len(e.Seeds) > 0:
		return fmt.Sprintf(", seeds %s", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(e.Seeds)), ", "), "[]"))
	}
	return ""
}

// leftOut reports whether a baseline, nil for none, cannot be fitted on a data set that
// was read.
func leftOut(s *loadedDataset, b *spec.Baseline) bool {
	return s != nil && b != nil && s.leftOut[b] != ""
}

func describeDataset(b *strings.Builder, d *spec.Dataset, read *loadedDataset, seeds int) {
	from := d.Features
	switch {
	case d.LabelsOnly():
		from = "labels " + d.Labels
	case from == "":
		from = fmt.Sprintf("synthetic stand-in of %s, scale %s", d.Synthetic, plain(d.Scale))
	case d.Synthetic != "":
		from += ", or the synthetic stand-in of " + d.Synthetic
	}

	fmt.Fprintf(b, "\n%s: %s, split %s\n", d.Name, from, d.Split)
	if read != nil {
		fmt.Fprintf(b, "  %s\n", read.describe())
	}
	if d.LabelsOnly() {
		return
	}
	head := headText(d.Head)
	if d.Augment.InUse() {
		head += ", " + spec.AugmentCaption(d.Augment)
	}
	if d.Average.InUse() {
		head += ", " + spec.AverageCaption(d.Average)
	}
	fmt.Fprintf(b, "  head %s, %s, sampler %d×%d, %d steps, %s, preprocess %s\n", head, spec.OptimizerCaption(d.Optimizer),
		classesInBatch(d), d.Sampler.PerClass, d.Steps, seedsText(seeds), strings.Join(d.Preprocess, ", "))
	fmt.Fprintf(b, "  protocol  %s\n", protocolText(d.Protocol, d))
}

// protocolText is a protocol with its settings, and what it chooses by them.
func protocolText(p protocol.Protocol, d *spec.Dataset) string {
	text := settingsText(p)
	if _, ok := p.(protocol.Validated); ok && d.Head.Trains() {
		text += fmt.Sprintf(", which chooses the number of steps, 0 to %d, on held-out training classes", d.Steps)
	}
	return text
}

// counted is a number of things: "1 run", "2 runs".
func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// seedsText are the seeds of a number of them: "seeds 0–2".
func seedsText(n int) string {
	if n == 1 {
		return "seed 0"
	}
	return fmt.Sprintf("seeds 0–%d", n-1)
}

// plain writes a number as a spec takes it.
func plain(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// pasteable replaces the minus sign of typeset numbers by that of a spec.
func pasteable(text string) string { return strings.ReplaceAll(text, "−", "-") }

func headText(h config.Head) string {
	if !h.Trains() {
		return "none"
	}
	text := h.Name
	if h.Dim == 0 {
		text += ", square"
	} else {
		text += fmt.Sprintf(" to %d dimensions", h.Dim)
	}
	if h.Hidden > 0 {
		text += fmt.Sprintf(", %d hidden", h.Hidden)
	}
	return text + ", from " + h.Init
}

// classesInBatch is the number of classes in a batch before the data are read.
func classesInBatch(d *spec.Dataset) int {
	if d.Sampler.Classes == 0 {
		return config.DefaultClasses
	}
	return d.Sampler.Classes
}

// settingsText is a protocol with its settings.
func settingsText(p protocol.Protocol) string {
	var settings []string
	for _, s := range losses.Parameters(p) {
		settings = append(settings, fmt.Sprintf("%s %v", s.Name, s.Value))
	}
	if len(settings) == 0 {
		return p.Name()
	}
	return p.Name() + " (" + strings.Join(settings, ", ") + ")"
}
