package cli

import (
	"github.com/spf13/cobra"

	"gpwbench/internal/output"
	"gpwbench/losses/losstest"
	"gpwbench/losses/losstest/report"
)

// checkFlags is the command line of gpw check.
type checkFlags struct {
	loss, out, format string
	seed              uint64
}

func checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check --loss LOSS",
		Short: "Hold a loss against the contract that every loss meets",
		Long: `Check evaluates a loss on many small batches and says of every property of the contract whether it holds: gradients against finite
differences, permutations, relabelling, duplicates, degenerate batches, memory, descent. It exits with 1 if one fails.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys.`,
		Example: `  gpw check --loss multi_similarity
  gpw check --loss '{name: contrastive, params: {lambda: 0.3}, miner: multi_similarity}'`,
		Args: operands(0, 0, "no arguments without a flag"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd) },
	}

	s := cmd.Flags()
	s.StringVar(&f.loss, "loss", "", "the loss: a name, a name with preset, or a YAML mapping")
	s.Uint64Var(&f.seed, "seed", 1, "of the batches")
	outputFlags(cmd, &f.out, &f.format, output.Formats)
	return cmd
}

func (f *checkFlags) run(cmd *cobra.Command) error {
	if err := checkFormat(f.format, output.Formats); err != nil {
		return err
	}
	if err := needFlags(cmd, "loss"); err != nil {
		return err
	}
	row, hints, err := parseLoss(f.loss, "--loss")
	if err != nil {
		return err
	}

	for _, hint := range hints {
		say(cmd, "%s", hint)
	}

	properties := losstest.Check(row.Choice, f.seed)
	err = printTo(cmd, f.out, func(w writer) error { return report.Write(w, f.format, row.Choice, properties) })
	if err != nil {
		return err
	}
	return report.Failure(row.Choice, properties)
}
