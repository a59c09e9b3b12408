package retrieval

import "math"

// Options choose what an evaluation computes beside the ranks.
type Options struct {
	Ks     []int // the K to report, each at least 1; kept in the Scores
	MAPAtR bool  // also MAP@R and R-precision, which cost a pass over the similarities
	// Clustering asks for k-means clusters of the queries, see [clusterScores], which
	// costs many passes.
	Clustering bool
	// Compared hears how many more queries have been compared with the whole gallery,
	// from several goroutines at a time; nil for no one.
	Compared func(queries int)
}

// Scores are the results of a retrieval. Means are over the queries that have a positive.
type Scores struct {
	Ks               []int
	Queries          int // all of them
	WithoutPositives int // without a positive in the gallery

	// Ties counts the queries with a negative as similar as their best positive, or too
	// close to it for float64 to tell.
	Ties int

	// Negatives is the largest number that a query has. With K beyond it, Recall@K is 1 for
	// any embeddings.
	Negatives int

	// Copies counts the queries that are in the gallery bit for bit; 0 where rows search
	// each other.
	Copies int

	// Decided negatives, of DecidedQueries queries, are too close to the best positive
	// for float32, and were told apart in float64. Of Undecided queries not even float64
	// tells an order that Recall@K, AP@R or R-precision depends on: they count as tied.
	Decided, DecidedQueries, Undecided int
	compared                           int // pairs of a query and a negative

	// Per query, in the order of the rows: the number of negatives strictly more similar
	// than its best positive, of negatives as similar as it, and of positives as similar,
	// itself included. For a query without positives -1, 0 and 0.
	Above, Equal, PosEqual []int32

	// Per query, average precision at R and R-precision, R being the number of its
	// positives; zero for a query without positives. Nil unless Options.MAPAtR.
	AP, RP []Range

	// Clustering is of the queries; nil unless Options.Clustering, or if there are no two
	// classes.
	Clustering   *Clustering
	NoClustering string // why there is none
}

// A Range is what a metric can be when similarities that are equal, or too close to tell,
// have no order: the value with every tie broken against the query, its expectation over
// random orders, the value with every tie broken for the query.
type Range struct{ Low, Expected, High float64 }

// Recall is Recall@k by the reference rule: the fraction of queries with fewer than k
// negatives strictly more similar than the best positive. Ties favour the query.
//
// (The rule is that of evaluations/ret_metric.py in
// github.com/msight-tech/research-ms-loss.)
func (s *Scores) Recall(k int) float64 {
	return s.mean(func(i int) float64 { return indicator(int(s.Above[i]) < k) })
}

// RecallPessimistic is Recall@k with ties against the query: the negatives equal to the
// best positive come before it.
func (s *Scores) RecallPessimistic(k int) float64 {
	return s.mean(func(i int) float64 { return indicator(int(s.Above[i])+int(s.Equal[i]) < k) })
}

// RecallExpected is the expectation of Recall@k over random orders of equal
// similarities. With r = k - above places left for a tie of e negatives and p positives,
// a query is a hit with probability 1 - C(e, r)/C(e+p, r).
func (s *Scores) RecallExpected(k int) float64 {
	return s.mean(func(i int) float64 { return ExpectedHit(int(s.Above[i]), int(s.Equal[i]), int(s.PosEqual[i]), k) })
}

// ExpectedHit is the part of one query in [Scores.RecallExpected]: the probability that
// one of p positives is among the first k-above of a random order of them and e negatives.
func ExpectedHit(above, e, p, k int) float64 {
	r := k - above
	switch {
	case r <= 0:
		return 0
	case r > e:
		return 1
	}

	// C(e, r)/C(e+p, r) is a product of r ratios, or by symmetry of p: take the fewer.
	// All lie in [0, 1], so nothing overflows.
	miss := 1.0
	if r <= p {
		for t := range r {
			miss *= float64(e-t) / float64(e+p-t)
		}
	} else {
		for t := range p {
			miss *= float64(e+p-r-t) / float64(e+p-t)
		}
	}

	return 1 - miss
}

// MAPAtR is the expectation of mean average precision at R over random orders of equal
// similarities. A query with R positives has AP@R = 1/R · Σ_{i≤R}
// precision(i)·relevant(i) (Musgrave et al., A Metric Learning Reality Check, ECCV
// 2020); the divisor is R, not the number of positives found. It panics unless
// Options.MAPAtR was set.
func (s *Scores) MAPAtR() float64 { return s.meanAP(func(r Range) float64 { return r.Expected }) }

// MAPAtRLow is MAP@R with every tie broken against the query.
func (s *Scores) MAPAtRLow() float64 { return s.meanAP(func(r Range) float64 { return r.Low }) }

// MAPAtRHigh is MAP@R with every tie broken for the query.
func (s *Scores) MAPAtRHigh() float64 { return s.meanAP(func(r Range) float64 { return r.High }) }

// RPrecision is the expectation of the mean fraction of positives among the R most
// similar, R being the number of positives. It panics unless Options.MAPAtR was set.
func (s *Scores) RPrecision() float64 { return s.meanRP(func(r Range) float64 { return r.Expected }) }

// RPrecisionLow is R-precision with every tie broken against the query.
func (s *Scores) RPrecisionLow() float64 { return s.meanRP(func(r Range) float64 { return r.Low }) }

// RPrecisionHigh is R-precision with every tie broken for the query.
func (s *Scores) RPrecisionHigh() float64 { return s.meanRP(func(r Range) float64 { return r.High }) }

func (s *Scores) meanAP(value func(Range) float64) float64 {
	if s.AP == nil {
		panic("retrieval: MAP@R was not computed: set Options.MAPAtR")
	}
	return s.mean(func(i int) float64 { return value(s.AP[i]) })
}

func (s *Scores) meanRP(value func(Range) float64) float64 {
	if s.RP == nil {
		panic("retrieval: R-precision was not computed: set Options.MAPAtR")
	}
	return s.mean(func(i int) float64 { return value(s.RP[i]) })
}

// mean is over the queries that are not lonely.
func (s *Scores) mean(value func(query int) float64) float64 {
	sum, n := 0.0, 0
	for i, above := range s.Above {
		if above >= 0 {
			sum += value(i)
			n++
		}
	}

	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
