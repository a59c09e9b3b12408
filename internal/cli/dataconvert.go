package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets/layouts"
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

IN may name one array, as feats.npz:train. --labels adds the labels of another file. A folder of a data set as it is distributed is
written as oml alone.

` + strings.Join(kept, "\n"),
		Example: `  gpw data convert features.npy features.safetensors --labels labels.npy
  gpw data convert features.npz:features features.fvecs
  gpw data convert images.csv images.oml.csv --partition images.csv:split
  gpw data convert CUB_200_2011 cub.oml.csv`,
		Args: operands(2, 2, "the file to read and the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0], args[1]) },
	}

	// The other verbs have -o, which this one, of two files in an order, has not.
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if text := err.Error(); strings.HasSuffix(text, " in -o") || strings.Contains(text, "--output") {
			return usagef("the file to write is the second argument and no flag: %s IN OUT", cmd.CommandPath())
		}
		return cmd.Root().FlagErrorFunc()(cmd, err)
	})

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
	if info, err := os.Stat(in); err == nil && info.IsDir() {
		return f.annotation(cmd, in, out, format)
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

// annotation writes the images of a folder as the table of OpenMetricLearning.
func (f *convertFlags) annotation(cmd *cobra.Command, in, out string, format arrays.Writer) error {
	if format.Format != "oml" || f.labels != "" {
		return usagef("%s is a folder, whose list of images is written as oml alone, without --labels: name OUT .oml.csv", in)
	}
	a, err := layouts.Read(in)
	if err != nil {
		return err
	}
	if f.partition != "" {
		if a.Parts, err = arrays.ReadParts(f.partition); err != nil {
			return err
		}
	}
	if len(a.Parts) != len(a.Labels) {
		return fmt.Errorf("%s has %d images, and a partition of %d: name one with --partition", in, len(a.Labels), len(a.Parts))
	}
	err = writeNewFiles(cmd.Context(), []newFile{{out, func(w io.Writer) error { return arrays.WriteOML(w, omlRows(a), a.Names != nil) }}})
	if err != nil {
		return err
	}
	if differs := a.Difference(); differs != "" {
		say(cmd, "%s", differs)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), out)
	return err
}

func omlRows(a *layouts.Annotation) iter.Seq[arrays.OMLRow] {
	return func(yield func(arrays.OMLRow) bool) {
		for i, l := range a.Labels {
			r := arrays.OMLRow{Label: l, Path: a.Paths[i], Part: a.Parts[i]}
			if a.Names != nil {
				r.Category = a.Names[l]
			}
			if !yield(r) {
				return
			}
		}
	}
}
