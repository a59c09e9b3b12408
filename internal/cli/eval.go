package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets"
	answers "gpwbench/benchmarks/metrics/report"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/internal/arrays"
	"gpwbench/internal/output"
)

// evalFlags is the command line of gpw eval.
type evalFlags struct {
	embeddings    []string
	labels        string
	gallery       []string
	galleryLabels string
	questionFlags
	pairFlags
	compatFlag
	blockFlags
	evalLaunchFlags
	ks          []int
	clustering  bool
	nearest     int
	maps        *arrays.Maps // the rows of large files
	out, format string
}

const evalExamples = `  gpw eval --embeddings X.npy --labels y.npy
  gpw eval --embeddings query.npy --labels q.npy --gallery gallery.npy --gallery-labels g.npy --k 1,10,20 --format json
  gpw eval --embeddings X.npy --labels y.npy --metrics roc_auc,eer,tar@far=1e-3,ari,uniformity
  gpw eval --embeddings X.npy --labels y.npy --metrics verification --pairs 1000000
  gpw eval --embeddings 'ms_*.npy' --labels y.npy --metrics recall@1,mrr,ndcg@10,nearest_centroid --intervals classes
  gpw eval --embeddings X.npy --labels y.npy --metrics map,mrr --per-class --worst 5 --per-query queries.csv
  gpw eval --embeddings X.npy --labels y.npy --compat pml
  gpw eval --embeddings X.npy --labels y.npy --metrics map_at_r,map --query-expansion 5,3
  gpw eval --embeddings X.npy --labels y.npy --metrics recall@1,map --rerank 20,6,0.3
  gpw eval --embeddings X.npy --labels y.npy --queries 20
  gpw eval --embeddings X.npy --labels y.npy --resume X.results
  gpw eval --embeddings X.npy --labels y.npy --resume X.part-1 --part 1/1
  gpw eval --embeddings X.npy --labels y.npy --merge 'X.part-*'
  gpw eval --embeddings X.npy --labels y.npy --launch slurm --parts 1 --resume X.parts launch.time=30 --dry-run
  gpw eval --metrics list
  gpw eval --embeddings X.npy --labels y.npy --neighbours 5 --format csv -o neighbours.csv`

const evalLong = `Eval measures retrieval by cosine similarity. Without a gallery every row searches all others, itself left out by index. Rows need not
be normalised.

Recall@K counts a query as found if fewer than K negatives are strictly more similar than its best positive, so ties count for the query;
the pessimistic figure counts them against it. MAP@R and R-precision are expectations over random orders of ties. Queries without a
positive are lonely: they are reported and not in the means. Similarities that float32 cannot order are ordered in float64 from the rows;
those that float64 cannot order count as ties, and a sentence says so.

With --clustering, k-means from five seeded starts divides the queries into as many clusters as they have classes, and NMI and AMI (arithmetic
mean of the entropies) say how far these are the classes: the mean over the starts, the least and the greatest.

Several --embeddings, or a pattern such as 'ms_*.npy', are a row each, with one file of labels. --metrics names what is printed in place
of the usual figures (--metrics list prints all names with their definitions; a family such as retrieval stands for its metrics); what
these embeddings cannot answer has its reason, and the rest is printed. --per-class, --per-query, --worst and --intervals say more of each
metric that is a mean over queries.

Rules of neighbouring fields: --ignore takes the rows of a label out. A row of the query's group (--groups) is neither positive nor
negative; with --group-negatives its negatives count, as those of one camera do in re-identification. --no-copies leaves out rows that
equal the query. With --label-separator rows have several labels. --similarity searches by distance or inner product.
--query-expansion 10 searches again with the mean of each query and the 10 rows that it found (average query expansion), 10,3 weighs them by
the third power of their similarity (α-weighted). --rerank 20,6,0.3 orders the rows anew by k-reciprocal encodings (Zhong et al., CVPR 2017,
whose k1, k2 and λ these are): (1−λ) times the Jaccard distance of the neighbours that a query and a row share, plus λ times their squared
Euclidean distance at length 1 over the greatest of the query. Queries and gallery are encoded together.

With --compat it prints what another tool prints for the same embeddings, by the name and with the digits of that tool, beside ours, and
how much each rule that differs moves the figures.

Very many queries take long. On a terminal the share that is done and the time left are shown. --resume FILE keeps the results of every block
of queries, and the same command goes on where it ended. --part 2/8 ranks the second of eight parts, on any machine, and --merge prints the
figures of all parts, to the bit those of one process. --launch slurm --parts 8 makes the parts as tasks of a cluster (docs/slurm.md), and the
same command prints the figures once all are there. --queries 10000 ranks a random sample exactly, with intervals for all of them. Each
of these ranks every block of queries with the whole gallery, which takes up to twice the time of searching all rows with each other once.

With --neighbours K it prints, in place of the metrics, the K nearest of every query: rows of the gallery (of the embeddings, without one),
the most similar first.`

func evalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use:     "eval --embeddings X.npy [--embeddings …] --labels y.npy [--gallery G.npy --gallery-labels g.npy] [launch.KEY=VALUE …]",
		Short:   "Measure Recall@K, MAP@R and other metrics of given embeddings",
		Long:    evalLong,
		Example: evalExamples,
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}

	s := cmd.Flags()
	s.StringArrayVar(&f.embeddings, "embeddings", nil, "N×D floats, one row a query (npy, npz, safetensors, csv, fvecs, mat, pt, parquet); several times, or a pattern such as 'ms_*.npy', for a row each")
	s.StringVar(&f.labels, "labels", "", "N integers or strings, the class of each row; a file that holds both is named twice")
	s.StringArrayVar(&f.gallery, "gallery", nil, "M×D floats to search, if not the queries themselves; one for each of the embeddings")
	s.StringVar(&f.galleryLabels, "gallery-labels", "", "M integers or strings")
	s.IntSliceVar(&f.ks, "k", []int{1, 2, 4, 8}, "the K of Recall@K")
	s.IntVar(&f.nearest, "neighbours", 0, "print the K nearest of every query instead")
	s.BoolVar(&f.clustering, "clustering", false, "also NMI and AMI by k-means")
	f.questionFlags.add(cmd)
	f.pairFlags.add(cmd)
	f.compatFlag.add(cmd)
	f.blockFlags.add(cmd)
	f.evalLaunchFlags.add(cmd)
	outputFlags(cmd, &f.out, &f.format, output.Formats)
	return cmd
}

// check refuses a command line that cannot be evaluated.
func (f *evalFlags) check(cmd *cobra.Command, args []string) error {
	if err := f.checkLaunch(cmd, args); err != nil {
		return err
	}
	if err := checkFormat(f.format, output.Formats); err != nil {
		return err
	}
	if cmd.Flags().Changed("embeddings") && !cmd.Flags().Changed("labels") {
		return usagef("eval needs --labels, the class of each row; a file that holds both is named twice: --embeddings %[1]s --labels %[1]s", f.embeddings[0])
	}
	if err := needFlags(cmd, "embeddings", "labels"); err != nil {
		return err
	}
	if (len(f.gallery) == 0) != (f.galleryLabels == "") {
		return usagef("--gallery and --gallery-labels go together")
	}

	for _, k := range f.ks {
		if k < 1 {
			return usagef("--k = %d: K must be at least 1", k)
		}
	}

	if cmd.Flags().Changed("neighbours") && f.nearest < 1 {
		return usagef("--neighbours = %d: ask for 1 at least", f.nearest)
	}

	for _, other := range []string{"k", "clustering"} {
		if f.nearest > 0 && cmd.Flags().Changed(other) {
			return usagef("--neighbours prints no metrics, so --%s says nothing; leave one of them out", other)
		}
	}
	if err := f.checkCompat(cmd); err != nil {
		return err
	}
	if err := f.pairFlags.check(cmd); err != nil {
		return err
	}
	if err := f.checkBlocks(cmd); err != nil {
		return err
	}
	return f.checkQuestions(cmd)
}

func (f *evalFlags) run(cmd *cobra.Command, args []string) (err error) {
	if slices.Equal(f.metrics, []string{"list"}) {
		if err := checkFormat(f.format, output.Formats); err != nil {
			return err
		}
		return printTo(cmd, f.out, func(w writer) error { return answers.WriteList(w, f.format) })
	}
	if err := f.check(cmd, args); err != nil {
		return err
	}

	started := time.Now()
	if err := f.expand(); err != nil {
		return err
	}
	f.maps = arrays.NewMaps()
	defer f.maps.Close(&err)
	switch several := len(f.embeddings) > 1; {
	case f.compat != "":
		err = f.printCompat(cmd)
	case f.nearest > 0 && several:
		return usagef("--neighbours lists the rows of one embedding, and there are %d", len(f.embeddings))
	case f.nearest > 0:
		return f.printNeighbours(cmd)
	case f.blockwise() && several:
		return usagef("--queries, --resume, --part and --merge are of one embedding, and there are %d", len(f.embeddings))
	case several || f.needsAnswers() || f.starts != retrieval.Starts:
		err = f.answer(cmd)
	default:
		err = f.printScores(cmd)
	}
	if err != nil {
		return err
	}

	writeCost(cmd, started)
	return nil
}

// expand replaces patterns with the files that they stand for.
func (f *evalFlags) expand() (err error) {
	labels := []string{f.labels, f.galleryLabels}
	if f.gallery, err = expand("gallery", f.gallery, labels); err != nil {
		return err
	}
	if f.embeddings, err = expand("embeddings", f.embeddings, append(labels, f.gallery...)); err != nil {
		return err
	}
	if f.merge, err = expand("merge", f.merge, nil); err != nil {
		return err
	}
	if n := len(f.gallery); n > 0 && n != len(f.embeddings) {
		return usagef("there are %d embeddings and %d galleries; each searches one of its own model", len(f.embeddings), n)
	}
	return nil
}

// printScores prints what is measured where nothing is asked for by name.
func (f *evalFlags) printScores(cmd *cobra.Command) error {
	queries, gallery, err := f.read(0)
	if err != nil {
		return err
	}
	slices.Sort(f.ks)
	o := retrieval.Options{Ks: slices.Compact(f.ks), MAPAtR: true, Clustering: f.clustering}
	var searched *retrieval.Vectors
	if gallery != nil {
		searched = &gallery.Vectors
	}
	f.suspect(cmd, 0, queries.Vectors, searched, retrieval.Cosine, f.chosenKs(cmd), queries.Names)

	if f.launch != "" {
		if whole, err := f.launchParts(cmd, queries, gallery); !whole {
			return err
		}
	}
	file, toRank, err := f.blocks(queries, gallery, &o)
	if err != nil {
		return err
	}
	if file != nil {
		defer file.Close()
	}
	step, done := counter(cmd.ErrOrStderr(), "queries", toRank)
	o.Compared = step
	scores, err := evaluate(cmd.Context(), queries, gallery, o)
	done()
	if err == nil {
		err = f.maps.Changed()
	}
	if err != nil {
		return f.ended(cmd, file, err)
	}
	if remark := retrieval.CopiesRemark(scores.Copies, scores.Queries); remark != "" {
		say(cmd, "%s", remark)
	}
	return printTo(cmd, f.out, func(w writer) error { return report.WriteScores(w, f.format, scores) })
}

// printNeighbours prints the nearest rows, and the remarks on standard error, because the
// list has no place for them.
func (f *evalFlags) printNeighbours(cmd *cobra.Command) error {
	queries, gallery, err := f.read(0)
	if err != nil {
		return err
	}
	all, err := report.Nearest(cmd.Context(), queries, gallery, f.nearest)
	if err == nil {
		err = f.maps.Changed()
	}
	if err != nil {
		return interrupted(err)
	}
	for _, remark := range all.Remarks {
		say(cmd, "%s", remark)
	}
	return streamTo(cmd, f.out, func(w writer) error { return report.WriteNeighbours(w, f.format, all) })
}

// interrupted rewrites the error of an ended context for eval.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("eval was interrupted; nothing is written")
	}
	return err
}

// read reads the queries of one of the embeddings, and its gallery if there is one.
func (f *evalFlags) read(i int) (queries report.Labelled, gallery *report.Labelled, err error) {
	naming := datasets.Naming{Maps: f.maps}
	return f.readNamed(i, &naming)
}

// readNamed is read with the names of labels, which are the same classes in both.
func (f *evalFlags) readNamed(i int, naming *datasets.Naming) (queries report.Labelled, gallery *report.Labelled, err error) {
	queries.Vectors, queries.Labels, err = naming.LoadVectors(f.embeddings[i], f.labels)
	queries.Names = naming.Names
	if err != nil || len(f.gallery) == 0 {
		return queries, nil, err
	}
	gallery = new(report.Labelled)
	gallery.Vectors, gallery.Labels, err = naming.LoadVectors(f.gallery[i], f.galleryLabels)
	gallery.Names = naming.Names
	return queries, gallery, err
}

func evaluate(ctx context.Context, q report.Labelled, g *report.Labelled, o retrieval.Options) (*retrieval.Scores, error) {
	if g == nil {
		return retrieval.Evaluate(ctx, q.Vectors, q.Labels, o)
	}
	return retrieval.EvaluateGallery(ctx, q.Vectors, q.Labels, g.Vectors, g.Labels, o)
}
