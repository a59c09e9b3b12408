package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/analysis/weigh"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/internal/output"
)

// weighFlags is the command line of gpw weigh.
type weighFlags struct {
	loss, embeddings, labels string
	pooling                  string
	out, format              string
}

func weighCommand() *cobra.Command {
	var f weighFlags
	cmd := &cobra.Command{
		Use:   "weigh --loss LOSS --embeddings X.npy --labels y.npy",
		Short: "Show the weight that a loss gives to every pair of a batch",
		Long: `Weigh evaluates a loss on one batch in float64: its value, its gradient G = ∂L/∂S, and for every ordered pair (row = anchor) the
similarities S, N and P and the weight w = |G|. N is S less the pooled similarity of the anchor's other negatives, P less that of its other
positives: their mean, or with --pooling log_sum_exp:SCALE a soft maximum of the negatives and a soft minimum of the positives. Rows need
not be normalised.

The text says of either kind how many even pairs would share the weight so, and which part of it is with the hardest 1 %. Hard is meant by
similarity, whatever the loss weighs: the positives of lowest S, the negatives of highest S.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys.`,
		Example: `  gpw weigh --loss multi_similarity.official --embeddings X.npy --labels y.npy
  gpw weigh --loss '{name: multi_similarity, params: {beta: 50}, miner: none}' --embeddings X.npy --labels y.npy --format json`,
		Args: operands(0, 0, "no arguments without a flag"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd) },
	}

	s := cmd.Flags()
	s.StringVar(&f.loss, "loss", "", "the loss: a name, a name with preset, or a YAML mapping")
	s.StringVar(&f.embeddings, "embeddings", "", "N×D floats, one row a sample (npy, npz, safetensors, csv, fvecs, mat, pt, parquet)")
	s.StringVar(&f.labels, "labels", "", "N integers or strings, the class of each row")
	poolingFlag(cmd, &f.pooling)
	outputFlags(cmd, &f.out, &f.format, output.Formats)
	return cmd
}

func (f *weighFlags) run(cmd *cobra.Command) error {
	if err := checkFormat(f.format, output.Formats); err != nil {
		return err
	}
	if err := needFlags(cmd, "loss", "embeddings", "labels"); err != nil {
		return err
	}
	pooling, err := gpw.ParsePooling(f.pooling)
	if err != nil {
		return &usageError{err}
	}

	row, err := pairLoss(cmd, f.loss)
	if err != nil {
		return err
	}

	b, err := weigh.ReadBatch(f.embeddings, f.labels)
	if err != nil {
		return err
	}
	report, err := weigh.Batch(row.Choice, b, pooling)
	if err != nil {
		return err
	}

	if f.format != "text" && f.format != "json" { // these formats have no place for the remarks
		for _, remark := range report.Remarks() {
			say(cmd, "%s", remark)
		}
	}
	return streamTo(cmd, f.out, func(w writer) error { return report.Write(w, f.format) })
}

// poolingFlag adds --pooling.
func poolingFlag(cmd *cobra.Command, pooling *string) {
	cmd.Flags().StringVar(pooling, "pooling", "mean",
		"of the others that N and P compare with: mean, log_sum_exp, log_sum_exp:SCALE")
}

// pairLoss reads a loss that compares the pairs of a batch, and prints its hints.
func pairLoss(cmd *cobra.Command, text string) (spec.Row, error) {
	row, hints, err := parseLoss(text, "--loss")
	if err != nil {
		return spec.Row{}, err
	}

	for _, hint := range hints {
		say(cmd, "%s", hint)
	}

	if row.Proxies.PerClass > 0 {
		return spec.Row{}, usagef("%s compares with trained proxies, and %s looks at the pairs of a batch; "+
			"gpw run trains them, and keeps the loss and statistics of its weights, step by step", row.Choice.Spec.Name, cmd.Name())
	}
	if row.Memory != nil && row.Memory.Remembers() {
		return spec.Row{}, usagef("%s looks at the pairs of one batch, and a memory bank holds those of earlier ones; "+
			"leave memory out", cmd.Name())
	}

	return row, nil
}

// needFlags refuses a command line without these flags, naming all that are missing.
func needFlags(cmd *cobra.Command, names ...string) error {
	var missing []string
	for _, n := range names {
		if !cmd.Flags().Changed(n) {
			missing = append(missing, "--"+n)
		}
	}
	if len(missing) > 0 {
		return usagef("%s needs %s; usage: %s", cmd.Name(), strings.Join(missing, " and "), cmd.UseLine())
	}
	return nil
}
