package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks"
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
positive are lonely: they are reported and not in the means.

With --clustering, k-means from one seeded start divides the queries into as many clusters as they have classes, and NMI and AMI (arithmetic
mean of the entropies) say how far these are the classes.

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
			var q, g *benchmarks.Dataset
			var err error
			if q, err = unitRows(embeddings, labels); err != nil {
				return err
			}
			if gallery != "" {
				if g, err = unitRows(gallery, galleryLabels); err != nil {
					return err
				}
			}
			if nearest > 0 {
				all, err := orStop(cmd.Context(), func() ([]neighbourJSON, error) { return neighbours(q, g, nearest) })
				if err != nil {
					return err
				}
				return output(cmd, out, func(w writer) error { return writeNeighbours(w, format, all) })
			}
			o := benchmarks.Options{Ks: slices.Compact(ks), MAPAtR: true, Clustering: clustering}
			scores, err := orStop(cmd.Context(), func() (*benchmarks.Scores, error) { return evaluate(q, g, o) })
			if err != nil {
				return err
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

// orStop returns what f does, or an error as soon as ctx ends: f has nothing to lose, and goes on until the program is out.
func orStop[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, errors.New("eval was interrupted; nothing is written")
	}
}

func evaluate(q, g *benchmarks.Dataset, o benchmarks.Options) (*benchmarks.Scores, error) {
	if g == nil {
		return benchmarks.Evaluate(q.X, q.Labels, o)
	}
	return benchmarks.EvaluateGallery(q.X, q.Labels, g.X, g.Labels, o)
}

func unitRows(embeddings, labels string) (*benchmarks.Dataset, error) {
	d, err := benchmarks.Load("embeddings", embeddings, labels)
	if err != nil {
		return nil, err
	}
	return d, benchmarks.Normalize(d.X)
}

// evalJSON is the JSON of gpw eval. Figures are fractions of 1.
type evalJSON struct {
	Queries           int                `json:"queries"`
	Lonely            int                `json:"lonely"`
	Ties              int                `json:"ties"`
	Recall            map[string]float64 `json:"recall"`
	RecallPessimistic map[string]float64 `json:"recall_pessimistic"`
	RecallExpected    map[string]float64 `json:"recall_expected"`
	MAPAtR            float64            `json:"map_at_r"`
	RPrecision        float64            `json:"r_precision"`
	NMI               *float64           `json:"nmi,omitempty"`
	AMI               *float64           `json:"ami,omitempty"`
}

func writeScores(w writer, format string, s *benchmarks.Scores) error {
	j := evalJSON{
		Queries: s.Queries, Lonely: s.Lonely, Ties: s.Ties,
		Recall: map[string]float64{}, RecallPessimistic: map[string]float64{}, RecallExpected: map[string]float64{},
		MAPAtR: s.MAPAtR(), RPrecision: s.RPrecision(),
	}
	g := &grid{header: []string{"metric", "value", "ties against", "ties for"}}
	percent := percent
	if format == "csv" { // for programs: fractions of 1, all digits
		g.header, percent = []string{"metric", "value", "low", "high"}, exact
	}
	for _, k := range s.Ks {
		key := strconv.Itoa(k)
		j.Recall[key], j.RecallPessimistic[key], j.RecallExpected[key] = s.Recall(k), s.RecallPessimistic(k), s.RecallExpected(k)
		g.add("Recall@"+key, percent(s.Recall(k)), percent(s.RecallPessimistic(k)), percent(s.Recall(k)))
	}
	g.add("MAP@R", percent(s.MAPAtR()), percent(s.MAPAtRLow()), percent(s.MAPAtRHigh()))
	g.add("R-precision", percent(s.RPrecision()), percent(s.RPrecisionLow()), percent(s.RPrecisionHigh()))
	if c := s.Clustering; c != nil {
		j.NMI, j.AMI = &c.NMI, &c.AMI
		g.add("NMI", percent(c.NMI), percent(c.NMI), percent(c.NMI))
		g.add("AMI", percent(c.AMI), percent(c.AMI), percent(c.AMI))
	}
	if format == "json" {
		return writeJSON(w, j, "  ")
	}
	if err := g.write(w, format); err != nil || format != "text" {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d queries; %d lonely (no positive: not in the means); %d tied (a negative exactly as similar as the best positive)\n", s.Queries, s.Lonely, s.Ties)
	_, err := w.Write([]byte(b.String()))
	return err
}

func percent(fraction float64) string { return fmt.Sprintf("%.2f %%", 100*fraction) }
