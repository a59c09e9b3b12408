package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/losses"
)

// heaviest is how many pairs of each kind the text shows.
const heaviest = 5

// weightsText says for people what the loss does to the batch.
func weightsText(to writer, c losses.Choice, w *gpw.Weights) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nL = %.9g on %s\n", heading(c), w.Loss, counted(w.Anchors, "sample"))
	for _, remark := range weighRemarks(c, w) {
		fmt.Fprintln(&b, remark)
	}
	moment := analysis.StatsOf(w)
	for _, positive := range []bool{true, false} {
		name, kind := "negative", moment.Negative
		if positive {
			name, kind = "positive", moment.Positive
		}
		pairs := make([]gpw.Pair, 0, kind.Pairs)
		for _, p := range w.Pairs {
			if p.Positive == positive {
				pairs = append(pairs, p)
			}
		}
		kept := kind.Weighted
		fmt.Fprintf(&b, "\n%d %s pairs, %d with weight, Σw = %.4g\n", kind.Pairs, name, kept, kind.Mass)
		if kind.Pairs > 0 {
			fmt.Fprintf(&b, "  S from %.4f to %.4f, mean %.4f", kind.Low, kind.High, kind.Mean)
			if kept > 0 {
				fmt.Fprintf(&b, "; weight as of %.1f even pairs, %.0f %% with the hardest 1 %%; force Σw√(1−S²) = %.4g", kind.Effective, 100*kind.Hardest, kind.Force)
			}
			fmt.Fprintln(&b)
		}
		slices.SortStableFunc(pairs, func(p, q gpw.Pair) int {
			switch {
			case p.Weight() > q.Weight():
				return -1
			case p.Weight() < q.Weight():
				return 1
			}
			return 0
		})
		g := &grid{header: []string{"  anchor", "candidate", "S", "N (" + w.Pooling.String() + ")", "P (" + w.Pooling.String() + ")", "w"}}
		for _, p := range pairs[:min(kept, heaviest)] {
			g.add(fmt.Sprintf("  %d", p.Anchor), strconv.Itoa(p.Candidate), short(p.S), short(p.N), short(p.P), fmt.Sprintf("%.4g", p.Weight()))
		}
		if len(g.rows) == 0 {
			continue
		}
		if err := g.write(&b, "text"); err != nil {
			return err
		}
		if kept > heaviest {
			fmt.Fprintf(&b, "  … %d more; --format csv lists every pair\n", kept-heaviest)
		}
	}
	_, err := to.Write([]byte(b.String()))
	return err
}

// weighRemarks are what every format of weigh tells beside the numbers.
func weighRemarks(c losses.Choice, w *gpw.Weights) []string {
	var all []string
	if note := vectorsNote(c.Spec.Name, c.Traits()); note != "" {
		all = append(all, note)
	}
	if c.Spec.Held != "" {
		all = append(all, c.Spec.Name+" holds constant in its gradient: "+c.Spec.Held)
	}
	return append(all, analysis.Warnings(w)...)
}

// counted writes a number with what it counts: "1 sample", "2 samples".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

func short(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.4f", v)
}
