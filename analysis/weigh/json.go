package weigh

import (
	"io"
	"math"
	"slices"

	"gpwbench/internal/output"
	"gpwbench/losses/describe"
)

// The JSON of a report.
type (
	headJSON struct {
		Name    string     `json:"name"`
		Params  string     `json:"params"`
		Formula string     `json:"formula,omitempty"` // of a user-defined loss
		Loss    float64    `json:"loss"`
		Note    string     `json:"note,omitempty"`
		Remarks []string   `json:"remarks"` // Note among them
		Kinds   []sideJSON `json:"kinds"`
	}
	// Between them stands gradient, a list for each anchor, and behind them pairs, a list
	// of pairJSON.
	poolingJSON struct {
		Pooling string `json:"pooling"`
	}
	// sideJSON is an analysis.SideStats.
	sideJSON struct {
		Pair      string   `json:"pair"` // positive or negative
		Pairs     int      `json:"pairs"`
		Weighted  int      `json:"weighted"`
		Mass      float64  `json:"mass"`         // Σw
		Effective float64  `json:"effective"`    // pairs
		Hardest   float64  `json:"hardest_1pct"` // a share
		Largest   float64  `json:"largest"`      // a share
		Force     float64  `json:"force"`        // Σ w·√(1−S²)
		Mean      *float64 `json:"mean_S"`       // null where there are no pairs
		Low       *float64 `json:"lowest_S"`
		High      *float64 `json:"highest_S"`
	}
	pairJSON struct {
		Anchor    int      `json:"anchor"`
		Candidate int      `json:"candidate"`
		Positive  bool     `json:"positive"`
		S         float64  `json:"S"`
		N         *float64 `json:"N"` // null where the anchor has no other negative
		P         *float64 `json:"P"` // null where the anchor has no other positive
		Weight    float64  `json:"weight"`
	}
)

// json writes the report; of its long lists one anchor is held.
func (r *Report) json(w io.Writer) error {
	o := output.NewObject(w)
	o.Members(r.head())
	o.List("gradient", func(yield func(any) bool) {
		n := r.Batch.Candidates()
		for i := range r.Batch.Anchors() {
			if !yield([][]float64{r.Gradient[i*n : (i+1)*n]}) {
				return
			}
		}
	})
	o.Members(poolingJSON{r.Pooling.String()})
	o.List("pairs", r.pairs)
	return o.Close()
}

// pairsAtOnce is the number of pairs whose text is held.
const pairsAtOnce = 256

// pairs yields all pairs in lists of at most pairsAtOnce.
func (r *Report) pairs(yield func(any) bool) {
	list := make([]pairJSON, 0, pairsAtOnce)
	axes := make([][2]float64, pairsAtOnce) // N and P, to which the list points
	for row := range r.rows() {
		for part := range slices.Chunk(row, pairsAtOnce) {
			list = list[:0]
			for k, p := range part {
				at := &axes[k]
				*at = [2]float64{output.Unsigned(p.N), output.Unsigned(p.P)}
				list = append(list, pairJSON{
					Anchor: p.Anchor, Candidate: p.Candidate, Positive: p.Positive, S: output.Unsigned(p.S),
					N: unlessNaN(&at[0]), P: unlessNaN(&at[1]), Weight: p.Weight(),
				})
			}
			if !yield(list) {
				return
			}
		}
	}
}

// unlessNaN is output.OrNull without a copy of the number.
func unlessNaN(v *float64) *float64 {
	if math.IsNaN(*v) {
		return nil
	}
	return v
}

func (r *Report) head() headJSON {
	c := r.Choice
	j := headJSON{
		Name: c.Name(), Params: c.Caption(), Formula: describe.Formula(c), Loss: r.Loss,
		Note:    describe.VectorMeansNote(c.Spec.Name, c.Traits()),
		Remarks: append([]string{}, r.Remarks()...),
	}
	for _, side := range r.sides() {
		s := side.stats
		j.Kinds = append(j.Kinds, sideJSON{
			Pair: side.name, Pairs: s.Pairs, Weighted: s.Weighted, Mass: s.Mass,
			Effective: s.Effective, Hardest: s.Hardest, Largest: s.Largest, Force: s.Force,
			Mean: output.OrNull(s.Mean), Low: output.OrNull(s.Low), High: output.OrNull(s.High),
		})
	}
	return j
}
