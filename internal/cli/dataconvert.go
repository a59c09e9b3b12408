package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/internal/arrays"
)

// convertFlags is the command line of gpw data convert.
type convertFlags struct {
	labels, partition, to string
	replace               bool
}

func dataConvertCommand() *cobra.Command {
	var f convertFlags
	var formats, kept []string
	for _, w := range arrays.Writers {
		formats = append(formats, w.Format)
		kept = append(kept, fmt.Sprintf("  %-12s %s: %s", w.Format, strings.Join(w.Extensions, " "), w.Keeps))
	}
	cmd := &cobra.Command{
		Use:   "convert IN OUT [--labels PATH]",
		Short: "Write features and labels in another format",
		Long: `Convert reads a file in any format that gpw reads and writes its arrays in the format that OUT's extension names. Elements keep their type
where the format has it, and every change is said. What the format cannot hold is left out, and said.

IN may name one array, as feats.npz:train. --labels adds the labels of another file.

` + strings.Join(kept, "\n"),
		Example: `  gpw data convert features.npy features.safetensors --labels labels.npy
  gpw data convert features.npz:features features.fvecs
  gpw data convert images.csv images.oml.csv --partition images.csv:split`,
		Args: arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}

	s := cmd.Flags()
	s.StringVar(&f.labels, "labels", "", "the labels of the rows of IN, from another file or array")
	s.StringVar(&f.partition, "partition", "", "for oml: the part of each row, 0 train, 1 query, 2 gallery, or these words, or test")
	s.StringVar(&f.to, "to", "", "the format, if OUT's extension does not say it: "+list(formats))
	s.BoolVar(&f.replace, "replace", false, "replace OUT if it is there")
	return cmd
}

func (f *convertFlags) run(cmd *cobra.Command, in, out string) error {
	format, err := arrays.WriterFor(out, f.to)
	if err != nil {
		return &usageError{err}
	}
	if err := f.checkTarget(in, out); err != nil {
		return err
	}
	source, err := arrays.OpenSource(in, f.labels)
	if err != nil {
		return err
	}
	defer source.Close()
	if f.partition != "" {
		if source.Parts, err = arrays.ReadParts(f.partition); err != nil {
			return err
		}
	}

	var notes []string
	err = writeNewFiles(cmd.Context(), []newFile{{out, func(w io.Writer) (err error) {
		notes, err = source.Convert(w, format, out)
		return err
	}}})
	if errors.Is(err, context.Canceled) {
		return errors.New("convert was interrupted; nothing is written")
	}
	if err != nil {
		return err
	}
	for _, note := range notes {
		say(cmd, "%s", note)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
	return err
}

// checkTarget refuses to write onto a file that is read, and onto one that is there: of
// two files in the wrong order, the second would be lost.
func (f *convertFlags) checkTarget(in, out string) error {
	there, err := os.Stat(out)
	if err != nil {
		return nil // writing says what is wrong
	}
	for _, path := range []string{in, f.labels, f.partition} {
		file, _ := arrays.Split(path)
		if read, err := os.Stat(file); err == nil && os.SameFile(read, there) {
			return usagef("%s is read and cannot be written at the same time; name another file", out)
		}
	}
	if !f.replace {
		return usagef("%s is there already, and nothing was written; --replace replaces it", out)
	}
	return nil
}
