package metrics

import (
	"context"
	"errors"
	"fmt"

	"gpwbench/benchmarks/retrieval"
)

var nearestCentroid = Metric{
	Name: "nearest_centroid", Title: "Nearest centroid", Family: Retrieval, Most: 1,
	Aliases: []string{"centroid", "ncm", "nearest_class_mean"},
	Doc:     "share of queries nearest by cosine to the centroid of their own class, the query itself left out of it; equal centroids share the query",
	Source:  "Mensink et al., Distance-Based Image Classification: Generalizing to New Classes at Near-Zero Cost, TPAMI 35(11), 2013, on unit vectors",
	Each: func(ctx context.Context, e *Evaluation, _ Parameters) ([]retrieval.Range, []string, error) {
		switch r := e.Rules; {
		case r.Labels != nil:
			return nil, nil, errSeveralLabels
		case r.Similarity != retrieval.Cosine:
			return nil, nil, errors.New("centroids are means of vectors at length 1, searched by cosine alone; ask for it without another similarity")
		}
		var gallery *retrieval.Vectors
		var labels []int
		if e.Gallery != nil {
			gallery, labels = &e.Gallery.Vectors, e.Gallery.Labels
		}
		found, _, without, err := retrieval.NearestCentroid(ctx, e.Queries.Vectors, e.Queries.Labels, gallery, labels)
		var notes []string
		if without > 0 {
			notes = append(notes, fmt.Sprintf("classes without a centroid, because their vectors cancel out: %d; their queries count as not found", without))
		}
		if e.Rules.Groups != nil || e.Rules.NoCopies {
			notes = append(notes, "a centroid is of all rows of its class, also of those of the query's group and its copies")
		}
		if e.options.Expansion.K > 0 {
			notes = append(notes, "nearest centroid is of the queries as given, without expansion")
		}
		if e.Rules.Reranking.On() {
			notes = append(notes, "nearest centroid is of the vectors as given, without re-ranking")
		}
		return found, notes, err
	},
}

var errSeveralLabels = errors.New("rows have several labels")
