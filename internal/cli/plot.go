package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/analysis"
	"gpwbench/experiments"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots"
)

// plotFlags is the command line of gpw plot.
type plotFlags struct {
	losses             []string
	embeddings, labels string
	run, dataset       string
	steps              []string
	sweep              []string
	view, against      string
	pooling, width     string
	out, format        string
	data               bool
}

// The words of the command line.
var (
	plotViews  = []string{"pairs", "axes", "compare", "overview", "map", "training"}
	plotSweeps = []string{"self", "negatives", "positives", "map"}
	plotWidths = []string{"page", "column"}
)

func plotCommand() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot --loss LOSS -o FIGURE",
		Short: "Draw the weights that losses give to pairs",
		Long: `Plot draws weights against the similarities of pairs: S the pair's own, N relative to the anchor's other negatives, P relative to its
other positives. The pairs are those of
  a batch          --embeddings X.npy --labels y.npy; without them, of a fixed batch of a synthetic stand-in, and the figure says so
  a run            --run results/runs/NAME, of the snapshots that it kept; --loss is then the label of a row of its table
  a sweep          --sweep self,negatives,positives: one pair, while its own similarity, the other negatives or the other positives move
                   and all the rest is held; --sweep map: two of them move, and the weight is a colour
LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys; give --loss again for more losses, or "all".

--view chooses the figure of a batch or a run:
  pairs            weight against S, coloured by N and by P (of one loss)
  axes             weight against S, against N and against P
  compare          losses side by side with shared axes (of two or three losses)
  overview         small multiples of many losses, against --against
  map              weight as colour over S and N, and over S and P
  training         of a run, what the weights come to over its steps: of one loss in full, of more a row each

-o is a file, whose extension is the format (.svg, .pdf, .png, .csv, .json), or a folder for all of them. The data of a figure are written
beside it as CSV.`,
		Example: `  gpw plot --loss all -o overview.svg
  gpw plot --loss multi_similarity.paper --loss multi_similarity.official -o presets.pdf --width column
  gpw plot --loss multi_similarity --loss contrastive --sweep self,negatives,positives -o sweeps.svg
  gpw plot --loss multi_similarity --embeddings X.npy --labels y.npy --pooling log_sum_exp -o figures/`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			to, err := f.target()
			if err != nil {
				return err
			}
			drawings, err := f.draw(cmd)
			if errors.Is(err, context.Canceled) {
				return errors.New("stopped before anything was written; the same command starts again")
			}
			if err != nil {
				return err
			}
			return to.write(cmd, drawings)
		},
	}
	s := cmd.Flags()
	s.StringArrayVar(&f.losses, "loss", nil, "a loss, or all; of a run, the label of a row. Can be given again")
	s.StringVar(&f.embeddings, "embeddings", "", "npy of N×D floats, one row a sample")
	s.StringVar(&f.labels, "labels", "", "npy of N integers, the class of each row")
	s.StringVar(&f.run, "run", "", "folder of the results of gpw run")
	s.StringVar(&f.dataset, "dataset", "", "of a run of several data sets, the one to draw (default its first)")
	s.StringSliceVar(&f.steps, "step", nil, "of a run: first, last or numbers (default all that were kept, or first where losses are compared)")
	s.StringSliceVar(&f.sweep, "sweep", nil, "instead of a batch, what moves: "+list(plotSweeps))
	s.StringVar(&f.view, "view", "", list(plotViews)+" (default by the number of losses)")
	s.StringVar(&f.against, "against", "S", "of an overview, the similarity: S, N, P")
	poolingFlag(cmd, &f.pooling)
	s.StringVar(&f.width, "width", "page", "page (7 in) or column (3.35 in)")
	s.StringVarP(&f.out, "output", "o", "", "file or folder to write")
	s.StringVar(&f.format, "format", "", list(figureFormats)+": of a folder's figures, or of standard output without -o")
	s.BoolVar(&f.data, "data", true, "write the data of each figure beside it, as CSV")
	return cmd
}

// check refuses what cannot be drawn whatever the data are.
func (f *plotFlags) check() error {
	if len(f.losses) == 0 && f.run == "" {
		return usagef("plot needs --loss or --run; gpw plot --help shows examples")
	}
	if (f.embeddings == "") != (f.labels == "") {
		return usagef("--embeddings and --labels go together: rows of a matrix and the class of each")
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
	if len(f.sweep) > 0 && f.view != "" {
		return usagef("--view is of a batch or a run, and a sweep has figures of its own; leave one out")
	}
	if f.view == "training" && (f.run == "" || len(f.steps) > 0) {
		return usagef("--view training is of all steps of a run: name one with --run, and leave --step out")
	}
	if f.run == "" && (f.dataset != "" || len(f.steps) > 0) {
		return usagef("--dataset and --step are of a run; name one with --run")
	}
	if len(f.sweep) > 1 && slices.Contains(f.sweep, "map") {
		return usagef("--sweep map is a figure of its own; leave the others out")
	}
	for _, word := range []struct {
		flag  string
		given []string
		known []string
	}{
		{"--sweep", f.sweep, plotSweeps}, {"--view", []string{f.view}, append(slices.Clip(plotViews), "")},
		{"--against", []string{f.against}, []string{"S", "N", "P"}}, {"--width", []string{f.width}, plotWidths},
	} {
		for _, w := range word.given {
			if !slices.Contains(word.known, w) {
				known := slices.DeleteFunc(slices.Clone(word.known), func(k string) bool { return k == "" })
				return usagef("%s does not know %q%s; known: %s", word.flag, w, experiments.DidYouMean(w, known), list(known))
			}
		}
	}
	return nil
}

// A drawing is a figure with the name that its file has in a folder.
type drawing struct {
	name   string
	figure *plots.Figure
}

// draw makes the figures.
func (f *plotFlags) draw(cmd *cobra.Command) ([]drawing, error) {
	pooling, err := gpw.ParsePooling(f.pooling)
	if err != nil {
		return nil, &usageError{err}
	}
	if f.run != "" {
		if err := f.nameDamaged(cmd.ErrOrStderr()); err != nil {
			return nil, err
		}
	}
	if f.view == "training" {
		return f.trainings(cmd.Context(), pooling)
	}
	if f.run != "" {
		clouds, err := f.snapshots(cmd.Context(), pooling)
		if err != nil {
			return nil, err
		}
		return f.views(clouds, nil)
	}
	rows, err := f.rows(cmd)
	if err != nil {
		return nil, err
	}
	if len(f.sweep) > 0 {
		return f.sweeps(cmd.Context(), rows, pooling)
	}
	clouds, err := f.batch(cmd.Context(), rows, pooling)
	if err != nil {
		return nil, err
	}
	return f.views(clouds, func() ([]*analysis.Sweep, error) {
		var sweeps []*analysis.Sweep
		for _, r := range rows {
			s, err := analysis.NewSweep(r.Choice, gpw.S, pooling)
			if err != nil {
				return nil, err
			}
			sweeps = append(sweeps, s)
		}
		return sweeps, nil
	})
}

// rows reads the losses; all is every one of the catalogue.
func (f *plotFlags) rows(cmd *cobra.Command) ([]experiments.Row, error) {
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
	var rows []experiments.Row
	for _, name := range names {
		row, err := pairLoss(cmd, name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	for k, r := range rows { // two presets of a loss are told apart by name
		for j, other := range rows {
			if j != k && other.Choice.Spec.Name == r.Choice.Spec.Name && r.Label == r.Choice.Spec.Title {
				rows[k].Label += " " + r.Choice.Preset
				break
			}
		}
	}
	return rows, nil
}

// inches is the width of the figures.
func (f *plotFlags) inches() plots.Width {
	if f.width == "column" {
		return plots.Column
	}
	return plots.Page
}

// name is the name of a figure in a folder: its subject, then what it shows.
func (f *plotFlags) name(subject string) string {
	words := []string{subject}
	switch {
	case f.run != "":
		words = append(words, filepath.Base(f.run))
	case len(f.losses) > 3:
		words = append(words, fmt.Sprintf("%d_losses", len(f.losses)))
	default:
		for _, l := range f.losses {
			words = append(words, strings.Trim(notInNames.ReplaceAllString(l, "_"), "_"))
		}
	}
	return strings.Join(words, "_")
}
