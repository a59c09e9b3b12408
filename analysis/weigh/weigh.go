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
	"iter"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/internal/output"
	"gpwbench/losses"
	"gpwbench/losses/describe"
)

// A Report is a loss on a batch.
type Report struct {
	Choice   losses.Choice
	Batch    *losses.Batch
	Loss     float64
	Gradient []float64   // G = ∂L/∂S, row-major, a row for each anchor
	Pooling  gpw.Pooling // of N and P
	Stats    analysis.BatchStats
}

// Batch evaluates a loss on a batch in float64. N and P are relative to the other
// negatives and positives as pooling reduces them. The error is that of [gpw.Evaluate],
// of no batch too.
func Batch(c losses.Choice, b *losses.Batch, pooling gpw.Pooling) (*Report, error) {
	value, g, err := gpw.Evaluate(c, b)
	if err != nil {
		return nil, err
	}
	stats := analysis.StatsOf(b, g)
	stats.Loss = value
	return &Report{Choice: c, Batch: b, Loss: value, Gradient: g, Pooling: pooling, Stats: stats}, nil
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
	return append(all, r.Stats.Warnings()...)
}

// Write prints the report as text, json, csv, markdown or latex. Text is a summary with
// the largest weights; csv, markdown and latex have a line for each ordered pair, and
// json has all of it. The pairs are computed while they are written, one anchor after the
// other, so the memory is that of S and G. The error is that of w, or of an unknown
// format, or says that it is no report of [Batch].
func (r *Report) Write(w io.Writer, format string) error {
	if err := r.check(); err != nil {
		return err
	}

	switch format {
	case "json":
		return r.json(w)
	case "text":
		return r.text(w)
	}
	return r.lines(w, format)
}

// check refuses a report that lacks its loss, its weights or its gradient.
func (r *Report) check() error {
	if r == nil || r.Choice.Spec == nil || r.Batch == nil || len(r.Gradient) != r.Batch.Anchors()*r.Batch.Candidates() {
		return errNoReport
	}
	return nil
}

var errNoReport = errors.New("weigh: no loss on a batch to report; Batch returns one")

// rows are the pairs of each anchor.
func (r *Report) rows() iter.Seq[[]gpw.Pair] { return gpw.PairRows(r.Batch, r.Gradient, r.Pooling) }

// lines writes a line for each pair.
func (r *Report) lines(w io.Writer, format string) error {
	l, err := output.NewLines(w, format, []string{"anchor", "candidate", "positive", "S", "N", "P", "gradient", "weight"}, nil)
	if err != nil {
		return err
	}

	for pairs := range r.rows() {
		for _, p := range pairs {
			l.Int(p.Anchor)
			l.Int(p.Candidate)
			l.Bool(p.Positive)
			l.Float(p.S)
			l.Float(p.N)
			l.Float(p.P)
			l.Float(p.G)
			l.Float(p.Weight())
		}
		if err := l.Err(); err != nil {
			return err
		}
	}
	return l.Close()
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
