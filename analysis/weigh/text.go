package weigh

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gpwbench/gpw"
	"gpwbench/internal/output"
	"gpwbench/losses/describe"
)

// shownPairs is the number of pairs of each side that the text lists.
const shownPairs = 5

func (r *Report) text(to io.Writer) error {
	var b strings.Builder
	samples := "samples"
	if r.Weights.Anchors == 1 {
		samples = "sample"
	}
	fmt.Fprintf(&b, "%s\nL = %.9g on %d %s\n", describe.Heading(r.Choice), r.Weights.Loss, r.Weights.Anchors, samples)
	for _, remark := range r.Remarks() {
		fmt.Fprintln(&b, remark)
	}

	for _, side := range r.sides() {
		if err := r.sideText(&b, side); err != nil {
			return err
		}
	}
	_, err := to.Write([]byte(b.String()))
	return err
}

// sideText writes the statistics of a side, and its pairs of the largest weights.
func (r *Report) sideText(b *strings.Builder, side side) error {
	s := side.stats
	fmt.Fprintf(b, "\n%d %s pairs, %d with weight, Σw = %.4g\n", s.Pairs, side.name, s.Weighted, s.Mass)
	if s.Pairs > 0 {
		fmt.Fprintf(b, "  S from %.4f to %.4f, mean %.4f", s.Low, s.High, s.Mean)
		if s.Weighted > 0 {
			fmt.Fprintf(b, "; weight as of %.1f even pairs, %.0f %% with the hardest 1 %%; force Σw√(1−S²) = %.4g",
				s.Effective, 100*s.Hardest, s.Force)
		}
		fmt.Fprintln(b)
	}
	if s.Weighted == 0 {
		return nil
	}

	pooling := " (" + r.Weights.Pooling.String() + ")"
	g := &output.Grid{Header: []string{"  anchor", "candidate", "S", "N" + pooling, "P" + pooling, "w"}}
	for _, p := range r.heaviest(side)[:min(s.Weighted, shownPairs)] {
		g.Add(fmt.Sprintf("  %d", p.Anchor), strconv.Itoa(p.Candidate), short(p.S), short(p.N), short(p.P),
			fmt.Sprintf("%.4g", p.Weight()))
	}
	if err := g.Write(b, "text"); err != nil {
		return err
	}
	if s.Weighted > shownPairs {
		fmt.Fprintf(b, "  … %d more; --format csv lists every pair\n", s.Weighted-shownPairs)
	}
	return nil
}

// heaviest returns the pairs of a side by falling weight.
func (r *Report) heaviest(side side) []gpw.Pair {
	pairs := make([]gpw.Pair, 0, side.stats.Pairs)
	for _, p := range r.Weights.Pairs {
		if p.Positive == side.positive {
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(p, q gpw.Pair) int { return cmp.Compare(q.Weight(), p.Weight()) })
	return pairs
}

func short(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.4f", v)
}
