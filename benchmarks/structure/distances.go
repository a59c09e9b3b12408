package structure

import (
	"errors"
	"math"

	"gpwbench/benchmarks/retrieval"
)

// Distances are mean cosine distances, 1 − S.
type Distances struct {
	Intra float64 // of two rows of a class: the mean over its pairs, then over the classes
	Inter float64 // of two classes: between their centres, which are means at length 1
	Ratio float64 // Intra/Inter
	Left  int     // classes of one row, which have no distance within and are left out of Intra
}

// ClassDistances compares distances within classes with those between them. The ratio
// is π_ratio of Roth et al., Revisiting Training Strategies and Generalization
// Performance in Deep Metric Learning, ICML 2020, as their code computes it
// (dists@intra_over_inter of Confusezius/Revisiting_Deep_Metric_Learning_PyTorch at
// efddbf2): with cosine distances, a mean over classes of means, and centres at length
// 1. The code gives a class of one row a distance of another class; here it is left
// out.
//
// The ratio is at least 0. A small one has dense classes far apart, and a large one
// leaves room within classes. The paper correlates this density with generalization, so
// the smallest ratio need not be the best.
//
// It takes N·D operations. It is an error if there is no pair within a class, only one
// class, a class whose mean is 0, or if all centres are equal.
func ClassDistances(p *retrieval.Pairs) (Distances, error) {
	labels, _ := p.Labels()
	if labels[0] == labels[len(labels)-1] {
		return Distances{}, errors.New("structure: all rows are of one class, so there is no distance between classes")
	}

	var d Distances
	var centres [][]float64
	classes := 0.0
	without := 0
	eachClass(p, func(from, to int, mean []float64, scatter float64) {
		if n := float64(to - from); to-from > 1 {
			d.Intra += scatter / (n - 1) // the squared distance of a pair is twice 1 − S
			classes++
		} else {
			d.Left++
		}

		centre, ok := unit(mean)
		if !ok {
			without++
		}
		centres = append(centres, centre)
	})

	switch {
	case classes == 0:
		return Distances{}, errors.New("structure: no two rows are of one class, so there is no distance within classes")
	case without > 0:
		return Distances{}, errors.New("structure: the mean of a class is 0, so its centre has no direction")
	}

	d.Intra /= classes
	d.Inter = apart(centres)
	if d.Inter <= 8*p.Radius(0) {
		return Distances{}, errors.New("structure: float64 cannot tell the centres of the classes apart")
	}
	d.Ratio = d.Intra / d.Inter
	return d, nil
}

// unit returns x at length 1. It is not ok where x is 0 up to rounding.
func unit(x []float64) (y []float64, ok bool) {
	square := 0.0
	for _, v := range x {
		square += v * v
	}
	if square < 0x1p-90 {
		return nil, false
	}
	y = make([]float64, len(x))
	for k, v := range x {
		y[k] = v / math.Sqrt(square)
	}
	return y, true
}

// apart is the mean of 1 − S over all pairs of vectors of length 1.
func apart(x [][]float64) float64 {
	n := float64(len(x))
	mean := make([]float64, len(x[0]))
	for _, row := range x {
		for k, v := range row {
			mean[k] += v / n
		}
	}

	scatter := 0.0
	for _, row := range x {
		for k, v := range row {
			scatter += (v - mean[k]) * (v - mean[k])
		}
	}
	return scatter / (n - 1)
}
