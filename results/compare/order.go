package compare

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/internal/output"
)

// A Verdict is what the data say of a claim.
type Verdict string

// The verdicts. A claim that the data do not tell from its opposite is neither.
const (
	Agree      Verdict = "agree"
	Disagree   Verdict = "disagree"
	CannotTell Verdict = "cannot tell"
)

// A Claim is that row A of a pair is better than row B.
type Claim struct {
	*Pair
	Verdict Verdict `json:"verdict"`
}

// text is the claim as one line.
func (c Claim) text() string { return c.B + " < " + c.A }

// An Order is the claim that the rows of one data set rank in some order, tested.
type Order struct {
	Dataset   string   `json:"dataset"`
	Synthetic bool     `json:"synthetic"`
	Metric    string   `json:"metric"` // a key of Record.Metrics
	Rows      []string `json:"rows"`   // in the order that is claimed, the worst first

	// Neighbours claim that each row but the first is better than the one before it. They
	// are one family for Holm.
	Neighbours []Claim `json:"neighbours"`
	Verdict    Verdict `json:"verdict"` // of all of them

	// Best claims that the last row is better than each other one: a family of its own.
	Best        []Claim `json:"best"`
	BestVerdict Verdict `json:"best_verdict"` // of all of them

	InOrder int `json:"in_order"` // pairs of rows whose means stand as claimed
	Pairs   int `json:"pairs"`    // of how many
}

// verdict is what the difference of a pair says. Its p is adjusted already.
func (p *Pair) verdict() Verdict {
	switch {
	case p.Tied == nil || *p.Tied:
		return CannotTell
	case p.Mean > 0:
		return Agree
	}
	return Disagree
}

// verdictOf all claims together: they agree if each does, and disagree if one does.
func verdictOf(claims []Claim) Verdict {
	all := Agree
	for _, c := range claims {
		switch c.Verdict {
		case Disagree:
			return Disagree
		case CannotTell:
			all = CannotTell
		}
	}
	return all
}

// TestOrder tests the claim that the rows of those names, of which there are two or more,
// rank in that order, the worst first. Every difference is judged by a bootstrap over the
// test classes. A name that the set lacks is a [*NameError]; a row named
// twice is a [*TwiceError], and one without the metric an error too.
func (s *Set) TestOrder(metric string, names []string) (*Order, error) {
	if len(names) < 2 {
		return nil, fmt.Errorf("an order needs two rows or more")
	}
	o := &Order{Dataset: s.Dataset.Name, Synthetic: s.Dataset.Synthetic, Metric: metric}
	var rows []int
	for _, name := range names {
		r, err := s.Find(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(rows, r) {
			return nil, &TwiceError{s.names[r], fmt.Sprintf("the order names the row %s twice, and a row is not better than itself; leave one of them out", s.names[r])}
		}
		if !s.measured(r, metric) {
			return nil, fmt.Errorf("a run of %s lacks %s; take a metric that all rows of the order have", s.names[r], metric)
		}
		rows, o.Rows = append(rows, r), append(o.Rows, s.names[r])
	}

	samples, last := s.samples(metric), len(rows)-1
	for k := range last {
		o.Neighbours = append(o.Neighbours, Claim{Pair: s.pairOf(rows[k+1], rows[k], metric, samples)})
		o.Best = append(o.Best, Claim{Pair: s.pairOf(rows[last], rows[k], metric, samples)})
		for _, above := range rows[k+1:] {
			o.Pairs++
			if s.recordMean(above, metric) > s.recordMean(rows[k], metric) {
				o.InOrder++
			}
		}
	}
	o.Verdict, o.BestVerdict = judge(o.Neighbours), judge(o.Best)
	return o, nil
}

// judge adjusts the claims of one family and gives each its verdict, and all together
// theirs.
func judge(claims []Claim) Verdict {
	var pairs []*Pair
	for _, c := range claims {
		pairs = append(pairs, c.Pair)
	}
	adjust(pairs)
	for k := range claims {
		claims[k].Verdict = claims[k].Pair.verdict()
	}
	return verdictOf(claims)
}

// Sentences say what came out, one for the order, one for each pair of neighbours, and
// one for the best.
func (o *Order) Sentences() []string {
	name := datasetTitle(o.Dataset, o.Synthetic)
	n := []string{fmt.Sprintf("%s: the order %s in %s: %s (%s). The means of %d of its %s stand in that order.",
		name, strings.Join(o.Rows, " < "), title(o.Metric), o.Verdict, tally(o.Neighbours), o.InOrder, output.Count(o.Pairs, "pair", "pairs"))}
	for _, c := range o.Neighbours {
		n = append(n, fmt.Sprintf("%s: %s: %s, %s.", name, c.text(), c.Verdict, c.figures()))
	}

	var against []string
	for _, c := range o.Best {
		if c.Verdict != Agree {
			against = append(against, fmt.Sprintf("%s (%s, %s)", c.B, c.Verdict, c.figures()))
		}
	}
	text := fmt.Sprintf("%s: %s is the best of them: %s (%s)", name, o.Rows[len(o.Rows)-1], o.BestVerdict, tally(o.Best))
	if len(against) > 0 {
		text += "; what does not agree: over " + strings.Join(against, ", ")
	}
	return append(n, text+".")
}

// figures are the difference of the claim with its interval, or why there is none.
func (c Claim) figures() string {
	if c.Low == nil || c.High == nil || c.PHolm == nil {
		text := points(c.Mean) + " points"
		if c.Why != "" {
			text += " (" + strings.TrimSuffix(c.Why, ".") + ")"
		}
		return text
	}
	return fmt.Sprintf("%s points [%s, %s], p (Holm) %s", points(c.Mean), points(*c.Low), points(*c.High), pText(c.PHolm))
}

// tally counts the verdicts.
func tally(claims []Claim) string {
	count := map[Verdict]int{}
	for _, c := range claims {
		count[c.Verdict]++
	}
	var parts []string
	for _, v := range []Verdict{Agree, Disagree, CannotTell} {
		parts = append(parts, fmt.Sprintf("%s %d", v, count[v]))
	}
	return strings.Join(parts, ", ")
}

// OrderNote says how an order is tested.
func OrderNote() string {
	return "Each difference is the later row less the earlier one, averaged query by query over the seeds in common, with its 95 % interval by a bootstrap over the test classes. " +
		"Agree and disagree are differences whose p, adjusted by Holm for the pairs of neighbours, and for the best row apart, is below 0.05; otherwise the data cannot tell. " +
		"An order agrees if all its pairs do, and disagrees if one does."
}

// An OrderReport is an order tested on each data set that has its rows.
type OrderReport struct {
	Metric string
	Orders []*Order
	Notes  []string // whole sentences
}

// TestOrders tests an order on each data set that has all of its rows. Metrics are those
// of [All]. It is an error if no data set has them.
func TestOrders(sets []*Set, metric string, names []string) (*OrderReport, error) {
	metric, err := Metric(sets, metric)
	if err != nil {
		return nil, err
	}
	if _, err := choose(sets, names); err != nil {
		return nil, err
	}

	r := &OrderReport{Metric: metric, Notes: []string{OrderNote()}}
	var last error
	chosen := make([][]int, len(sets))
	for k, s := range sets {
		o, err := s.TestOrder(metric, names)
		if err != nil {
			last = err
			r.Notes = append(r.Notes, fmt.Sprintf("%s: the order was not tested: %v.", datasetTitle(s.Dataset.Name, s.Dataset.Synthetic), err))
			continue
		}
		r.Orders = append(r.Orders, o)
		for _, name := range o.Rows {
			chosen[k] = append(chosen[k], slices.Index(s.names, name))
		}
		r.Notes = append(r.Notes, o.summaries()...)
	}
	if len(r.Orders) == 0 {
		return nil, fmt.Errorf("no data set has all rows of the order: %w", last)
	}
	r.Notes = append(r.Notes, rowNotes(sets, chosen)...)
	r.Notes = append(r.Notes, seedNotes(sets, chosen, r.dropped(), "A table's means are over all seeds of a row.")...)
	return r, nil
}

// summaries are the sentences on the whole order and on the best row.
func (o *Order) summaries() []string {
	all := o.Sentences()
	return []string{all[0], all[len(all)-1]}
}

// dropped reports whether some claim leaves seeds out.
func (r *OrderReport) dropped() bool {
	for _, o := range r.Orders {
		if slices.ContainsFunc(slices.Concat(o.Neighbours, o.Best), func(c Claim) bool { return c.Dropped > 0 }) {
			return true
		}
	}
	return false
}
