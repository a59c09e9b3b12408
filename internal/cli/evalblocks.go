package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/retrieval"
	blockfile "gpwbench/benchmarks/retrieval/kept"
	"gpwbench/benchmarks/retrieval/report"
)

// blockFlags say which queries are ranked, by which process, and where their results are
// kept.
type blockFlags struct {
	sample     int
	sampleSeed uint64
	resume     string
	part       shareFlag
	merge      []string
}

func (f *blockFlags) add(cmd *cobra.Command) {
	s := cmd.Flags()
	s.IntVar(&f.sample, "queries", 0, "rank a random sample of so many queries, with intervals for all of them")
	s.Uint64Var(&f.sampleSeed, "queries-seed", 0, "which queries are in the sample")
	s.StringVar(&f.resume, "resume", "", "file that keeps the results of blocks of queries: with it the same command goes on where it ended")
	s.Var(&f.part, "part", "K/N: rank the K-th of N parts of the queries alone, and keep them in the file of --resume")
	s.StringArrayVar(&f.merge, "merge", nil, "files of the parts, or a pattern such as 'part-*': print the figures of all of them")
}

// blockwise reports whether any of the flags is given.
func (f *blockFlags) blockwise() bool {
	return f.sample != 0 || f.resume != "" || f.part.Parts > 0 || f.merge != nil
}

// checkBlocks refuses flags that do not fit each other.
func (f *evalFlags) checkBlocks(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	switch {
	case changed("queries") && f.sample < 1:
		return usagef("--queries = %d: ask for 1 at least, or leave it out for all of them", f.sample)
	case changed("queries-seed") && !changed("queries"):
		return usagef("--queries-seed chooses a sample, and all queries are ranked; give --queries too")
	case changed("part") && f.resume == "":
		return usagef("--part ranks a part of the queries, whose results have to be kept; name a file with --resume")
	case f.merge != nil && (f.resume != "" || changed("part")):
		return usagef("--merge reads what others keep; leave --resume and --part out")
	case f.resume != "" && f.resume == f.out:
		return usagef("--resume and --output name the same file")
	case !f.blockwise():
		return nil
	}
	if f.part.Parts > 1 && (changed("output") || changed("format")) {
		return usagef("--part prints no figures; give --output and --format to the command with --merge")
	}
	if f.compat != "" || f.nearest > 0 || f.clustering || f.needsAnswers() {
		return usagef("--queries, --resume, --part and --merge are of Recall@K, MAP@R and R-precision; leave other metrics, rules, --compat, --clustering and --neighbours out")
	}
	return nil
}

// A shareFlag is a part as K/N.
type shareFlag struct{ blockfile.Share }

func (f *shareFlag) String() string {
	if f.Parts == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", f.Part, f.Parts)
}

func (f *shareFlag) Type() string { return "K/N" }

func (f *shareFlag) Set(text string) error {
	k, n, found := strings.Cut(text, "/")
	part, err1 := strconv.Atoi(k)
	parts, err2 := strconv.Atoi(n)
	if !found || err1 != nil || err2 != nil {
		return errors.New("write K/N, such as 2/8")
	}
	if parts < 1 || part < 1 || part > parts {
		return fmt.Errorf("there is no part %d of %d: parts count from 1 to N", part, parts)
	}
	f.Share = blockfile.Share{Part: part, Parts: parts}
	return nil
}

// blocks adds to the options what the flags say. With a file of results it returns that,
// which has to be closed. toRank is the number of queries that are ranked now.
func (f *evalFlags) blocks(queries report.Labelled, gallery *report.Labelled, o *retrieval.Options) (file *blockfile.File, toRank int, err error) {
	toRank = queries.Rows
	if f.samples(queries) {
		toRank = f.sample
		o.Only = retrieval.SampleOf(f.sample, queries.Rows, f.sampleSeed)
		o.Sample = &retrieval.Sample{Of: queries.Rows, Seed: f.sampleSeed}
	}
	if f.resume == "" && f.merge == nil {
		return nil, toRank, nil
	}

	id := f.identity(queries, gallery)
	if f.part.Parts > id.Blocks {
		return nil, 0, fmt.Errorf("--part %s: the queries are %d blocks, so there are %d parts at most", &f.part, id.Blocks, id.Blocks)
	}
	if f.merge != nil {
		o.Keeper, err = blockfile.Merge(f.merge, id)
		return nil, 0, err
	}

	if file, err = blockfile.Open(f.resume, id, f.part.Share); err != nil {
		return nil, 0, err
	}
	file.Changed = f.maps.Changed
	o.Keeper = file
	return file, mine(file, id, toRank), nil
}

// samples reports whether a sample is ranked, and not all queries.
func (f *blockFlags) samples(queries report.Labelled) bool {
	return f.sample > 0 && f.sample < queries.Rows
}

// identity says which evaluation this is.
func (f *blockFlags) identity(queries report.Labelled, gallery *report.Labelled) blockfile.Identity {
	var sample *blockfile.Sample
	if f.samples(queries) {
		sample = &blockfile.Sample{Queries: f.sample, Seed: f.sampleSeed}
	}
	var searched *retrieval.Vectors
	var labels []int
	if gallery != nil {
		searched, labels = &gallery.Vectors, gallery.Labels
	}
	return blockfile.IdentityOf(queries.Vectors, queries.Labels, searched, labels, sample)
}

// mine returns how many queries are ranked now: those of the part that are not kept.
func mine(file *blockfile.File, id blockfile.Identity, queries int) (n int) {
	for block := range id.Blocks {
		if _, done := file.Kept(block); !done && file.Mine(block) {
			n += min((block+1)*id.BlockSize, queries) - block*id.BlockSize
		}
	}
	return n
}

// ended rewrites the error of an evaluation that keeps its results, or of one that merges
// them. It is nil where a part is complete, which is told.
func (f *evalFlags) ended(cmd *cobra.Command, file *blockfile.File, err error) error {
	var missing *retrieval.IncompleteError
	switch incomplete := errors.As(err, &missing); {
	case incomplete && file != nil:
		say(cmd, "part %s is complete: %s has the results of %d queries. When all parts are, the same command with --merge, in place of --part and --resume, prints the figures.",
			&f.part, f.resume, file.Queries())
		return nil
	case incomplete:
		return fmt.Errorf("%d of %d blocks of queries are in none of these files: a part is not complete, or its file is not named; --part and --resume go on with it",
			missing.Missing, missing.Blocks)
	case file != nil && interrupted(err) != err:
		return fmt.Errorf("eval was interrupted; %s keeps the results of %d queries, and the same command goes on from there", f.resume, file.Queries())
	}
	return interrupted(err)
}
