package metrics

import (
	"context"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
)

// A Metric is one question. One of Query, Each and Whole computes it.
type Metric struct {
	// Name is that of specs, records and JSON, less @K. Two metrics may share a name if
	// one of them has a parameter.
	Name    string
	Title   string // in tables, less @K
	Doc     string // the definition, in one line without a full stop
	Source  string // where the definition is from
	Aliases []string

	Family    Family
	Parameter Parameter
	Default   float64 // of the parameter, where a name is given without one; 0 for none
	RateOf    string  // for Rate, what it is a rate of: far, in tar@far=0.001

	// Least and Most are the range, ±Inf where there is no bound. Lower says that
	// smaller values are better, and Neither that no direction is.
	Least, Most float64
	Lower       bool
	Neither     bool
	Plain       bool // printed with its digits, and not in percent, whatever the range is

	// Needs is what Query reads of a profile.
	Needs Needs

	// Query is the metric of one query that has a positive.
	Query func(p *retrieval.Profile, at Parameters) retrieval.Range

	// Each is the metric of all queries at once, where it depends on more than the
	// ranks of positives, with sentences on it. What it gives for a query without a
	// positive is not used. For the error see Whole.
	Each func(ctx context.Context, e *Evaluation, at Parameters) (found []retrieval.Range, notes []string, err error)

	// Whole is a metric of all rows at once. An error is the reason why these
	// embeddings have no such value; only that of an ended context ends the evaluation.
	Whole func(ctx context.Context, e *Evaluation, at Parameters) (Value, error)
}

// A Family is a group of metrics. Its name stands for all of them where names are asked
// for.
type Family string

// Families in the order of a list.
const (
	Retrieval    Family = "retrieval"
	Verification Family = "verification" // over all pairs
	Clustering   Family = "clustering"
	Structure    Family = "structure"
)

// Families lists the families.
var Families = []Family{Retrieval, Verification, Clustering, Structure}

// A Parameter is what follows the @ in the name of a metric.
type Parameter int

// Kinds of parameters.
const (
	NoParameter Parameter = iota
	K                     // a number of ranks, 1 or more
	Rate                  // a fraction of pairs, between 0 and 1
)

// Parameters are the parameter of an asked metric.
type Parameters struct {
	K    int     // for K
	Rate float64 // for Rate
}

// Needs are passes over the similarities, each of which contains the ones before it.
type Needs int

// What a metric of queries reads of a [retrieval.Profile].
const (
	Best      Needs = iota // the tier of the best positive
	FirstR                 // the tiers within R ranks
	FirstK                 // the tiers within K ranks, K being the parameter
	EveryRank              // all tiers
)

// An Asked is a metric with its parameter.
type Asked struct {
	*Metric
	Parameters
}

// Key is the full name, such as ndcg@10.
func (a Asked) Key() string { return a.Name + a.suffix() }

// Heading is the full title, such as nDCG@10.
func (a Asked) Heading() string {
	before, after, _ := strings.Cut(a.Title, ",")
	if after != "" {
		after = "," + after
	}
	return before + a.suffix() + after
}

func (a Asked) suffix() string {
	switch a.Parameter {
	case K:
		return "@" + strconv.Itoa(a.K)
	case Rate:
		return "@" + a.RateOf + "=" + strconv.FormatFloat(a.Rate, 'g', -1, 64)
	}
	return ""
}

// OfQueries reports whether a value is a mean over queries.
func (m *Metric) OfQueries() bool { return m.Query != nil || m.Each != nil }

// Better says which values are better: "larger", "smaller", or "neither" of the two.
func (m *Metric) Better() string {
	switch {
	case m.Neither:
		return "neither"
	case m.Lower:
		return "smaller"
	}
	return "larger"
}

// Share reports whether values are fractions of 1, which tables print in percent.
func (m *Metric) Share() bool { return m.Most == 1 && m.Least >= -1 && !m.Plain }

// A Value answers an asked metric.
type Value struct {
	Asked

	// Why says why there is no value. The numbers are then 0.
	Why string

	// Low and High are what ties, the starts of a clustering, the precision of a sum
	// over all pairs, or random pairs leave open. They are equal to the value for a
	// metric without such a range.
	retrieval.Range

	// PerQuery has one element a query, for metrics of queries; 0 for a query without a
	// positive ([Evaluation.Counted]).
	PerQuery []retrieval.Range

	// Notes are sentences on this value.
	Notes []string
}

// exactly is the range of a value that nothing leaves open.
func exactly(v float64) retrieval.Range { return retrieval.Range{Low: v, Expected: v, High: v} }
