package metrics

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"gpwbench/benchmarks/retrieval"
)

// A Set is vectors with the class of each.
type Set struct {
	retrieval.Vectors
	Labels []int // one for each row
}

// An Evaluation is embeddings with the answers to what is asked of them. The
// coordinates of both sets are let go when [Evaluate] returns.
type Evaluation struct {
	Queries Set
	Gallery *Set // nil where the queries search each other

	// Scores are of the retrieval, and have their remarks. They are nil where no metric
	// of queries was asked, and where NoRanking says why there is no ranking.
	Scores    *retrieval.Scores
	NoRanking string

	Values []Value // of what was asked, in its order

	// Rules are those that the ranking followed.
	Rules retrieval.Rules

	// Worst are the worst queries by the first metric of queries, where they were
	// asked.
	Worst []Query

	options Options
	search  search
	shared  map[string]shared
}

// Counted reports whether a query has a positive, and so is part of the means. It is
// false for all queries where nothing was ranked.
func (e *Evaluation) Counted(query int) bool { return e.Scores != nil && e.Scores.Above[query] >= 0 }

// Options say how an evaluation is made.
type Options struct {
	// Rules are those of neighbouring fields. With several labels a row, the Labels of
	// a [Set] are nil.
	Rules retrieval.Rules

	// Expansion moves the queries before they are ranked; the zero value does not.
	// Metrics that rank nothing are of the queries as given.
	Expansion retrieval.Expansion

	// Worst asks for so many of the worst queries.
	Worst int

	// Starts is the number of starts of k-means, 0 for [retrieval.Starts].
	Starts int

	// Pairs asks metrics of verification for so many random negative pairs, and as many
	// positive ones where there are more, with intervals of 95 %. 0 takes all pairs.
	// Seed chooses them.
	Pairs int
	Seed  uint64

	// Compared is that of [retrieval.Options].
	Compared func(queries int)
}

// Evaluate answers what is asked of queries, which search the gallery, or each other if
// it is nil. What these embeddings cannot answer has a reason in its [Value]. The error
// is of rows without a direction or a label, of sides that do not fit each other, or of
// ctx. Results are the same to the bit for any number of cores.
func Evaluate(ctx context.Context, queries Set, gallery *Set, asked []Asked, o Options) (*Evaluation, error) {
	ctx = cmp.Or(ctx, context.Background())
	e := &Evaluation{Queries: queries, Gallery: gallery, Rules: o.Rules, Values: make([]Value, len(asked)), options: o}
	for i, a := range asked {
		e.Values[i].Asked = a
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	if err := e.rank(ctx, o); err != nil {
		return nil, err
	}

	for i := range e.Values {
		e.compute(ctx, &e.Values[i])
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	if err := e.findWorst(ctx, o.Worst); err != nil {
		return nil, err
	}
	e.letGo()
	return e, nil
}

// check refuses sets of which no metric has a meaning, whichever are asked.
func (e *Evaluation) check() error {
	if e.Gallery == nil {
		return retrieval.Check(e.Queries.Vectors, e.Queries.Labels, nil, nil, e.Rules)
	}
	return retrieval.Check(e.Queries.Vectors, e.Queries.Labels, &e.Gallery.Vectors, e.Gallery.Labels, e.Rules)
}

// compute fills a value, or says why there is none.
func (e *Evaluation) compute(ctx context.Context, v *Value) {
	var err error
	switch {
	case v.OfQueries() && e.NoRanking != "":
		v.Why, v.PerQuery = e.NoRanking, nil
		return
	case v.Query != nil:
		e.mean(v)
		v.Notes = e.search.notes
	case v.Each != nil:
		if v.PerQuery, v.Notes, err = v.Each(ctx, e, v.Parameters); err == nil {
			e.mean(v)
		}
	case e.Rules.Labels != nil:
		err = errSeveralLabels
	default:
		var whole Value
		whole, err = v.Whole(ctx, e, v.Parameters)
		whole.Asked = v.Asked
		*v = whole
		if e.Rules.Groups != nil || e.Rules.NoCopies {
			v.Notes = append(v.Notes, v.Heading()+" is of all rows: groups and copies leave none out")
		}
		if e.options.Expansion.K > 0 {
			v.Notes = append(v.Notes, v.Heading()+" is of the queries as given, without expansion")
		}
		if e.Rules.Reranking.On() {
			v.Notes = append(v.Notes, v.Heading()+" is of the vectors as given, without re-ranking")
		}
	}
	if err != nil {
		*v = Value{Asked: v.Asked, Why: err.Error()}
	}
}

// letGo keeps the shapes and labels of both sets, so that evaluations of many
// embeddings can be held at a time.
func (e *Evaluation) letGo() {
	shape := func(s Set) Set {
		return Set{retrieval.Vectors{Rows: s.Rows, Cols: s.Cols}, s.Labels}
	}
	e.Queries, e.shared, e.search = shape(e.Queries), nil, search{}
	if e.Gallery != nil {
		gallery := shape(*e.Gallery)
		e.Gallery = &gallery
	}
}

// rank ranks the positives of all queries in one pass, as deep as any metric needs, and
// fills the values per query.
func (e *Evaluation) rank(ctx context.Context, o Options) error {
	need, any := retrieval.Options{Compared: o.Compared}, false
	for i := range e.Values {
		v := &e.Values[i]
		any = any || v.OfQueries()
		if v.Query == nil {
			continue
		}
		v.PerQuery = make([]retrieval.Range, e.Queries.Rows)
		need.Depth = max(need.Depth, e.depth(v.Asked))
		switch v.Metric {
		case &recall:
			need.Ks = append(need.Ks, v.K)
		case &mapAtR, &rPrecision:
			need.MAPAtR = true
		}
	}
	if !any {
		return nil
	}

	need.Profile = func(query int, p *retrieval.Profile) {
		for i := range e.Values {
			if v := &e.Values[i]; v.Query != nil {
				v.PerQuery[query] = v.Query(p, v.Parameters)
			}
		}
	}

	if err := e.prepare(ctx); err != nil {
		return err
	}
	need.Rules = e.search.rules
	q, g := e.search.queries, e.search.gallery
	var err error
	if g == nil {
		e.Scores, err = retrieval.Evaluate(ctx, q.Vectors, q.Labels, need)
	} else {
		e.Scores, err = retrieval.EvaluateGallery(ctx, q.Vectors, q.Labels, g.Vectors, g.Labels, need)
	}
	if errors.Is(err, retrieval.ErrNoPositives) {
		e.NoRanking, err = "no query has a positive in the gallery", nil
	}
	return err
}

// depth is up to which rank a metric needs tiers.
func (e *Evaluation) depth(a Asked) int {
	rows := e.Queries.Rows
	if e.Gallery != nil {
		rows = e.Gallery.Rows
	}
	switch a.Needs {
	case FirstR:
		return 1
	case FirstK:
		return min(a.K, rows)
	case EveryRank:
		return rows
	}
	return 0
}

// mean sets a value of queries to its mean over those that count.
func (e *Evaluation) mean(v *Value) {
	var sum retrieval.Range
	n := 0.0
	for query, r := range v.PerQuery {
		if !e.Counted(query) {
			v.PerQuery[query] = retrieval.Range{}
		} else {
			sum.Low, sum.Expected, sum.High = sum.Low+r.Low, sum.Expected+r.Expected, sum.High+r.High
			n++
		}
	}
	v.Range = retrieval.Range{Low: sum.Low / n, Expected: sum.Expected / n, High: sum.High / n}
}

// A shared is what several metrics are computed from.
type shared struct {
	value any
	err   error
}

// once returns what compute makes, and makes it at the first call with a key.
func once[T any](e *Evaluation, key string, compute func() (T, error)) (T, error) {
	s, made := e.shared[key]
	if !made {
		value, err := compute()
		s = shared{value, err}
		if e.shared == nil {
			e.shared = map[string]shared{}
		}
		e.shared[key] = s
	}
	return s.value.(T), s.err
}

// reason is an error without the name of its package, for a sentence that begins with
// the name of a metric.
func reason(err error) error {
	for _, name := range []string{"verification: ", "structure: "} {
		if text, ok := strings.CutPrefix(err.Error(), name); ok {
			return errors.New(text)
		}
	}
	return err
}
