package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/metrics/compat"
)

// compatFlag asks what another tool prints for the same embeddings.
type compatFlag struct{ compat string }

func (f *compatFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.compat, "compat", "", "what another tool prints for the same embeddings, and which of its rules makes the difference: "+list(compat.Names()))
}

// checkCompat refuses flags of questions that the tool does not ask.
func (f *evalFlags) checkCompat(cmd *cobra.Command) error {
	if f.compat == "" {
		if cmd.Flags().Changed("compat") {
			return usagef("--compat names a tool: %s", list(compat.Names()))
		}
		return nil
	}
	if _, err := compat.Find(f.compat); err != nil {
		return usagef("--%w", err) // it begins with the name of the package, which is that of the flag
	}
	for _, other := range []string{
		"k", "neighbours", "clustering", "metrics", "per-class", "per-query", "worst", "intervals", "similarity", "groups", "group-negatives",
		"no-copies", "label-separator", "query-expansion", "rerank", "pairs", "starts",
	} {
		if cmd.Flags().Changed(other) {
			return usagef("--compat prints the figures of a tool by its own rules, so --%s says nothing; leave one of them out", other)
		}
	}
	return nil
}

// printCompat prints what the tool prints, and why it differs.
func (f *evalFlags) printCompat(cmd *cobra.Command) error {
	if len(f.embeddings) > 1 {
		return usagef("--compat is of one embedding, and there are %d: %s", len(f.embeddings), strings.Join(f.embeddings, ", "))
	}
	tool, err := compat.Find(f.compat)
	if err != nil {
		return usagef("--%w", err)
	}
	q, err := f.question(0)
	if err != nil {
		return err
	}
	c, err := tool.Compare(cmd.Context(), q.queries, q.gallery)
	if err != nil {
		return interrupted(err)
	}
	return printTo(cmd, f.out, func(w writer) error { return compat.Write(w, f.format, c) })
}
