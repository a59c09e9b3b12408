package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets/inspect"
	"gpwbench/internal/arrays"
	"gpwbench/internal/output"
	"gpwbench/plots"
)

// inspectFlags is the command line of gpw data inspect.
type inspectFlags struct {
	labels    []string
	partition string
	seed      uint64
	format    string
	out       string
	width     string
}

func dataInspectCommand() *cobra.Command {
	var f inspectFlags
	cmd := &cobra.Command{
		Use:   "inspect PATH… [--labels PATH]…",
		Short: "Say what files of features and labels hold, and what is wrong with them",
		Long: `Inspect reads files of features, of labels, or of both, in any format that gpw reads, and folders and lists of data sets as they are
distributed (their images stand for rows, in their order), and prints what each of them is, then what is wrong
with it and what to do. Files are taken together: rows and classes that two of them share are found too.

The k-th --labels has the labels of the k-th PATH. Without one, labels are those in the file itself, or a file of labels alone behind it.

Whether labels are in step with their rows is judged by the nearest rows of a sample: near rows should share labels as they stand, and not
only after a shift. Of two files, the first is taken for the queries and the second for the gallery where they share classes.

Exit codes: 0 nothing wrong, or warnings and notes alone; 3 errors among the findings; 2 a wrong command line; 1 a file that cannot be read.`,
		Example: `  gpw data inspect features.npy --labels labels.npy
  gpw data inspect train.npz test.npz
  gpw data inspect CUB_200_2011
  gpw data inspect features.npy labels.npy -o rows.svg --width column
  gpw data inspect all.npy --labels all.csv:label --partition all.csv:split --format json`,
		Args: operands(1, anyNumber, "a file of features, or a folder"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}

	s := cmd.Flags()
	s.StringArrayVar(&f.labels, "labels", nil, "the labels of a PATH, repeatable: integers or strings, the class of each row")
	s.StringVar(&f.partition, "partition", "", "the part of each row of the one PATH: 0 train, 1 query, 2 gallery, 3 test, or these words")
	s.Uint64Var(&f.seed, "seed", 1, "of the samples")
	s.StringVarP(&f.out, "output", "o", "", "file for a figure of sizes, lengths, spectrum and similarities (.png, .svg, .pdf); its data go beside it as CSV")
	s.StringVar(&f.width, "width", "page", "of the figure: page or column")
	s.StringVar(&f.format, "format", inspect.Formats[0], list(inspect.Formats))
	return cmd
}

func (f *inspectFlags) run(cmd *cobra.Command, args []string) (err error) {
	if err := checkFormat(f.format, inspect.Formats); err != nil {
		return err
	}
	if len(f.labels) > len(args) {
		return usagef("%d --labels for %d of PATH: give one for each, in their order", len(f.labels), len(args))
	}
	if err := f.checkFigure(); err != nil {
		return err
	}
	maps := arrays.NewMaps()
	defer maps.Close(&err)
	subjects, err := inspect.Open(maps, args, f.labels)
	if err != nil {
		return err
	}
	if f.partition != "" {
		if len(subjects) != 1 {
			return usagef("--partition divides the rows of one PATH, and there are %d; inspect them one by one", len(subjects))
		}
		if err := subjects[0].Divide(f.partition); err != nil {
			return err
		}
	}

	report, err := inspect.Inspect(cmd.Context(), subjects, f.seed)
	if errors.Is(err, context.Canceled) {
		return errors.New("inspect was interrupted; nothing is written")
	}
	if err != nil {
		return err
	}
	if err := maps.Changed(); err != nil {
		return err
	}
	if f.out != "" {
		if err := f.draw(subjects); err != nil {
			return err
		}
	}
	if err := printTo(cmd, "", func(w writer) error { return inspect.Write(w, report, f.format) }); err != nil {
		return err
	}
	if report.Worst() == inspect.Error {
		return &faultError{report.Count(inspect.Error)}
	}
	return nil
}

// A faultError ends an inspection that found errors. The report has been printed.
type faultError struct{ errors int }

func (e *faultError) Error() string {
	return fmt.Sprintf("inspect found %s; exit code %d", output.Count(e.errors, "error", "errors"), exitFault)
}

// checkFigure refuses a figure that cannot be drawn.
func (f *inspectFlags) checkFigure() error {
	if f.width != "page" && f.width != "column" {
		return usagef("unknown width %q; known: page, column", f.width)
	}
	if f.out == "" {
		return nil
	}
	switch strings.TrimPrefix(filepath.Ext(f.out), ".") {
	case "png", "svg", "pdf":
		return nil
	}
	return usagef("-o %s: a figure is .png, .svg or .pdf; the report goes to standard output", f.out)
}

// draw writes a figure of each file.
func (f *inspectFlags) draw(subjects []*inspect.Subject) error {
	width := plots.Page
	if f.width == "column" {
		width = plots.Column
	}
	var all []*plots.Figure
	for _, s := range subjects {
		p := s.Picture(f.seed)
		d := plots.DataRows{Name: filepath.Base(s.Path), Sizes: p.Sizes, Norms: p.Norms, Spectrum: p.Spectrum, Within: p.Within, Between: p.Between}
		all = append(all, plots.Data(width, d, f.captions(s, p)...))
	}
	return writeFigurePages(f.out, all)
}

// captions say what a figure was drawn of.
func (f *inspectFlags) captions(s *inspect.Subject, p *inspect.Picture) []string {
	of := output.Count(s.Rows(), "row", "rows")
	if len(p.Sizes) > 0 {
		of += " of " + output.Count(len(p.Sizes), "class", "classes")
	}
	var sampled []string
	if p.Spectrum != nil {
		sampled = append(sampled, fmt.Sprintf("spectrum of %d rows at length 1", p.Sampled))
	}
	if n := len(p.Within) + len(p.Between); n > 0 {
		sampled = append(sampled, fmt.Sprintf("similarities of %d pairs", n))
	}
	if len(sampled) > 0 {
		of += "; " + strings.Join(sampled, ", ") + fmt.Sprintf(", sampled with seed %d", f.seed)
	}
	return []string{of + "."}
}
