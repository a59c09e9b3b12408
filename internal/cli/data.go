package cli

import "github.com/spf13/cobra"

// dataCommand is the parent of the verbs that read and write files of features. Each is a
// file of its own, data*.go, and a line here.
func dataCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data VERB",
		Short: "Inspect, convert and make files of features and labels",
		Long: `Data reads and writes files of features and labels, and trains nothing.

A path may name one of several arrays of a file behind a colon, as in feats.npz:train, and .T behind it transposes a matrix.`,
		Example: `  gpw data synth cub -o standin
  gpw data inspect standin/features.npy --labels standin/labels.npy`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownVerb(cmd, args[0])
		},
	}
	cmd.AddCommand(dataInspectCommand())
	cmd.AddCommand(dataConvertCommand())
	cmd.AddCommand(dataSynthCommand())
	cmd.AddCommand(dataExtractCommand())
	return cmd
}
