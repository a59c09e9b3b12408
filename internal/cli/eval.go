package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/retrieval"
)

func evalCommand() *cobra.Command {
	var embeddings, labels, gallery, galleryLabels, out, format string
	var ks []int
	var clustering bool
	var nearest int
	formats := append([]string{"text", "json"}, gridFormats...)
	cmd := &cobra.Command{
		Use:   "eval --embeddings X.npy --labels y.npy [--gallery G.npy --gallery-labels g.npy]",
		Short: "Measure Recall@K and MAP@R of given embeddings",
		Long: `Eval measures retrieval by cosine similarity. Without a gallery every row searches all others, itself left out by index. Rows need not
be normalised.

Recall@K counts a query as found if fewer than K negatives are strictly more similar than its best positive, so ties count for the query;
the pessimistic figure counts them against it. MAP@R and R-precision are expectations over random orders of ties. Queries without a
positive are lonely: they are reported and not in the means. Similarities that float32 cannot order are ordered in float64 from the rows;
those that float64 cannot order count as ties, and a sentence says so.

With --clustering, k-means from five seeded starts divides the queries into as many clusters as they have classes, and NMI and AMI (arithmetic
mean of the entropies) say how far these are the classes: the mean over the starts, the least and the greatest.

With --neighbours K it prints, in place of the metrics, the K nearest of every query: rows of the gallery (of the embeddings, without one),
the most similar first.`,
		Example: `  gpw eval --embeddings X.npy --labels y.npy
  gpw eval --embeddings query.npy --labels q.npy --gallery gallery.npy --gallery-labels g.npy --k 1,10,20 --format json
  gpw eval --embeddings X.npy --labels y.npy --neighbours 5 --format csv -o neighbours.csv`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, formats); err != nil {
				return err
			}
			if err := needFlags(cmd, "embeddings", "labels"); err != nil {
				return err
			}
			if (gallery == "") != (galleryLabels == "") {
				return usagef("--gallery and --gallery-labels go together")
			}
			for _, k := range ks {
				if k < 1 {
					return usagef("--k = %d: K must be at least 1", k)
				}
			}
			slices.Sort(ks)
			if cmd.Flags().Changed("neighbours") && nearest < 1 {
				return usagef("--neighbours = %d: ask for 1 at least", nearest)
			}
			for _, other := range []string{"k", "clustering"} {
				if nearest > 0 && cmd.Flags().Changed(other) {
					return usagef("--neighbours prints no metrics, so --%s says nothing; leave one of them out", other)
				}
			}
			started := time.Now()
			q, g, err := readSides(embeddings, labels, gallery, galleryLabels)
			if err != nil {
				return err
			}
			if nearest > 0 {
				all, remarks, err := neighbours(cmd.Context(), q, g, nearest)
				if err != nil {
					return interrupted(err)
				}
				for _, remark := range remarks { // a list has no place for them
					say(cmd, "%s", remark)
				}
				return output(cmd, out, func(w writer) error { return writeNeighbours(w, format, all) })
			}
			o := retrieval.Options{Ks: slices.Compact(ks), MAPAtR: true, Clustering: clustering}
			step, done := counter(cmd.ErrOrStderr(), "queries", q.Rows)
			o.Compared = step
			scores, err := evaluate(cmd.Context(), q, g, o)
			done()
			if err != nil {
				return interrupted(err)
			}
			if err := output(cmd, out, func(w writer) error { return writeScores(w, format, scores) }); err != nil {
				return err
			}
			writeCost(cmd, started)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&embeddings, "embeddings", "", "npy of N×D floats, one row a query")
	f.StringVar(&labels, "labels", "", "npy of N integers, the class of each row")
	f.StringVar(&gallery, "gallery", "", "npy of M×D floats to search, if not the queries themselves")
	f.StringVar(&galleryLabels, "gallery-labels", "", "npy of M integers")
	f.IntSliceVar(&ks, "k", []int{1, 2, 4, 8}, "the K of Recall@K")
	f.IntVar(&nearest, "neighbours", 0, "print the K nearest of every query instead")
	f.BoolVar(&clustering, "clustering", false, "also NMI and AMI by k-means")
	outputFlags(cmd, &out, &format, formats)
	return cmd
}

// interrupted says what an end of the context means here.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("eval was interrupted; nothing is written")
	}
	return err
}

// A labelled is vectors with their classes.
type labelled struct {
	retrieval.Vectors
	labels []int
}

// readSides reads the queries, and the gallery if there is one.
func readSides(embeddings, labels, gallery, galleryLabels string) (q labelled, g *labelled, err error) {
	if q.Vectors, q.labels, err = datasets.LoadVectors(embeddings, labels); err != nil || gallery == "" {
		return q, nil, err
	}
	g = new(labelled)
	g.Vectors, g.labels, err = datasets.LoadVectors(gallery, galleryLabels)
	return q, g, err
}

func evaluate(ctx context.Context, q labelled, g *labelled, o retrieval.Options) (*retrieval.Scores, error) {
	if g == nil {
		return retrieval.Evaluate(ctx, q.Vectors, q.labels, o)
	}
	return retrieval.EvaluateGallery(ctx, q.Vectors, q.labels, g.Vectors, g.labels, o)
}
