// Package weigh reports the weight that a loss gives to every pair of one batch.
//
// # Route
//
//   - [ReadBatch] reads a batch from files, and [gpwbench/gpw.Batch] makes one of rows.
//   - [Batch] evaluates a loss on it and returns a [Report].
//   - [Report.Write] prints it as text, JSON, CSV, Markdown or LaTeX. Text and JSON have
//     [Report.Remarks]; the other formats have no place for them, so print them beside.
package weigh

import (
	"errors"
	"io"
	"strconv"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/internal/output"
	"gpwbench/losses"
	"gpwbench/losses/describe"
)

// A Report is a loss on a batch.
type Report struct {
	Choice   losses.Choice
	Weights  *gpw.Weights
	Gradient []float64            // G = ∂L/∂S, row-major, a row for each anchor
	Stats    analysis.WeightStats // of the positive and of the negative pairs
}

// Batch evaluates a loss on a batch in float64. N and P are relative to the other
// negatives and positives as pooling reduces them. The error is that of [gpw.Evaluate],
// of no batch too.
func Batch(c losses.Choice, b *losses.Batch, pooling gpw.Pooling) (*Report, error) {
	value, g, err := gpw.Evaluate(c, b)
	if err != nil {
		return nil, err
	}
	w := gpw.FromGradientPooled(b, g, pooling)
	w.Loss = value
	return &Report{Choice: c, Weights: w, Gradient: g, Stats: analysis.StatsOf(w)}, nil
}

// Remarks returns clauses on what the numbers do not show: what the gradient leaves
// out or holds constant, and what is unusual about the batch. A report that [Batch] did
// not make may have none.
func (r *Report) Remarks() []string {
	if r.check() != nil {
		return nil
	}

	spec := r.Choice.Spec
	var all []string
	if note := describe.VectorMeansNote(spec.Name, r.Choice.Traits()); note != "" {
		all = append(all, note)
	}
	if spec.Held != "" {
		all = append(all, spec.Name+" holds constant in its gradient: "+spec.Held)
	}
	return append(all, analysis.Warnings(r.Weights)...)
}

// Write prints the report as text, json, csv, markdown or latex. Text is a summary with
// the largest weights; csv, markdown and latex have a line for each ordered pair, and
// json has all of it. The error is that of w, or says that it is no report of [Batch].
func (r *Report) Write(w io.Writer, format string) error {
	if err := r.check(); err != nil {
		return err
	}

	switch format {
	case "json":
		return output.JSON(w, r.json(), "")
	case "text":
		return r.text(w)
	}
	return r.grid().Write(w, format)
}

// check refuses a report that lacks its loss, its weights or its gradient.
func (r *Report) check() error {
	if r == nil || r.Choice.Spec == nil || r.Weights == nil || r.Weights.Anchors < 0 {
		return errNoReport
	}
	if m := r.Weights.Anchors; len(r.Gradient)%max(m, 1) != 0 {
		return errNoReport
	}
	return nil
}

var errNoReport = errors.New("weigh: no loss on a batch to report; Batch returns one")

func (r *Report) grid() *output.Grid {
	g := &output.Grid{Header: []string{"anchor", "candidate", "positive", "S", "N", "P", "gradient", "weight"}}
	for _, p := range r.Weights.Pairs {
		g.Add(strconv.Itoa(p.Anchor), strconv.Itoa(p.Candidate), strconv.FormatBool(p.Positive),
			output.Exact(p.S), output.Exact(p.N), output.Exact(p.P), output.Exact(p.G), output.Exact(p.Weight()))
	}
	return g
}

// sides returns the statistics of the positive pairs, then of the negative ones.
func (r *Report) sides() []side {
	return []side{{"positive", true, r.Stats.Positive}, {"negative", false, r.Stats.Negative}}
}

type side struct {
	name     string
	positive bool
	stats    analysis.SideStats
}
