package structure

import (
	"errors"

	"gpwbench/benchmarks/retrieval"
)

// Alignment is the mean of the squared distance of two rows of one class, over all such
// pairs (Wang and Isola, Understanding Contrastive Representation Learning through
// Alignment and Uniformity on the Hypersphere, ICML 2020, with α = 2). There the
// positive pairs are two views of an image; here they are all pairs of a class. It is
// between 0 and 4, and less is better.
//
// The sum over the pairs of n rows is n times the squared distance from their mean, so
// it takes N·D operations. It is an error if no class has two rows.
func Alignment(p *retrieval.Pairs) (float64, error) {
	positives, _ := p.Count()
	if positives == 0 {
		return 0, errors.New("structure: no two rows are of one class, so there is no positive pair")
	}

	sum := 0.0
	eachClass(p, func(from, to int, _ []float64, scatter float64) { sum += float64(to-from) * scatter })
	return min(sum/float64(positives), 4), nil
}

// eachClass calls f with the rows from to to-1 of every class, the mean of their
// directions and the sum of their squared distances from it. mean is valid during the
// call.
func eachClass(p *retrieval.Pairs, f func(from, to int, mean []float64, scatter float64)) {
	labels, _ := p.Labels()
	mean, row := make([]float64, p.Cols()), make([]float64, p.Cols())
	for from := 0; from < len(labels); {
		_, to := p.Segment(from)
		clear(mean)
		for i := from; i < to; i++ {
			p.Query(i, row)
			for k, v := range row {
				mean[k] += v / float64(to-from)
			}
		}

		scatter := 0.0
		for i := from; i < to && to > from+1; i++ {
			p.Query(i, row)
			for k, v := range row {
				scatter += (v - mean[k]) * (v - mean[k])
			}
		}

		f(from, to, mean, scatter)
		from = to
	}
}
