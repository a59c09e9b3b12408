package weigh

import (
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
	if r.Batch.Anchors() == 1 {
		samples = "sample"
	}
	fmt.Fprintf(&b, "%s\nL = %.9g on %d %s\n", describe.Heading(r.Choice), r.Loss, r.Batch.Anchors(), samples)
	for _, remark := range r.Remarks() {
		fmt.Fprintln(&b, remark)
	}

	heaviest := r.heaviest()
	for _, side := range r.sides() {
		if err := r.sideText(&b, side, heaviest[side.positive]); err != nil {
			return err
		}
	}
	_, err := to.Write([]byte(b.String()))
	return err
}

// sideText writes the statistics of a side, and its pairs of the largest weights.
func (r *Report) sideText(b *strings.Builder, side side, heaviest []gpw.Pair) error {
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

	pooling := " (" + r.Pooling.String() + ")"
	g := &output.Grid{Header: []string{"  anchor", "candidate", "S", "N" + pooling, "P" + pooling, "w"}}
	for _, p := range heaviest[:min(s.Weighted, shownPairs)] {
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

// heaviest returns the shownPairs pairs of largest weight of the positives (true) and of
// the negatives, by falling weight. Of equal ones the first in the batch comes first.
func (r *Report) heaviest() map[bool][]gpw.Pair {
	var positives, negatives []gpw.Pair
	for row := range r.rows() {
		for _, p := range row {
			if p.Positive {
				positives = insert(positives, p)
			} else {
				negatives = insert(negatives, p)
			}
		}
	}
	return map[bool][]gpw.Pair{true: positives, false: negatives}
}

// insert puts p behind the pairs that weigh as much, or leaves it out where shownPairs
// do.
func insert(heaviest []gpw.Pair, p gpw.Pair) []gpw.Pair {
	if n := len(heaviest); n == shownPairs {
		if p.Weight() <= heaviest[n-1].Weight() {
			return heaviest
		}
		heaviest = heaviest[:n-1]
	}
	at := len(heaviest)
	for at > 0 && heaviest[at-1].Weight() < p.Weight() {
		at--
	}
	return slices.Insert(heaviest, at, p)
}

func short(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.4f", v)
}
