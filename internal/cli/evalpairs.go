package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
)

// pairFlags say how much of verification and clustering is computed.
type pairFlags struct {
	pairs, starts int
	seed          uint64
}

func (f *pairFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.IntVar(&f.pairs, "pairs", 0, "metrics of verification from so many random pairs of two classes, with intervals; 0 takes all pairs")
	s.Uint64Var(&f.seed, "pairs-seed", 0, "which random pairs are taken")
	s.IntVar(&f.starts, "starts", retrieval.Starts, "starts of k-means")
}

// check refuses flags that say nothing.
func (f *pairFlags) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	switch {
	case changed("pairs") && f.pairs < 1:
		return usagef("--pairs = %d: ask for 1 at least, or leave it out for all pairs", f.pairs)
	case f.starts < 1:
		return usagef("--starts = %d: k-means needs 1 at least", f.starts)
	case changed("pairs-seed") && !changed("pairs"):
		return usagef("--pairs-seed chooses random pairs, and all are taken; give --pairs too")
	}
	for _, name := range []string{"pairs", "starts"} {
		if changed(name) && !changed("metrics") && (name == "pairs" || !changed("clustering")) {
			return usagef("--%s is of metrics that --metrics names, such as roc_auc or ari", name)
		}
	}
	return nil
}

// fits refuses flags of metrics that are not asked.
func (f *pairFlags) fits(cmd *cobra.Command, asked []metrics.Asked) error {
	for _, flag := range []struct {
		name, such string
		of         metrics.Family
	}{{"pairs", "roc_auc", metrics.Verification}, {"starts", "ari", metrics.Clustering}} {
		fits := func(a metrics.Asked) bool { return a.Family == flag.of }
		if cmd.Flags().Changed(flag.name) && !slices.ContainsFunc(asked, fits) {
			return usagef("--%s is of metrics of %s, and none is asked; name one, such as %s, or leave --%[1]s out", flag.name, flag.of, flag.such)
		}
	}
	return nil
}

// options adds the flags to those of an evaluation.
func (f *pairFlags) options(o metrics.Options) metrics.Options {
	o.Pairs, o.Seed, o.Starts = f.pairs, f.seed, f.starts
	return o
}
