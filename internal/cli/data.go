package cli

import "github.com/spf13/cobra"

// dataCommand is the parent of the verbs that read and write files of features.
func dataCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "data VERB",
		Short:   "Make files of features and labels",
		Example: "  gpw data extract",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownVerb(cmd, args[0])
		},
	}
	cmd.AddCommand(dataExtractCommand())
	return cmd
}
