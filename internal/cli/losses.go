package cli

import (
	"github.com/spf13/cobra"

	"gpwbench/internal/output"
	"gpwbench/losses/describe"
)

func lossesCommand() *cobra.Command {
	var out, format string
	cmd := &cobra.Command{
		Use:   "losses [NAME]",
		Short: "List the losses, or show one in full",
		Long:  "Losses lists the catalogue by family. With a name, such as multi_similarity, it prints the whole entry.",
		Example: `  gpw losses
  gpw losses multi_similarity
  gpw losses --format json`,
		Args: operands(0, 1, "one loss at most"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, output.Formats); err != nil {
				return err
			}
			if len(args) == 0 {
				return printTo(cmd, out, func(w writer) error { return describe.Catalogue(w, describe.EveryLoss(), format) })
			}

			row, _, err := parseLoss(args[0], "losses")
			if err != nil {
				return err
			}
			return printTo(cmd, out, func(w writer) error { return describe.Loss(w, *row.Choice.Spec, format) })
		},
	}

	outputFlags(cmd, &out, &format, output.Formats)
	return cmd
}
