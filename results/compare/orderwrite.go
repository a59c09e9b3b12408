package compare

import (
	"io"

	"gpwbench/internal/output"
)

// Write writes the orders in one of [Formats]. JSON is an array with an element for each
// data set, and CSV has a line for each claim.
func (r *OrderReport) Write(w io.Writer, format string) error {
	return writeAs(w, format, data{json: r.Orders, csv: r.claims}, r.Notes, func(out *output.Page) error {
		for _, o := range r.Orders {
			name := datasetTitle(o.Dataset, o.Synthetic)
			if err := section(out, format, name+": the order, tested in "+title(o.Metric), claimGrid(o.Neighbours)); err != nil {
				return err
			}
			if err := section(out, format, name+": is "+o.Rows[len(o.Rows)-1]+" the best of them?", claimGrid(o.Best)); err != nil {
				return err
			}
		}
		return nil
	})
}

// claimGrid has a line for each claim.
func claimGrid(claims []Claim) *output.Grid {
	g := &output.Grid{Header: []string{"claim", "difference", "low", "high", "p", "p (Holm)", "verdict"}}
	figure := func(v *float64) string {
		if v == nil {
			return "–"
		}
		return points(*v)
	}
	for _, c := range claims {
		g.Add(c.text(), points(c.Mean), figure(c.Low), figure(c.High), pText(c.P), pText(c.PHolm), string(c.Verdict))
	}
	return g
}

// claims has a line for each claim, with the columns of a pair.
func (r *OrderReport) claims() *output.Grid {
	var pairs []*Pair
	var tail [][]string
	for _, o := range r.Orders {
		for _, c := range o.Neighbours {
			pairs, tail = append(pairs, c.Pair), append(tail, []string{"order", string(c.Verdict), string(o.Verdict)})
		}
		for _, c := range o.Best {
			pairs, tail = append(pairs, c.Pair), append(tail, []string{"best", string(c.Verdict), string(o.BestVerdict)})
		}
	}
	g := pairGrid(pairs)
	g.Header = append(g.Header, "claim", "verdict", "verdict_of_all")
	for k := range g.Rows {
		g.Rows[k] = append(g.Rows[k], tail[k]...)
	}
	return g
}
