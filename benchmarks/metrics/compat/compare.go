package compat

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gpwbench/benchmarks/metrics"
	"gpwbench/benchmarks/retrieval"
)

// A Tool is a program that evaluates embeddings.
type Tool struct {
	Name, Title string
	Aliases     []string
	Source      string // the function and its version
	Omits       string // what it prints beside, and why that is not computed
	NoGallery   string // why it cannot search a gallery; "" if it can

	// variants are its functions, with a gallery or without one.
	variants func(gallery bool) []variant
}

// A variant is one function of a tool.
type variant struct {
	label       string // "" for the only one
	rules       rules
	figures     []figure
	differences []difference
	format      func(figure string, v float64) string
	stop        string // how it ends where the rules stop at a lonely query
}

// A difference is a rule that is not ours, with what replaces it.
type difference struct {
	name, says string
	ours       func(r *rules)
}

// A Comparison is what a tool prints for embeddings, beside ours.
type Comparison struct {
	Tool      *Tool
	Queries   int
	Lonely    int // queries without a positive
	Functions []Function
	Remarks   []string
}

// A Function is one of the functions of a tool.
type Function struct {
	Label   string // "" for the only one
	Figures []Figure
	Rules   []Rule
}

// A Figure is one number of a tool.
type Figure struct {
	Name            string
	Printed         string // as the tool prints it
	retrieval.Range        // the expectation over orders of ties, and its extremes
	Why             string // why the tool prints no number; the others are then 0
	Ours            metrics.Value
	format          func(figure string, v float64) string
}

// A Rule is one in which the tool differs from ours.
type Rule struct {
	Name, Says string
	Moves      []Move // of figures that it changes
}

// A Move is what a rule makes of a figure.
type Move struct {
	Figure  string
	Without float64  // the figure with our rule in the place of the tool's
	By      *float64 // the figure less Without; nil where the tool prints no number
}

// Compare computes what the tool prints for queries that search the gallery, or each
// other if it is nil. The errors are those of [metrics.Evaluate], and that of a tool
// without galleries. Each rule of similarity or of the query's own row costs a pass over
// the similarities. The memory is that of [metrics.Evaluate]. Results are the same to the
// bit for any number of cores.
func (t *Tool) Compare(ctx context.Context, queries metrics.Set, gallery *metrics.Set) (*Comparison, error) {
	if gallery != nil && t.NoGallery != "" {
		return nil, fmt.Errorf("compat: %s: %s", t.Title, t.NoGallery)
	}
	variants := t.variants(gallery != nil)
	tallies := map[pass][]*tally{}
	found := make([][]*tally, len(variants)) // with all rules of the tool, then less each
	for i, v := range variants {
		for k := -1; k < len(v.differences); k++ {
			r := v.rules
			if k >= 0 {
				v.differences[k].ours(&r)
			}
			a := &tally{variant: &variants[i], rules: r, sums: make([]retrieval.Range, len(v.figures))}
			found[i] = append(found[i], a)
			p := r.pass(gallery != nil)
			tallies[p] = append(tallies[p], a)
		}
	}

	c := &Comparison{Tool: t, Queries: queries.Rows}
	for p, all := range tallies {
		if err := run(ctx, p, all, queries, gallery); err != nil {
			return nil, err
		}
	}
	ours, err := oursOf(ctx, variants, queries, gallery)
	if err != nil {
		return nil, err
	}
	for i := range variants {
		c.Functions = append(c.Functions, function(found[i], ours))
	}
	c.Lonely = found[0][0].lonely
	c.Remarks = remarks(t, found)
	return c, nil
}

// A tally sums the figures of a variant under some rules.
type tally struct {
	*variant
	rules
	sums                     []retrieval.Range
	rows                     int // that are searched, the query among them
	counted, lonely, visited int
	decided, queries         int // queries whose best positive float32 cannot order, of all
}

// run makes a pass and fills its tallies.
func run(ctx context.Context, p pass, all []*tally, queries metrics.Set, gallery *metrics.Set) error {
	searched := gallery
	if p.withSelf || gallery == nil {
		searched = &queries
	}
	last := searched.Labels[len(searched.Labels)-1]
	o := retrieval.Options{Depth: searched.Rows, Rules: retrieval.Rules{Similarity: p.similarity}}
	o.Profile = func(i int, profile *retrieval.Profile) {
		q := query{rows: searched.Rows, class: profile.Positives, last: queries.Labels[i] == last}
		q.relevant = q.class
		switch {
		case p.withSelf:
			q.relevant--
		case gallery == nil:
			q.class++
		}
		for _, a := range all {
			a.add(profile, q, p.withSelf)
		}
	}

	var s *retrieval.Scores
	var err error
	if gallery == nil && !p.withSelf {
		s, err = retrieval.Evaluate(ctx, queries.Vectors, queries.Labels, o)
	} else {
		s, err = retrieval.EvaluateGallery(ctx, queries.Vectors, queries.Labels, searched.Vectors, searched.Labels, o)
	}
	if err != nil && !errors.Is(err, retrieval.ErrNoPositives) {
		return err
	}
	for _, a := range all {
		a.rows, a.queries = searched.Rows, queries.Rows
		unseen := queries.Rows - a.visited
		a.lonely += unseen
		if a.rules.lonely == missed {
			a.counted += unseen
		}
		if s != nil {
			a.decided = s.DecidedQueries
		}
	}
	return nil
}

// add adds a query.
func (a *tally) add(p *retrieval.Profile, q query, withSelf bool) {
	a.visited++
	if withSelf && p.Positives == 1 {
		a.lonely++
		if a.rules.lonely != missed {
			return
		}
	}
	a.counted++

	rankings := a.rankings(p, withSelf)
	for i, f := range a.figures {
		sum := retrieval.Range{Low: math.Inf(1)}
		for k := range rankings {
			var v retrieval.Range
			if l := &rankings[k]; l.Positives > 0 || q.last && a.own {
				v = f.value(&l.Profile, a.rules, q)
			}
			sum.Low, sum.High = min(sum.Low, v.Low), max(sum.High, v.High)
			sum.Expected += rankings[k].probability * v.Expected
		}
		a.sums[i].Low += sum.Low
		a.sums[i].Expected += sum.Expected
		a.sums[i].High += sum.High
	}
}

// of is a figure of the tally, or why there is none.
func (a *tally) of(i int) (mean retrieval.Range, why string) {
	f := a.figures[i]
	switch {
	case a.rows < f.rows:
		return mean, fmt.Sprintf("RuntimeError: it takes %d neighbours, the query itself among them, and there are %d rows", f.rows, a.rows)
	case a.lonely > 0 && a.rules.lonely == stops:
		return mean, a.stop
	case a.lonely > 0 && a.rules.lonely == missed && f.undefined != "":
		return mean, f.undefined
	case a.counted == 0:
		return mean, "no query has a positive"
	}
	return scaled(a.sums[i], 1/float64(a.counted)), ""
}

// oursOf evaluates the metrics that answer the same questions.
func oursOf(ctx context.Context, variants []variant, queries metrics.Set, gallery *metrics.Set) (map[string]metrics.Value, error) {
	var names []string
	for _, v := range variants {
		for _, f := range v.figures {
			names = append(names, f.ours)
		}
	}
	asked, err := metrics.ParseAll(names, nil)
	if err != nil {
		return nil, err
	}
	e, err := metrics.Evaluate(ctx, queries, gallery, asked, metrics.Options{})
	if err != nil {
		return nil, err
	}
	ours := map[string]metrics.Value{}
	for _, v := range e.Values {
		v.PerQuery = nil
		ours[v.Key()] = v
	}
	return ours, nil
}

// function is the result of a variant: the first of its tallies has all its rules.
func function(found []*tally, ours map[string]metrics.Value) Function {
	full := found[0]
	f := Function{Label: full.label}
	for i, of := range full.figures {
		r, why := full.of(i)
		figure := Figure{Name: of.name, Range: r, Why: why, Ours: ours[of.ours], format: full.format}
		if why == "" {
			figure.Printed = full.format(of.name, r.Expected)
		}
		f.Figures = append(f.Figures, figure)
	}
	for k, d := range full.differences {
		rule := Rule{Name: d.name, Says: d.says}
		for i, of := range full.figures {
			without, why := found[k+1].of(i)
			if why != "" {
				continue
			}
			m := Move{Figure: of.name, Without: without.Expected}
			if f.Figures[i].Why == "" {
				by := f.Figures[i].Expected - without.Expected
				if -1e-12 < by && by < 1e-12 {
					continue
				}
				m.By = &by
			}
			rule.Moves = append(rule.Moves, m)
		}
		f.Rules = append(f.Rules, rule)
	}
	return f
}

// remarks say what the tool computes beside, and where its float32 decides.
func remarks(t *Tool, found [][]*tally) []string {
	var said []string
	if t.Omits != "" {
		said = append(said, "not computed: "+t.Omits)
	}
	decided, queries := 0, 1
	for _, f := range found {
		if f[0].decided > decided {
			decided, queries = f[0].decided, f[0].queries
		}
	}
	if decided > 0 {
		said = append(said, fmt.Sprintf("float32, in which the tool compares, cannot order a negative and the best positive of %d of %d queries (or a negative and the query itself, where it is searched): "+
			"what the tool prints depends there on its rounding and on its sort, and a hit rate can differ from this by up to %.4g", decided, queries, float64(decided)/float64(queries)))
	}
	return said
}
