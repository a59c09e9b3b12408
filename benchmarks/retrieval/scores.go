package retrieval

import "math"

// Options say what an evaluation computes beside the ranks.
type Options struct {
	Ks     []int // the K to report, each at least 1; kept in the Scores
	MAPAtR bool  // also MAP@R and R-precision, which cost a pass over the similarities
	// Clustering asks for k-means clusters of the queries, which take many passes.
	Clustering bool
	Starts     int // of k-means, 0 for the default ([Starts])

	// Profile is called for each query that has a positive, one after the other in no
	// particular order, with how its positives rank. The tiers are valid until it
	// returns. It may be nil.
	Profile func(query int, p *Profile)

	// Depth is up to which rank the tiers of a profile are complete, and at least R of
	// them are. It asks for a pass as MAPAtR does; 0 leaves the tiers to MAPAtR.
	Depth int

	// Rules are those of neighbouring fields; the zero value has none.
	Rules Rules

	// Only are the rows of the queries that are ranked, ascending, which the [Scores] are
	// of, in this order; nil for all. Clusters are of all queries.
	Only []int

	// Sample says that Only is one; it is kept in the Scores.
	Sample *Sample

	// Keeper keeps what is ranked, block by block; nil for none. There are no profiles
	// of blocks that it has kept.
	Keeper Keeper

	// Compared is called with the number of queries that have newly been compared, by
	// the share of all pairs, from several goroutines at a time. Queries whose results a
	// Keeper has or leaves to others are not among them. It may be nil.
	Compared func(queries int)
}

// Scores are the results of a retrieval. Means are over the queries that have a positive.
// [Evaluate] and [EvaluateGallery] make them; of others, whose slices per query differ in
// length, the methods may panic. Nil Scores are of no query.
type Scores struct {
	Ks               []int
	Queries          int // all of them, or of [Options.Only]
	WithoutPositives int // without a positive in the gallery

	Sample *Sample // of which the queries are; nil for none

	// Ties counts the queries with a negative as similar as their best positive, or too
	// close to it for float64 to tell.
	Ties int

	// Negatives is the largest number of negatives of a query. For larger K, Recall@K is
	// 1 for any embeddings.
	Negatives int

	// Copies counts the queries that are in the gallery bit for bit; 0 where rows search
	// each other.
	Copies int

	// Decided negatives, of DecidedQueries queries, are too close to the best positive
	// for float32 and were ordered in float64. For Undecided queries float64 cannot
	// decide an order on which Recall@K, AP@R or R-precision depends; these pairs count
	// as ties.
	Decided, DecidedQueries, Undecided int
	compared                           int // pairs of a query and a negative
	ordered                            int // queries with a negative that is not tied with the best positive

	// Per query, in the order of the rows: the number of negatives strictly more similar
	// than its best positive, the number of negatives as similar as it, and the number of
	// positives as similar, including itself. For a query without positives these are -1,
	// 0 and 0.
	Above, Equal, PosEqual []int32

	// Per query, average precision at R and R-precision, R being the number of its
	// positives; zero for a query without positives. Nil unless Options.MAPAtR.
	AP, RP []Range

	// Clustering is of the queries; nil unless Options.Clustering, or if there are no two
	// classes.
	Clustering   *Clustering
	NoClustering string // the reason for no clustering
}

// A Range has the values that a metric can take when similarities that are equal, or too
// close to order, have no order: with every tie broken against the query, in expectation
// over random orders, and with every tie broken for the query.
type Range struct{ Low, Expected, High float64 }

// Recall is Recall@k by the reference rule: the fraction of queries with fewer than k
// negatives strictly more similar than the best positive. Ties favour the query.
//
// (The rule is that of evaluations/ret_metric.py in
// github.com/msight-tech/research-ms-loss.)
func (s *Scores) Recall(k int) float64 {
	s = s.orNone()
	return s.mean(func(i int) float64 { return indicator(int(s.Above[i]) < k) })
}

// RecallPessimistic is Recall@k with ties against the query: negatives equal to the best
// positive are ranked before it.
func (s *Scores) RecallPessimistic(k int) float64 {
	s = s.orNone()
	return s.mean(func(i int) float64 { return indicator(int(s.Above[i])+int(s.Equal[i]) < k) })
}

// RecallExpected is the expectation of Recall@k over random orders of equal similarities.
// If e negatives and p positives tie for the r = k - above places that are left, a query
// is a hit with probability 1 - C(e, r)/C(e+p, r).
func (s *Scores) RecallExpected(k int) float64 {
	s = s.orNone()
	return s.mean(func(i int) float64 { return ExpectedHit(int(s.Above[i]), int(s.Equal[i]), int(s.PosEqual[i]), k) })
}

// ExpectedHit is the part of one query in [Scores.RecallExpected]: the probability that
// one of p positives is among the first k-above of a random order of them and e
// negatives.
func ExpectedHit(above, e, p, k int) float64 {
	r := k - above
	switch {
	case r <= 0:
		return 0
	case r > e:
		return 1
	}

	// C(e, r)/C(e+p, r) is a product of r ratios or, by symmetry, of p. The shorter
	// product is taken. All ratios lie in [0, 1], so nothing overflows.
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
// 2020); the divisor is R, not the number of positives found. With it come the values
// with every tie broken against and for the query. It is not ok unless Options.MAPAtR was
// set.
func (s *Scores) MAPAtR() (mean Range, ok bool) { return s.meanRange(s.orNone().AP) }

// RPrecision is the expectation of the mean fraction of positives among the R most
// similar, R being the number of positives, with the values with every tie broken
// against and for the query. It is not ok unless Options.MAPAtR was set.
func (s *Scores) RPrecision() (mean Range, ok bool) { return s.meanRange(s.orNone().RP) }

// meanRange is the mean of each end of what the queries have, not ok where they have
// none.
func (s *Scores) meanRange(of []Range) (mean Range, ok bool) {
	if s == nil || of == nil || len(of) != len(s.Above) {
		return Range{}, false
	}
	return Range{
		Low:      s.mean(func(i int) float64 { return of[i].Low }),
		Expected: s.mean(func(i int) float64 { return of[i].Expected }),
		High:     s.mean(func(i int) float64 { return of[i].High }),
	}, true
}

// Collapsed reports whether there is no order to measure: every query that has a positive
// and a negative is as similar to all of its negatives as to its best positive. Recall@1
// is then 1 for the ties alone, and 0 with them against the query.
func (s *Scores) Collapsed() bool { return s != nil && s.Ties > 0 && s.ordered == 0 }

// orNone returns the scores, for nil those of no query.
func (s *Scores) orNone() *Scores {
	if s == nil {
		return new(Scores)
	}
	return s
}

// mean averages over the queries that have positives.
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
