package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
	"gpwbench/experiments/spec"
	"gpwbench/internal/npy"
	"gpwbench/internal/output"
)

// synthFlags is the command line of gpw data synth.
type synthFlags struct {
	scale float64
	seed  uint64
	out   string
}

func dataSynthCommand() *cobra.Command {
	var f synthFlags
	cmd := &cobra.Command{
		Use:   "synth NAME -o FOLDER",
		Short: "Write a synthetic data set, for use elsewhere",
		Long: `Synth writes the stand-in of a benchmark whose images are not available: features.npy (N×128 float32), labels.npy, for In-Shop
partition.npy (0 train, 1 query, 2 gallery), and provenance.json, which says what it is, by which version, scale and seed it was made, and
with which settings a spec reads it. Runs have seed 1.

NAME is one of ` + list(names.StandIns()) + `. How losses rank on a stand-in says nothing about how they rank on images.`,
		Example: `  gpw data synth cub --scale 0.2 -o cub
  gpw data synth inshop_v2 --scale 0.05 --seed 2 -o shop`,
		Args: operands(1, 1, "the name of a benchmark"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}

	s := cmd.Flags()
	s.Float64Var(&f.scale, "scale", 1, "the share of the benchmark's classes, above 0 and up to 1")
	s.Uint64Var(&f.seed, "seed", 1, "of the random numbers")
	s.StringVarP(&f.out, "output", "o", "", "folder to write to; it is made if it is not there")
	return cmd
}

// A provenance says what a synthetic data set is.
type provenance struct {
	Name      string  `json:"name"`
	StandsFor string  `json:"stands_in_for"`
	Synthetic bool    `json:"synthetic"`
	Note      string  `json:"note"`
	Scale     float64 `json:"scale"`
	Seed      uint64  `json:"seed"`
	Rows      int     `json:"rows"`
	Columns   int     `json:"columns"`
	Classes   int     `json:"classes"`
	Train     int     `json:"train_rows"`
	Query     int     `json:"query_rows"`   // of a split by class all test rows
	Gallery   int     `json:"gallery_rows"` // the same rows where they search each other
	Checksum  string  `json:"checksum"`     // as in the records of runs
	Revision  string  `json:"revision"`
	Spec      string  `json:"spec"` // the data set of a spec that reads the files
}

func (f *synthFlags) run(cmd *cobra.Command, name string) error {
	if err := needFlags(cmd, "output"); err != nil {
		return err
	}
	b := names.OfStandIn(name)
	if b.Name == "" {
		return usagef("no stand-in is called %q%s; known: %s", name, spec.DidYouMean(name, names.StandIns()), list(names.StandIns()))
	}
	if !(f.scale > 0 && f.scale <= 1) {
		return usagef("--scale %v: take a share of the classes above 0 and up to 1, such as 0.2", f.scale)
	}
	files := []newFile{{path: "features.npy"}, {path: "labels.npy"}, {path: "provenance.json"}}
	if b.Partition {
		files = append(files, newFile{path: "partition.npy"})
	}
	for k := range files {
		files[k].path = filepath.Join(f.out, files[k].path)
	}
	if there := occupied(files); there != "" {
		return usagef("%s is there already, and nothing was written; choose another folder", there)
	}

	d, err := datasets.StandIn(name, f.scale, f.seed)
	if err != nil {
		return err
	}
	part, err := datasets.StandInPartition(name, f.scale, f.seed)
	if err != nil {
		return err
	}
	about, err := f.provenance(b, d, part)
	if err != nil {
		return err
	}

	files[0].write = func(w io.Writer) error { return npy.WriteFloat32(w, []int{d.X.Rows, d.X.Cols}, d.X.Data) }
	files[1].write = integers(d.Labels)
	files[2].write = func(w io.Writer) error { return output.JSON(w, about, "  ") }
	if b.Partition {
		files[3].write = integers(part)
	}
	return f.write(cmd, files)
}

func integers(values []int) func(w io.Writer) error {
	return func(w io.Writer) error {
		wide := make([]int64, len(values))
		for i, v := range values {
			wide[i] = int64(v)
		}
		return npy.WriteInt64(w, []int{len(wide)}, wide)
	}
}

// write writes the files and prints their names.
func (f *synthFlags) write(cmd *cobra.Command, files []newFile) error {
	_, missing := os.Stat(f.out)
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder of -o: %w", err)
	}
	err := writeNewFiles(cmd.Context(), files)
	if err != nil && missing != nil {
		os.Remove(f.out) // unless there is something in it
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("synth was interrupted; nothing is written")
	}
	if err != nil {
		return err
	}
	for _, file := range files {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), file.path); err != nil {
			return err
		}
	}
	return nil
}

// provenance says what the files are, and how a spec divides them as a run with the
// stand-in does.
func (f *synthFlags) provenance(b names.Benchmark, d *datasets.Dataset, part []int) (*provenance, error) {
	benchmark, err := datasets.Lookup(b.Name)
	if err != nil {
		return nil, err
	}
	classes := len(datasets.Classes(d.Labels))
	text := "{name: " + d.Name + ", features: features.npy, labels: labels.npy"
	var split datasets.Split
	if part != nil {
		split, err = datasets.ByPartition(d.Labels, part)
		text += ", partition: partition.npy"
		if classes == benchmark.Classes { // that split refuses other numbers of classes
			text += ", split: " + b.Name
		}
		text += "}"
	} else {
		train := datasets.StandInTrainClasses(benchmark, f.scale)
		split, err = datasets.ByClasses(d.Labels, train)
		text += fmt.Sprintf(", split: {train_classes: %d}}", train)
	}
	if err != nil {
		return nil, err
	}

	return &provenance{
		Name: d.Name, StandsFor: b.Title, Synthetic: true,
		Note:  "generated, no images behind it: how losses rank here says nothing about how they rank on images",
		Scale: f.scale, Seed: f.seed, Rows: d.X.Rows, Columns: d.X.Cols, Classes: classes,
		Train: len(split.Train), Query: len(split.Query), Gallery: len(split.Gallery),
		Checksum: d.Checksum, Revision: sourceRevision(), Spec: text,
	}, nil
}
