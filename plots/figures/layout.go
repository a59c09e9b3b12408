package figures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/gpw/probe"
	"gpwbench/losses"
	"gpwbench/plots"
)

// The views of batches.
const (
	PairsView    = "pairs"    // weight against S, coloured by N and by P; of one loss
	AxesView     = "axes"     // weight against S, against N and against P
	CompareView  = "compare"  // up to three losses side by side, with shared axes
	OverviewView = "overview" // small multiples of many losses, against one similarity
	MapView      = "map"      // weight as colour over S and N, and over S and P
)

// Views are the views of [Layout.Scatters].
var Views = []string{PairsView, AxesView, CompareView, OverviewView, MapView}

// A Named is a figure with the name of its file, without an extension.
type Named struct {
	Name   string
	Figure *plots.Figure
}

// A Layout says how figures are laid out. Its methods leave out batches, sweeps and
// trainings that are nil. A nil context never ends.
type Layout struct {
	Subject string      // the end of the file names; may be ""
	View    string      // the view of batches; "" selects one by the number of losses
	Along   gpw.Axis    // of an overview: S, N or P
	Width   plots.Width // of the pages

	// How the figures are printed, beside their width; see [plots.Options].
	Scale                         plots.Scale
	X, Y, Colors                  plots.Limits
	Title                         string
	NoTitle, NoCaption, NoLetters bool
}

// print are the options of the figures.
func (l Layout) print() plots.Options {
	return plots.Options{Width: l.Width, Scale: l.Scale, X: l.X, Y: l.Y, Colors: l.Colors, Title: l.Title, NoTitle: l.NoTitle, NoCaption: l.NoCaption, NoLetters: l.NoLetters}
}

// name joins the kind of a figure and its subject.
func (l Layout) name(shows string) string {
	if l.Subject == "" {
		return shows
	}
	return shows + "_" + l.Subject
}

// view returns the view of batches.
func (l Layout) view(all []*analysis.Scatter) string {
	all = drawable(all)
	titles := map[string]bool{}
	for _, s := range all {
		titles[s.Loss+s.Title] = true
	}

	switch {
	case l.View != "":
		return l.View
	case len(titles) == 1:
		return PairsView
	case len(all) <= mostCompared:
		return CompareView
	}

	return OverviewView
}

// mostCompared is the number of losses that fit side by side.
const mostCompared = 3

// Scatters draws batches. A comparison of at most three has the given sweeps below, if
// any. The error is a [RequestError] for an unknown view, one in which so many batches do
// not fit, or an overview along X.
func (l Layout) Scatters(all []*analysis.Scatter, sweeps ...*analysis.Sweep) ([]Named, error) {
	if all = drawable(all); len(all) == 0 {
		return nil, errors.New("figures: no batch to draw")
	}
	switch view := l.view(all); view {
	case PairsView:
		return paged(l.name(view), all, l.Width.WeightsRows(), func(page []*analysis.Scatter) *plots.Figure {
			return plots.Weights(l.print(), page...)
		}), nil
	case AxesView:
		return paged(l.name(view), all, plots.AgainstRows, func(page []*analysis.Scatter) *plots.Figure {
			return plots.Against(l.print(), page...)
		}), nil
	case OverviewView:
		if l.Along < gpw.S || l.Along > gpw.P {
			return nil, &RequestError{Text: fmt.Sprintf("an overview is along S, N or P, not %v", l.Along), View: true}
		}
		return paged(l.name(view), all, l.Width.OverviewLosses(), func(page []*analysis.Scatter) *plots.Figure {
			return plots.Overview(page, l.Along, l.print())
		}), nil
	case MapView:
		return paged(l.name(view), all, l.Width.HeatmapLosses(), func(page []*analysis.Scatter) *plots.Figure {
			var maps []*analysis.Heatmaps
			for _, s := range page {
				maps = append(maps, s.Heatmaps())
			}
			return plots.Heatmaps(maps, l.print())
		}), nil
	case CompareView:
		if len(all) > mostCompared {
			return nil, &RequestError{Text: fmt.Sprintf("the view compare has room for three losses side by side, not %d; "+
				"overview is for many", len(all)), View: true}
		}
		return []Named{{l.name(view), plots.Compare(all, sweeps, l.print())}}, nil
	default:
		return nil, &RequestError{Text: fmt.Sprintf("unknown view %q", view), Name: view, Known: Views}
	}
}

// NeedsSweeps reports whether [Layout.Scatters] draws sweeps below these batches.
func (l Layout) NeedsSweeps(all []*analysis.Scatter) bool {
	return l.view(all) == CompareView && len(drawable(all)) <= mostCompared
}

// OwnSweeps moves the own similarity of a pair under each loss, for a comparison. The
// error is that of a loss that is not finite there.
func OwnSweeps(all []Loss, pooling gpw.Pooling) ([]*analysis.Sweep, error) {
	var sweeps []*analysis.Sweep
	for _, loss := range all {
		s, err := analysis.NewSweep(loss.Choice, gpw.S, pooling)
		if err != nil {
			return nil, err
		}
		sweeps = append(sweeps, s)
	}
	return sweeps, nil
}

// Histories draws trainings: a single one in full, and several as a row each.
func (l Layout) Histories(all []*analysis.TrainingHistory) []Named {
	if all = drawable(all); len(all) == 1 {
		return []Named{{l.name("training"), plots.Training(l.print(), all[0])}}
	}
	return paged(l.name("trainings"), all, plots.TrainingLosses, func(page []*analysis.TrainingHistory) *plots.Figure {
		return plots.Trainings(l.print(), page)
	})
}

// Sweeps draws the weight of a pair while one group of its similarities moves: for S its
// own, for N and P those of the anchor's other negatives and positives. The error is that
// of a loss that is not finite there, of another axis, or of ctx.
func (l Layout) Sweeps(ctx context.Context, all []Loss, axes []gpw.Axis, pooling gpw.Pooling) ([]Named, error) {
	if len(all) == 0 || len(axes) == 0 {
		return nil, errors.New("figures: no loss or no axis to draw")
	}

	ctx = cmp.Or(ctx, context.Background())
	var lines [][]*analysis.Sweep
	for _, loss := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}

		var sweeps []*analysis.Sweep
		for _, axis := range axes {
			s, err := analysis.NewSweep(loss.Choice, axis, pooling)
			if err != nil {
				return nil, err
			}
			s.Positive.Title, s.Negative.Title = loss.Label, loss.Label
			sweeps = append(sweeps, s)
		}

		lines = append(lines, sweeps)
	}

	if len(lines) <= plots.SweepLines {
		return []Named{{l.name("sweep"), plots.Sweeps(lines, l.print())}}, nil
	}

	return paged(l.name("sweep"), lines, plots.SweepRows, func(page [][]*analysis.Sweep) *plots.Figure {
		return plots.SweepMultiples(page, l.print())
	}), nil
}

// Heatmaps draws the weight of a pair as a colour while two of its similarities move: S
// and N, and S and P. The error is that of [Layout.Sweeps].
func (l Layout) Heatmaps(ctx context.Context, all []Loss, pooling gpw.Pooling) ([]Named, error) {
	ctx = cmp.Or(ctx, context.Background())
	var maps []*analysis.Heatmaps
	for _, loss := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m, err := analysis.NewHeatmaps(loss.Choice, pooling)
		if err != nil {
			return nil, err
		}

		for _, s := range append(m.Positive[:], m.Negative[:]...) {
			s.Title = loss.Label
		}
		maps = append(maps, m)
	}

	return paged(l.name(MapView), maps, l.Width.HeatmapLosses(), func(page []*analysis.Heatmaps) *plots.Figure {
		return plots.Heatmaps(page, l.print())
	}), nil
}

// movingLosses are drawn while the positives move if there are more losses than lines:
// mining, the same weights without it, a count, and soft-maxes with and without the
// positives.
var movingLosses = []string{
	"multi_similarity.official", "multi_similarity.weighting", "triplet.gpw", "nca.log", "npairs.all_pairs",
}

// Cases draws the three cases of Figure 2 of Wang et al., CVPR 2019, for losses that were
// probed, on as many pages as they need. The last one has the weights of moving positives
// below.
func Cases(probed []probe.Result) []*plots.Figure {
	var all, moving []*plots.Scenario
	for k := range probed {
		r := &probed[k]
		one := &plots.Scenario{Loss: r.Label(), Caption: r.Choice.Caption(), Scenario: r.Scenario, Threshold: r.Threshold}
		all = append(all, one)
		if len(probed) <= plots.SweepLines || slices.Contains(movingLosses, one.Loss) {
			moving = append(moving, one)
		}
	}

	var pages []*plots.Figure
	for rows := range slices.Chunk(all, plots.ScenarioRows) {
		var below []*plots.Scenario
		if (len(pages)+1)*plots.ScenarioRows >= len(all) {
			below = moving
		}
		pages = append(pages, plots.Scenarios(rows, below))
	}

	return pages
}

// drawable returns what is not nil.
func drawable[T any](all []*T) []*T {
	return slices.DeleteFunc(slices.Clone(all), func(one *T) bool { return one == nil })
}

// paged draws figures of at most n items each, as even as they can be. The names of all
// but the first have the number of the page.
func paged[T any](name string, items []T, n int, draw func([]T) *plots.Figure) []Named {
	var all []Named
	for page := range slices.Chunk(items, evenly(len(items), n)) {
		title := name
		if len(all) > 0 {
			title += "_" + strconv.Itoa(len(all)+1)
		}
		all = append(all, Named{title, draw(page)})
	}
	return all
}

// evenly is how many of some items are on a page that has room for n, so that the last
// page is as full as the others.
func evenly(items, n int) int {
	pages := max(1, (items+n-1)/n)
	return max(1, (items+pages-1)/pages)
}

// Formats are the formats of [Encode]: three of the drawing and two of its data.
var Formats = []string{"svg", "pdf", "png", "csv", "json"}

// Encode returns the bytes of a figure in one of [Formats]. PNG has the resolution
// [Dots].
func Encode(f *plots.Figure, format string) ([]byte, error) {
	switch format {
	case "svg":
		return f.SVG()
	case "pdf":
		return f.PDF()
	case "png":
		return f.PNG(Dots)
	case "csv":
		return f.CSV()
	case "json":
		return f.JSON()
	}
	return nil, fmt.Errorf("a figure has no format %q; known: %s", format, strings.Join(Formats, ", "))
}

// Distinguish makes the labels of two choices of one loss different where one is the
// loss's title: by adding the preset or, beside another choice of that preset, the
// parameters in which the two differ, as the label of that one has them. A choice without
// a Spec keeps its label.
func Distinguish(all []Loss) {
	titled := func(l Loss) bool { return l.Choice.Spec != nil && l.Label == l.Choice.Spec.Title }
	added := map[int]string{}
	for k, l := range all {
		others := slices.Concat(all[:k], all[k+1:])
		same := func(o Loss) bool { return o.Choice.Spec != nil && o.Choice.Spec.Name == l.Choice.Spec.Name }
		if !titled(l) {
			continue
		}
		for _, o := range slices.DeleteFunc(others, func(o Loss) bool { return !same(o) }) {
			added[k] = " " + l.Choice.Preset
			if text := differences(l.Choice, o.Choice); o.Choice.Preset == l.Choice.Preset && text != "" {
				added[k] = ", " + text
				break
			}
		}
	}

	for k, text := range added {
		all[k].Label += text
	}
}

// differences are the parameters of a choice that another one has with other values.
func differences(c, other losses.Choice) string {
	of := map[string]string{}
	for _, p := range losses.Parameters(other.Value) {
		of[p.Name] = p.Text()
	}
	var words []string
	for _, p := range losses.Parameters(c.Value) {
		if text, ok := of[p.Name]; ok && text != p.Text() {
			words = append(words, p.Symbol+" "+p.Text())
		}
	}
	return strings.Join(words, ", ")
}
