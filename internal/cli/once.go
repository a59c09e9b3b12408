package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A once is the value of a flag that may be given once, so that a second one is an error
// and not the one that counts.
type once struct {
	pflag.Value
	given bool
}

// Set implements pflag.Value.
func (o *once) Set(text string) error {
	if o.given {
		return fmt.Errorf("it is given already, as %q; give it once", o.String())
	}
	if err := o.Value.Set(text); err != nil {
		return err
	}
	o.given = true
	return nil
}

// giveOnce makes every flag of a command and of its verbs one that may be given once, but
// for those that hold a list.
func giveOnce(cmd *cobra.Command) {
	for _, flags := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if _, several := f.Value.(pflag.SliceValue); !several {
				f.Value = &once{Value: f.Value}
			}
		})
	}
	for _, verb := range cmd.Commands() {
		giveOnce(verb)
	}
}
