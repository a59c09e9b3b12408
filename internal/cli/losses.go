package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/internal/output"
	"gpwbench/losses"
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
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, output.Formats); err != nil {
				return err
			}
			if len(args) == 0 {
				return printTo(cmd, out, func(w writer) error { return describe.Catalogue(w, describe.EveryLoss(), format) })
			}

			row, _, err := spec.ParseLoss(args[0], losses.Catalogue)
			if err != nil {
				return renamed(err, "losses")
			}
			return printTo(cmd, out, func(w writer) error { return describe.Loss(w, *row.Choice.Spec, format) })
		},
	}

	outputFlags(cmd, &out, &format, output.Formats)
	return cmd
}

// renamed corrects the flag in an error about a loss that was not given by --loss.
func renamed(err error, verb string) error {
	var spec *spec.SpecError
	if !errors.As(err, &spec) {
		return err
	}
	return usagef("%s", strings.ReplaceAll(err.Error(), "--loss", verb))
}
