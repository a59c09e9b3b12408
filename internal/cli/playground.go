package cli

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"gpwbench/gpw/playground/page"
)

func playgroundCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "playground -o playground.html",
		Short: "Write a page in which losses run: drag points, and see the weight of every pair",
		Long: `Playground writes one self-contained page, which needs no network and no server: open it from disk in a browser. In it the Go code of
this program runs by WebAssembly, on points of a circle or a sphere: the weight of every pair under any loss of the catalogue or a formula
that is typed there, two losses side by side, the steps of gradient descent, the paper's Figure 2 and Table 1 as scenes. A link or a
snippet reproduces what is shown, and gpw weigh prints the same numbers for the points that the page saves.`,
		Example: "  gpw playground -o playground.html",
		Args:    operands(0, 0, "no arguments without a flag"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := needFlags(cmd, "output"); err != nil {
				return err
			}
			var b bytes.Buffer
			if err := page.Write(&b); errors.Is(err, page.ErrNoModule) {
				return errors.New("this gpw was built without the module that runs in the page; make build builds bin/gpw with it")
			} else if err != nil {
				return err
			}
			return writeFile(out, b.Bytes())
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to write the page to")
	return cmd
}
