package cli

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"gpwbench/plots/report"
)

func reportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report DIR…",
		Short: "Write one page of an experiment, to look at and to send",
		Long: `Report writes an HTML page of one results folder or of several. It is one file that opens from disk and loads nothing: tables with ties
and intervals, Recall@K and learning curves, metrics against swept settings, the weights of each loss against S, N and P over its training,
differences of all pairs of rows, and maps of the test embeddings that were kept (keep: [head, embeddings] of a spec). Rows of several
folders that were measured on the same test rows stand in one table. gpw run writes the page of its folder as report.html.`,
		Example: `  gpw report results/runs/quickstart -o report.html
  gpw report results/runs/pair results/runs/sweep -o both.html`,
		Args: operands(1, anyNumber, "a results folder, or several"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" && isTerminal(cmd) {
				return usagef("the page is HTML, to be opened in a browser: name its file, as with -o report.html, or send standard output into one")
			}
			var folders []*report.Folder
			for _, dir := range args {
				f, err := report.Open(cmd.Context(), dir)
				if cmd.Context().Err() != nil {
					return errors.New("stopped before anything was written; the same command starts again")
				}
				if err != nil {
					return err
				}
				folders = append(folders, f)
			}
			var b bytes.Buffer
			if err := report.Write(&b, folders...); err != nil {
				return err
			}
			if out != "" {
				return writeFile(out, b.Bytes())
			}
			_, err := cmd.OutOrStdout().Write(b.Bytes())
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write instead of standard output, which must not be a terminal")
	return cmd
}
