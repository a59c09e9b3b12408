package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/gpw/probe"
	"gpwbench/internal/output"
	"gpwbench/losses"
	"gpwbench/losses/describe"
	"gpwbench/plots/figures"
)

// probeFlags is the command line of gpw probe.
type probeFlags struct {
	losses        []string
	seed          uint64
	samples       int
	table, figure string
	out, format   string
}

func probeCommand() *cobra.Command {
	var f probeFlags
	cmd := &cobra.Command{
		Use:   "probe [--loss LOSS]…",
		Short: "Measure what the weights of losses depend on: Table 1 of the paper, and the cases of its Figure 2",
		Long: `Probe measures, for every loss and preset or for those given, whether the weight of a positive and of a negative pair depends on S, on the
anchor's other negatives (N), on its positives (P), and on other anchors' rows (X), by moving one of them at a time over hundreds of
batches; and how much, by Sobol' indices. It prints that beside Table 1 of Wang et al., CVPR 2019, with a reason for each difference; then
what each weight does in the three cases of the paper's Figure 2, and where the weight jumps as the positives draw near.

text, markdown and json have all tables, unless --table names one; csv and latex have the one named, or ticks.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys; all is every preset of every loss.`,
		Example: `  gpw probe --loss multi_similarity.official --loss npairs
  gpw probe --loss '{name: circle, params: {gamma: 32}}' --table effects --format csv
  gpw probe --format markdown -o probe.md --figure cases.svg`,
		Args: operands(0, 0, "no arguments without a flag"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd) },
	}

	s := cmd.Flags()
	s.StringArrayVar(&f.losses, "loss", nil,
		"a loss, repeatable: a name, a name with preset, a YAML mapping, or all, every preset of every loss (the default)")
	s.Uint64Var(&f.seed, "seed", 1, "of the batches and samples")
	s.IntVar(&f.samples, "samples", 2048, "rows of each of the two samples of the effects; 0 leaves them out")
	s.StringVar(&f.table, "table", "", "one table only: "+list(probe.Tables))
	s.StringVar(&f.figure, "figure", "",
		"file for a figure of the cases, and of the step (."+strings.Join(figures.Formats, ", .")+"); its data go beside it as CSV")
	outputFlags(cmd, &f.out, &f.format, output.Formats)
	return cmd
}

func (f *probeFlags) run(cmd *cobra.Command) error {
	if err := checkFormat(f.format, output.Formats); err != nil {
		return err
	}
	tables, err := f.tables()
	if err != nil {
		return err
	}

	if f.figure != "" {
		if _, err := figureFormat(f.figure); err != nil {
			return err
		}
	}

	if f.samples != 0 && (f.samples < probe.FewestSamples || f.samples > probe.MostSamples) {
		return usagef("--samples %d: write 0 to leave the effects out, or %d to %d", f.samples, probe.FewestSamples, probe.MostSamples)
	}
	choices, err := f.choices(cmd)
	if err != nil {
		return err
	}

	results, err := f.measure(cmd, choices, tables)
	if err != nil {
		return err
	}

	if f.figure != "" {
		if err := writeProbeFigure(f.figure, results); err != nil {
			return err
		}
	}
	return printTo(cmd, f.out, func(w writer) error { return probe.Write(w, results, f.format, tables) })
}

// tables returns the requested tables: the one named, or all in formats with more than
// one.
func (f *probeFlags) tables() ([]string, error) {
	switch {
	case slices.Contains(probe.Tables, f.table):
		return []string{f.table}, nil
	case f.table != "":
		return nil, usagef("unknown table %q; known: %s", f.table, list(probe.Tables))
	case f.format == "csv" || f.format == "latex":
		return []string{probe.TicksTable}, nil
	}
	return probe.Tables, nil
}

// choices reads the losses. Without any, and for all, it returns every preset.
func (f *probeFlags) choices(cmd *cobra.Command) ([]losses.Choice, error) {
	if len(f.losses) == 0 {
		return describe.EveryPreset(), nil
	}

	var all []losses.Choice
	for _, name := range f.losses {
		if name == "all" {
			all = append(all, describe.EveryPreset()...)
			continue
		}
		row, err := pairLoss(cmd, name)
		if err != nil {
			return nil, err
		}

		all = append(all, row.Choice)
	}

	return all, nil
}

// measure makes the measurements for the tables. JSON needs the ticks in any case.
func (f *probeFlags) measure(cmd *cobra.Command, choices []losses.Choice, tables []string) ([]probe.Result, error) {
	if f.format == "json" {
		tables = append(slices.Clip(tables), probe.TicksTable)
	}

	step, done := counter(cmd.ErrOrStderr(), "losses", len(choices))
	o := probe.Options{Seed: f.seed, Samples: f.samples, Tables: tables, Progress: step}
	results, err := probe.Run(cmd.Context(), choices, o)
	done()
	if errors.Is(err, context.Canceled) {
		return nil, errors.New("probe was interrupted; nothing is written")
	}

	return results, err
}
