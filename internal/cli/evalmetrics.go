package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/metrics"
	answers "gpwbench/benchmarks/metrics/report"
	"gpwbench/benchmarks/retrieval/report"
)

// asked are the metrics that the command line names, or those that eval has of itself.
func (f *evalFlags) asked(cmd *cobra.Command) ([]metrics.Asked, error) {
	slices.Sort(f.ks)
	f.ks = slices.Compact(f.ks)
	asked := metrics.Default(f.ks)
	if f.metrics != nil {
		var ks []int // of metrics that are named without one
		if cmd.Flags().Changed("k") {
			ks = f.ks
		}
		var err error
		if asked, err = metrics.ParseAll(f.metrics, ks); err != nil {
			return nil, usagef("--metrics: %w; gpw eval --metrics list prints them all", err)
		}
	}

	if f.clustering {
		more, err := metrics.ParseAll([]string{"nmi,ami"}, nil)
		if err != nil {
			return nil, err
		}
		for _, a := range more {
			if !slices.ContainsFunc(asked, func(b metrics.Asked) bool { return a.Key() == b.Key() }) {
				asked = append(asked, a)
			}
		}
	}
	return asked, nil
}

// answer prints what is asked of all embeddings, which are read one after the other.
func (f *evalFlags) answer(cmd *cobra.Command) error {
	asked, err := f.asked(cmd)
	if err != nil {
		return err
	}

	all := make([]answers.Answered, len(f.embeddings))
	for i, name := range f.embeddings {
		queries, gallery, err := f.read(i)
		if err != nil {
			return err
		}
		step, done := counter(cmd.ErrOrStderr(), "queries", queries.Rows)
		e, err := metrics.Evaluate(cmd.Context(), set(queries), setOf(gallery), asked, metrics.Options{Compared: step})
		done()
		if err != nil {
			return interrupted(err)
		}
		all[i] = answers.Answered{Name: name, Evaluation: e}
	}
	return printTo(cmd, f.out, func(w writer) error { return answers.Write(w, f.format, all) })
}

func set(l report.Labelled) metrics.Set { return metrics.Set{Vectors: l.Vectors, Labels: l.Labels} }

// setOf returns no set for no rows.
func setOf(l *report.Labelled) *metrics.Set {
	if l == nil {
		return nil
	}
	s := set(*l)
	return &s
}
