package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
	"gpwbench/results/compare"
	"gpwbench/results/table"
	"gpwbench/train/headfile"
)

// What gpw export writes.
const (
	exportHead       = "head"
	exportEmbeddings = "embeddings"
	exportProjector  = "projector"
	exportTable      = "table"
)

var exports = []string{exportHead, exportEmbeddings, exportProjector, exportTable}

// exportFormats are the formats of what is exported, the first the default. A folder has
// .npy files, or those of the projector.
var exportFormats = map[string][]string{
	exportHead:       {"safetensors", "npz", "npy"},
	exportEmbeddings: {"npy", "npz", "safetensors"},
	exportProjector:  {"tsv"},
	exportTable:      {"csv"},
}

// exportFlags is the command line of gpw export.
type exportFlags struct {
	what, split, dataset, out, format string
	seed                              uint64
	seedGiven                         bool
}

func exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export DIR [ROW]",
		Short: "Write the head or the embeddings of a run, or all runs as a table, for other programs",
		Long: `Export writes what a run of a results folder found. ROW is the label of a row of the table, or the id of a run, of which the first digits
suffice. One run is exported: that of the first seed, unless --seed names another.

  --what head        what leads from raw features to embeddings, preprocessing included: .safetensors, .npz, or a folder of .npy files
  --what embeddings  of the rows of a --split, not normalised: .npy; with labels and rows .npz or .safetensors
  --what projector   a folder with vectors.tsv, metadata.tsv and projector_config.pbtxt for TensorBoard's projector
  --what table       a line of CSV for each run, with a column for every setting

A run that kept its head or embeddings (keep: [head, embeddings] in the spec) is read. Otherwise the run is trained again, which gives the
same bytes and is said. docs/export.md has ten lines of Python and of Go that apply a head.`,
		Example: `  gpw run quickstart 'keep=[head, embeddings]'
  gpw export results/runs/quickstart Multi-Similarity -o head.safetensors
  gpw export results/runs/quickstart Contrastive --seed 1 --what embeddings --split train -o train.npz
  gpw export results/runs/quickstart NCA --what projector -o projector
  gpw export results/runs/quickstart --what table -o runs.csv`,
		Args: operands(1, 2, "a results folder, and a row where it has several"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.seedGiven = cmd.Flags().Changed("seed")
			return f.run(cmd, args)
		},
	}

	s := cmd.Flags()
	s.StringVar(&f.what, "what", exportHead, list(exports))
	s.StringVar(&f.split, "split", "test", "of embeddings and projector: "+list(experiments.Splits))
	s.StringVar(&f.dataset, "dataset", "", "data set of the row, where the folder has several")
	s.Uint64Var(&f.seed, "seed", 0, "seed of the run (default the first)")
	s.StringVarP(&f.out, "output", "o", "", "file to write, or a folder; a table goes to standard output without")
	s.StringVar(&f.format, "format", "", "in place of the extension: safetensors, npz, npy")
	return cmd
}

func (f *exportFlags) run(cmd *cobra.Command, args []string) error {
	if err := f.check(cmd, args); err != nil {
		return err
	}
	store, err := results.OpenRead(args[0])
	if err != nil {
		return err
	}
	t, err := plannedTable(store)
	if err != nil {
		return err
	}
	if f.what == exportTable {
		return printTo(cmd, f.out, func(w writer) error { return table.WriteRuns(w, allRuns(t.Sets())) })
	}

	name := ""
	if len(args) > 1 {
		name = args[1]
	}
	record, err := f.choose(cmd, t.Sets(), name, args[0])
	if err != nil {
		return err
	}
	progress := newProgress(cmd.ErrOrStderr())
	defer progress.wait()
	e, err := experiments.NewExport(store, record, losses.Catalogue, progress)
	if err != nil {
		return err
	}
	return f.write(cmd, e)
}

// check refuses a command line that means nothing, and finds the format.
func (f *exportFlags) check(cmd *cobra.Command, args []string) error {
	if !slices.Contains(exports, f.what) {
		return usagef("--what does not know %q%s; known: %s", f.what, spec.DidYouMean(f.what, exports), list(exports))
	}
	if !slices.Contains(experiments.Splits, f.split) {
		return usagef("--split does not know %q%s; known: %s", f.split, spec.DidYouMean(f.split, experiments.Splits), list(experiments.Splits))
	}
	if cmd.Flags().Changed("split") && f.what != exportEmbeddings && f.what != exportProjector {
		return usagef("--split is of --what embeddings and projector; leave it out")
	}
	if f.what == exportTable && len(args) > 1 {
		return usagef("a table has all rows; leave out %q", args[1])
	}
	if f.out == "" && f.what != exportTable {
		return usagef("%s needs -o: a name that ends in %s", f.what, endings(f.what))
	}

	known := exportFormats[f.what]
	if f.format == "" {
		f.format = formatOf(f.out, known)
	}
	if !slices.Contains(known, f.format) {
		return usagef("%s is not written as %q%s; known: %s", f.what, f.format, spec.DidYouMean(f.format, known), list(known))
	}
	return nil
}

// endings say which names give which format.
func endings(what string) string {
	switch what {
	case exportProjector:
		return "no extension, for a folder"
	case exportHead:
		return ".safetensors or .npz, or in no extension for a folder of .npy files"
	}
	return "." + strings.Join(exportFormats[what], ", .")
}

// formatOf is the format of a name: its extension or, of a folder or a name without one,
// what is written into a folder.
func formatOf(path string, known []string) string {
	last := known[len(known)-1]
	if len(known) == 1 {
		return last
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() || filepath.Ext(path) == "" {
		return last
	}
	return strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
}

// allRuns are the runs of all rows, in the order of the table.
func allRuns(sets []*compare.Set) []results.Record {
	var all []results.Record
	for _, s := range sets {
		for _, r := range s.Rows {
			if r.Ensemble == "" {
				all = append(all, r.Runs...)
			}
		}
	}
	return all
}

// choose returns the run that is meant, and says which where there are several.
func (f *exportFlags) choose(cmd *cobra.Command, sets []*compare.Set, name, dir string) (results.Record, error) {
	if f.dataset != "" {
		var known []string
		for _, s := range sets {
			known = append(known, s.Dataset.Name)
		}
		if !slices.Contains(known, f.dataset) {
			return results.Record{}, usagef("no data set %q%s; known: %s", f.dataset, spec.DidYouMean(f.dataset, known), list(known))
		}
		sets = slices.DeleteFunc(slices.Clone(sets), func(s *compare.Set) bool { return s.Dataset.Name != f.dataset })
	}

	runs, err := runsOf(sets, name, dir)
	if err != nil {
		return results.Record{}, err
	}
	record := runs[0]
	if f.seedGiven {
		var seeds []string
		k := -1
		for i, r := range runs {
			if seeds = append(seeds, fmt.Sprint(r.Seed)); r.Seed == f.seed {
				k = i
			}
		}
		if k < 0 {
			return record, usagef("%s has no seed %d; known: %s", record.Label, f.seed, list(seeds))
		}
		record = runs[k]
	} else if len(runs) > 1 {
		say(cmd, "seed %d of %d is exported; --seed names another", record.Seed, len(runs))
	}
	return record, nil
}

// runsOf are the runs of the row of that name, or the run of that id, in the folder dir.
func runsOf(sets []*compare.Set, name, dir string) ([]results.Record, error) {
	var found []compare.Row
	var names, in []string
	var several error
	for _, s := range sets {
		for k, r := range s.Rows {
			for _, run := range r.Runs {
				if len(name) >= 6 && strings.HasPrefix(run.ID, name) && r.Ensemble == "" {
					return []results.Record{run}, nil
				}
			}
			if !slices.Contains(names, s.Names()[k]) {
				names = append(names, s.Names()[k])
			}
		}
		k, err := s.Find(name)
		if name == "" && len(s.Rows) == 1 {
			k, err = 0, nil
		}
		if e := new(compare.NameError); errors.As(err, &e) && len(e.Several) > 0 {
			several = err
		}
		if err == nil {
			found, in = append(found, s.Rows[k]), append(in, s.Dataset.Name)
		}
	}

	switch {
	case name == "" && len(found) == 0:
		return nil, usagef("name a row: %s", list(names))
	case len(found) == 0 && name != "" && several != nil:
		return nil, namedRow(several, dir)
	case len(found) == 0:
		return nil, namedRow(&compare.NameError{What: "row", Name: name, Known: names}, dir)
	case len(found) > 1:
		return nil, usagef("%s is on several data sets; --dataset names one: %s", name, list(in))
	case found[0].Ensemble != "":
		return nil, usagef("%s is an ensemble of the heads of folds, which are not exported; the head of all training rows is that of %s", name, found[0].Runs[0].Label)
	}
	return found[0].Runs, nil
}

// write writes what is asked for, and says whether it was kept or trained again.
func (f *exportFlags) write(cmd *cobra.Command, e *experiments.Export) error {
	var kept bool
	var err error
	if f.what == exportHead {
		kept, err = f.writeHead(cmd.Context(), e)
	} else {
		kept, err = f.writeEmbeddings(cmd.Context(), e)
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; nothing is written")
	}
	if err != nil {
		return err
	}

	how := "kept by the run"
	if !kept {
		how = "which did not keep it, so it was trained again to the same metrics; keep: [head, embeddings] in a spec keeps both"
	}
	r := e.Record
	say(cmd, "%s: %s of %s on %s, seed %d, run %.12s, %s", f.out, f.what, r.Label, r.Dataset.Name, r.Seed, r.ID, how)
	return nil
}

func (f *exportFlags) writeHead(ctx context.Context, e *experiments.Export) (kept bool, err error) {
	h, kept, err := e.Head(ctx)
	if err != nil {
		return false, err
	}
	switch f.format {
	case "npz":
		return kept, streamFile(ctx, f.out, h.WriteNPZ)
	case "npy":
		return kept, streamFolder(f.out, headArrays(h))
	}
	return kept, streamFile(ctx, f.out, func(w writer) error { return h.Write(w, e.Metadata()) })
}

// headArrays write the arrays of a head, each to a file.
func headArrays(h *headfile.Head) map[string]func(w writer) error {
	files := map[string]func(w writer) error{}
	for _, a := range h.Arrays() {
		files[a.Name+".npy"] = a.WriteNPY
	}
	return files
}

func (f *exportFlags) writeEmbeddings(ctx context.Context, e *experiments.Export) (kept bool, err error) {
	x, kept, err := e.Embeddings(ctx, f.split, f.what == exportProjector)
	if err != nil {
		return false, err
	}
	switch f.format {
	case "tsv":
		return kept, streamFolder(f.out, x.Projector())
	case "npz":
		return kept, streamFile(ctx, f.out, x.WriteNPZ)
	case "safetensors":
		more := e.Metadata()
		more["split"] = f.split
		return kept, streamFile(ctx, f.out, func(w writer) error { return x.WriteSafetensors(w, more) })
	}
	return kept, streamFile(ctx, f.out, x.WriteNPY)
}
