package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/analysis"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots"
	"gpwbench/plots/figures"
)

// plotFlags is the command line of gpw plot.
type plotFlags struct {
	losses             []string
	embeddings, labels string
	run, dataset       string
	steps              []string
	sweep              []string
	vary               string
	view, against      string
	over, metric       string
	pooling, width     string
	out, format        string
	data               bool

	scale, title                  string
	x, y, colors                  string
	noTitle, noCaption, noLetters bool
	limits                        [3]plots.Limits // of x, y and colors
}

// Views of a run that draw no batches: its steps, and the metrics of its sweep.
const (
	trainingView = "training"
	sweepView    = "sweep"
)

// The words that the command line accepts.
var (
	plotViews  = slices.Concat(figures.Views, []string{trainingView, sweepView}, figures.ComparisonViews)
	plotSweeps = []string{"self", "negatives", "positives", "map"}
	plotWidths = []string{"page", "column"}
)

func plotCommand() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot [DIR] [--loss LOSS] -o FIGURE",
		Short: "Draw the weights that losses give to pairs",
		Long: `Plot draws weights against the similarities of pairs: S the pair's own, N relative to the anchor's other negatives, P relative to its
other positives. The pairs are those of
  a batch          --embeddings X.npy --labels y.npy; without them, of a fixed batch of a synthetic stand-in, and the figure says so
  a run            DIR or --run DIR, results/runs/NAME, of the snapshots that it kept; --loss is then the label of a row of its table
  a sweep          --sweep self,negatives,positives: one pair, while its own similarity, the other negatives or the other positives move
                   and all the rest is held; --sweep map: two of them move, and the weight is a colour
  a parameter      --vary lambda=0.5:1: the sweeps of one loss as a line for each value, with a colour bar
LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys; give --loss again for more losses, or "all".

--view chooses the figure of a batch or a run:
  pairs            weight against S, coloured by N and by P (of one loss)
  axes             weight against S, against N and against P
  compare          losses side by side with shared axes (of two or three losses)
  overview         small multiples of many losses, against --against
  map              weight as colour over S and N, and over S and P
  training         of a run, what the weights come to over its steps: of one loss in full, of more a row each
  sweep            of a run with a sweep, --metric against the swept setting --over, with intervals over seeds, for every row
  intervals        of a run, the mean of every row with its interval over the test classes, the best and those tied with it marked
  recall           of a run, Recall@K over K for every row, with intervals over the test classes
  ranks            of a run on several data sets, average ranks: a critical-difference diagram
  curves           of a run, --metric and the loss of every row over its steps, with bands over seeds: on the held-out classes where these
                   chose the step

-o is a file, whose extension is the format (.svg, .pdf, .png, .csv, .json), or a folder for all of them. The data of a figure are written
beside it as CSV.`,
		Example: `  gpw plot --loss all -o overview.svg
  gpw plot --loss multi_similarity.paper --loss multi_similarity.official -o presets.pdf --width column
  gpw plot --loss multi_similarity --loss contrastive --sweep self,negatives,positives -o sweeps.svg
  gpw plot --loss multi_similarity --vary lambda=0.5:1 -o lambda.pdf
  gpw plot --run results/runs/quickstart --view intervals -o intervals.pdf
  gpw plot --loss multi_similarity --embeddings X.npy --labels y.npy --pooling log_sum_exp -o figures/
  gpw plot results/runs/sweep --view sweep --over optimizer.lr --metric map_at_r -o sensitivity.svg`,
		Args: operands(0, 1, "one file of weights at most"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && f.run != "" {
				return usagef("%s and --run %s are two folders; name one", args[0], f.run)
			}
			if len(args) > 0 {
				f.run = args[0]
			}
			return figures.Guard(func() error { return f.plot(cmd) })
		},
	}

	f.addTo(cmd)
	return cmd
}

// addTo adds the flags to the command.
func (f *plotFlags) addTo(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringArrayVar(&f.losses, "loss", nil, "a loss, or all; of a run, the label of a row. Can be given again")
	s.StringVar(&f.embeddings, "embeddings", "", "N×D floats, one row a sample (npy, npz, safetensors, csv, fvecs, mat, pt, parquet)")
	s.StringVar(&f.labels, "labels", "", "N integers or strings, the class of each row")
	s.StringVar(&f.run, "run", "", "folder of the results of gpw run")
	s.StringVar(&f.dataset, "dataset", "", "of a run of several data sets, the one to draw (default its first)")
	s.StringSliceVar(&f.steps, "step", nil, "of a run: first, last or numbers (default all that were kept, or first where losses are compared)")
	s.StringSliceVar(&f.sweep, "sweep", nil, "instead of a batch, what moves: "+list(plotSweeps))
	s.StringVar(&f.vary, "vary", "", "NAME=LOW:HIGH, a parameter of the one --loss or of its miner, over a range of its domain")
	s.StringVar(&f.view, "view", "", list(plotViews)+" (default by the number of losses)")
	s.StringVar(&f.over, "over", "", "of the view sweep, the swept setting (default the first)")
	s.StringVar(&f.metric, "metric", "", "of sweep, intervals and ranks, what is measured, such as recall@1 (default of sweep; of the others map_at_r where it was measured); of curves, that or loss (default both)")
	s.StringVar(&f.against, "against", "S", "of an overview, the similarity: S, N, P")
	poolingFlag(cmd, &f.pooling)
	s.StringVar(&f.width, "width", "page", "page, column (6.875 in, 3.25 in)")
	s.StringVar(&f.scale, "scale", "", "of weights: own, shared, log, normalised (an axis a loss; one linear; one logarithmic; over the largest of each; default by how far apart they are)")
	s.StringVar(&f.x, "x-limits", "", "LOW:HIGH, the ends of the horizontal axes (--x-limits=-0.5:1)")
	s.StringVar(&f.y, "y-limits", "", "LOW:HIGH, the ends of the vertical axes, in their numbers")
	s.StringVar(&f.colors, "color-limits", "", "LOW:HIGH, the ends of the colours of the views pairs and map")
	s.StringVar(&f.title, "title", "", "a title in place of the figure's own")
	s.BoolVar(&f.noTitle, "no-title", false, "leave the title out")
	s.BoolVar(&f.noCaption, "no-caption", false, "leave out the sentences below the figure; .json and .svg have them")
	s.BoolVar(&f.noLetters, "no-letters", false, "leave out the letters of panels")
	s.StringVarP(&f.out, "output", "o", "", "file or folder to write")
	s.StringVar(&f.format, "format", "", list(figures.Formats)+": of a folder's figures, or of standard output without -o")
	s.BoolVar(&f.data, "data", true, "write the data of each figure beside it, as CSV")
}

// plot draws the figures and writes them.
func (f *plotFlags) plot(cmd *cobra.Command) error {
	if err := f.check(); err != nil {
		return err
	}
	to, err := f.target()
	if err != nil {
		return err
	}
	drawn, err := f.draw(cmd)
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped before anything was written; the same command starts again")
	}
	if err != nil {
		return err
	}

	return to.write(cmd, drawn)
}

// check refuses a command line that cannot be drawn with any data.
func (f *plotFlags) check() error {
	if len(f.losses) == 0 && f.run == "" {
		return usagef("plot needs a folder of results (DIR or --run) or --loss, for example: gpw plot --loss all -o overview.svg")
	}
	if (f.embeddings == "") != (f.labels == "") {
		return usagef("--embeddings and --labels go together: rows of a matrix and the class of each")
	}

	if err := f.checkVary(); err != nil {
		return err
	}

	given := 0
	for _, is := range []bool{f.embeddings != "", f.run != "", len(f.sweep) > 0} {
		if is {
			given++
		}
	}

	if given > 1 {
		return usagef("plot draws one of --embeddings, --run and --sweep; leave the others out")
	}
	if (len(f.sweep) > 0 || f.vary != "") && f.view != "" {
		return usagef("--view is of a batch or a run, and a sweep has figures of its own; leave one out")
	}
	ofRun := f.view == trainingView || slices.Contains(figures.ComparisonViews, f.view)
	if ofRun && (f.run == "" || len(f.steps) > 0) {
		return usagef("--view %s is of all steps of a run: name one with --run, and leave --step out", f.view)
	}
	if of := []string{sweepView, figures.IntervalsView, figures.RanksView, figures.CurvesView}; f.metric != "" && !slices.Contains(of, f.view) {
		return usagef("--metric is of the views %s; leave it out", list(of))
	}
	if f.view == sweepView && (f.run == "" || len(f.steps) > 0) {
		return usagef("--view sweep is of all steps of a run with a sweep: name its folder, and leave --step out")
	}
	if f.view != sweepView && f.over != "" {
		return usagef("--over is of --view sweep; add it, or leave it out")
	}
	if f.run == "" && (f.dataset != "" || len(f.steps) > 0) {
		return usagef("--dataset and --step are of a run; name one with --run")
	}
	if len(f.sweep) > 1 && slices.Contains(f.sweep, "map") {
		return usagef("--sweep map is a figure of its own; leave the others out")
	}

	if err := f.checkWords(); err != nil {
		return err
	}
	return f.checkLimits()
}

// checkVary refuses what --vary does not draw: it moves the similarities of a pair of its
// own, which a batch and a run do not have.
func (f *plotFlags) checkVary() error {
	if f.vary == "" {
		return nil
	}
	switch {
	case f.run != "":
		return usagef("--vary moves a pair of its own under a loss, and --run %s has the pairs of runs, whose parameters are fixed; leave --run out, or sweep the parameter in the spec and draw --view sweep", f.run)
	case f.embeddings != "":
		return usagef("--vary moves a pair of its own, and --embeddings %s has pairs that do not move; leave --embeddings and --labels out, or give --loss again for each value, as {name: contrastive, params: {lambda: 0.3}}", f.embeddings)
	case len(f.losses) != 1:
		return usagef("--vary is of one loss, and these are %d; give one --loss", len(f.losses))
	case slices.Contains(f.sweep, "map"):
		return usagef("--vary draws lines, and --sweep map colours; leave one out")
	}
	return nil
}

// Views that have other axes than those of similarities and weights, or none to set.
var withoutX = []string{trainingView, sweepView, figures.RanksView, figures.RecallView}

// checkLimits reads the limits, and refuses those of axes that the figure has not.
func (f *plotFlags) checkLimits() error {
	if f.noTitle && f.title != "" {
		return usagef("--title and --no-title exclude each other; leave one out")
	}
	for k, l := range []struct{ flag, text string }{{"--x-limits", f.x}, {"--y-limits", f.y}, {"--color-limits", f.colors}} {
		if l.text == "" {
			continue
		}
		from, to, err := parseEnds(l.text)
		if err != nil {
			return usagef("%s is LOW:HIGH, two numbers of which the first is the smaller, not %q", l.flag, l.text)
		}
		f.limits[k] = plots.Limits{Low: from, High: to}
	}

	switch {
	case f.x != "" && (slices.Contains(withoutX, f.view) || slices.Contains(f.sweep, "map")):
		return usagef("--x-limits is not of this figure, whose horizontal axis is not a similarity of pairs or a step; leave it out")
	case f.y != "" && (f.view == trainingView || f.view == figures.RanksView || f.view == figures.IntervalsView || slices.Contains(f.sweep, "map")):
		return usagef("--y-limits is not of this figure, whose panels have different vertical axes or none; leave it out")
	case f.colors != "" && f.view != "" && f.view != figures.PairsView && f.view != figures.MapView:
		return usagef("--color-limits is of the views pairs and map; leave it out")
	case f.scale == string(plots.LogScale) && f.y != "" && f.limits[1].Low <= 0:
		return usagef("--y-limits %s is not above 0, as the ends of a logarithmic axis are; raise the first number, or choose another --scale", f.y)
	}
	return nil
}

// plotScales are the words of --scale.
func plotScales() []string {
	var all []string
	for _, s := range plots.Scales {
		all = append(all, string(s))
	}
	return all
}

// checkWords refuses unknown words.
func (f *plotFlags) checkWords() error {
	for _, word := range []struct {
		flag  string
		given []string
		known []string
	}{
		{"--sweep", f.sweep, plotSweeps},
		{"--view", []string{f.view}, append(slices.Clip(plotViews), "")},
		{"--against", []string{f.against}, []string{"S", "N", "P"}},
		{"--width", []string{f.width}, plotWidths},
		{"--scale", []string{f.scale}, append(plotScales(), "")},
	} {
		for _, w := range word.given {
			if !slices.Contains(word.known, w) {
				known := slices.DeleteFunc(slices.Clone(word.known), func(k string) bool { return k == "" })
				return usagef("%s does not know %q%s; known: %s", word.flag, w, spec.DidYouMean(w, known), list(known))
			}
		}
	}
	return nil
}

// draw makes the figures.
func (f *plotFlags) draw(cmd *cobra.Command) ([]figures.Named, error) {
	pooling, err := gpw.ParsePooling(f.pooling)
	if err != nil {
		return nil, &usageError{err}
	}
	if f.run != "" {
		return f.drawRun(cmd, pooling)
	}

	all, err := f.choices(cmd)
	if err != nil {
		return nil, err
	}

	var axes []gpw.Axis
	for _, what := range f.sweep {
		axes = append(axes, gpw.Axis(slices.Index(plotSweeps, what)))
	}
	switch {
	case f.vary != "":
		return f.drawFamily(cmd.Context(), all, axes, pooling)
	case slices.Contains(f.sweep, "map"):
		return f.layout().Heatmaps(cmd.Context(), all, pooling)
	case len(f.sweep) > 0:
		return f.layout().Sweeps(cmd.Context(), all, axes, pooling)
	}

	return f.drawBatch(cmd.Context(), all, pooling)
}

// drawFamily draws the sweeps of a loss for values of a parameter, all sweeps by default.
func (f *plotFlags) drawFamily(ctx context.Context, all []figures.Loss, axes []gpw.Axis, pooling gpw.Pooling) ([]figures.Named, error) {
	if len(all) != 1 {
		return nil, usagef("--vary is of one loss, not %d", len(all))
	}
	name, ends, _ := strings.Cut(f.vary, "=")
	low, high, err := parseEnds(ends)
	if err != nil || name == "" {
		return nil, usagef("--vary is NAME=LOW:HIGH, as lambda=0.5:1, a parameter and two numbers of which the first is the smaller, not %q", f.vary)
	}
	if len(axes) == 0 {
		axes = []gpw.Axis{gpw.S, gpw.N, gpw.P}
	}
	drawn, err := f.layout().Family(ctx, all[0], figures.Vary{Name: name, Low: low, High: high}, axes, pooling)
	return drawn, asUsage(err)
}

// parseEnds reads LOW:HIGH.
func parseEnds(text string) (low, high float64, err error) {
	from, to, _ := strings.Cut(text, ":")
	low, err1 := strconv.ParseFloat(from, 64)
	high, err2 := strconv.ParseFloat(to, 64)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, err
	}
	if !(low < high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return 0, 0, fmt.Errorf("%s is no range", text)
	}
	return low, high, nil
}

// drawBatch draws the batch that the command line gives, or the fixed one.
func (f *plotFlags) drawBatch(ctx context.Context, all []figures.Loss, pooling gpw.Pooling) ([]figures.Named, error) {
	read := figures.FixedBatch
	if f.embeddings != "" {
		read = func() (*figures.Batch, error) { return figures.ReadBatch(f.embeddings, f.labels) }
	}

	b, err := read()
	if err != nil {
		return nil, err
	}
	scatters, err := b.Scatters(ctx, all, pooling)
	if err != nil {
		return nil, err
	}

	var sweeps []*analysis.Sweep
	if f.embeddings == "" && f.layout().NeedsSweeps(scatters) { // a pair of another batch is not of the user's file
		if sweeps, err = figures.OwnSweeps(all, pooling); err != nil {
			return nil, err
		}
	}

	if b.Anchors()*b.Candidates() >= largeBatch {
		b, read = nil, nil
		debug.FreeOSMemory() // before drawing, which may take as much as the losses took
	}
	drawn, err := f.layout().Scatters(scatters, sweeps...)
	return drawn, asUsage(err)
}

// largeBatch is the number of pairs of a batch whose memory is worth a collection.
const largeBatch = 1 << 20

// drawRun draws the files of a run, and names damaged records on standard error.
func (f *plotFlags) drawRun(cmd *cobra.Command, pooling gpw.Pooling) ([]figures.Named, error) {
	run, err := figures.OpenRun(f.run)
	if err != nil {
		return nil, err
	}

	for _, sentence := range run.Damaged() {
		fmt.Fprintln(cmd.ErrOrStderr(), sentence)
	}

	selection := figures.Selection{Dataset: f.dataset, Rows: f.losses, Steps: f.steps}
	if f.view == sweepView {
		data, err := run.Sensitivity(f.over, f.metric, selection)
		if err != nil {
			return nil, asUsage(err)
		}
		return f.layout().Sensitivity(data), nil
	}
	if slices.Contains(figures.ComparisonViews, f.view) {
		drawn, err := run.Comparison(cmd.Context(), f.layout(), selection, f.metric)
		return drawn, asUsage(err)
	}
	if f.view == trainingView {
		histories, err := run.Histories(cmd.Context(), selection, pooling)
		if err != nil {
			return nil, asUsage(err)
		}
		return f.layout().Histories(histories), nil
	}

	eachStep := len(f.losses) == 1 || f.view == figures.PairsView || f.view == figures.AxesView
	if len(f.steps) == 0 && !eachStep { // the step that all losses share
		selection.Steps = []string{"first"}
	}

	scatters, err := run.Scatters(cmd.Context(), selection, pooling)
	if err != nil {
		return nil, asUsage(err)
	}

	drawn, err := f.layout().Scatters(scatters)
	return drawn, asUsage(err)
}

// asUsage turns a request for something that does not exist into a usage error with the
// nearest name.
func asUsage(err error) error {
	request := new(figures.RequestError)
	if !errors.As(err, &request) {
		return err
	}
	if len(request.Known) == 0 {
		hint := ""
		if request.View {
			hint = "; --view chooses another"
		}
		return usagef("%s%s", request.Text, hint)
	}

	hint := ""
	if request.Name != "" {
		hint = spec.DidYouMean(request.Name, request.Known)
	}
	return usagef("%s%s; known: %s", request.Text, hint, list(request.Known))
}

// choices reads the losses; all stands for the whole catalogue.
func (f *plotFlags) choices(cmd *cobra.Command) ([]figures.Loss, error) {
	var names []string
	for _, name := range f.losses {
		if name != "all" {
			names = append(names, name)
			continue
		}
		for _, spec := range losses.Catalogue {
			names = append(names, spec.Name)
		}
	}

	var all []figures.Loss
	for _, name := range names {
		row, err := pairLoss(cmd, name)
		if err != nil {
			return nil, err
		}
		all = append(all, figures.Loss{Label: row.Label, Choice: row.Choice})
	}

	figures.Distinguish(all)
	return all, nil
}

// layout returns the layout of the figures.
func (f *plotFlags) layout() figures.Layout {
	l := figures.Layout{Subject: f.subject(), View: f.view, Along: gpw.Axis(strings.Index("SNP", f.against)), Width: plots.Page,
		Scale: plots.Scale(f.scale), X: f.limits[0], Y: f.limits[1], Colors: f.limits[2],
		Title: f.title, NoTitle: f.noTitle, NoCaption: f.noCaption, NoLetters: f.noLetters}
	if f.width == "column" {
		l.Width = plots.Column
	}
	return l
}

// subject returns the last part of file names in a folder: the run or the losses.
func (f *plotFlags) subject() string {
	switch {
	case f.run != "":
		return filepath.Base(f.run)
	case len(f.losses) > 3:
		return fmt.Sprintf("%d_losses", len(f.losses))
	}

	var words []string
	for _, l := range f.losses {
		words = append(words, strings.Trim(notInNames.ReplaceAllString(l, "_"), "_"))
	}
	return strings.Join(words, "_")
}
