package retrieval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A Sample says that the queries of [Scores] were drawn from more, each set of so many
// with the same probability.
type Sample struct {
	Of   int    // the queries that they were drawn from
	Seed uint64 // chooses them
}

// SampleOf draws n of so many rows, ascending. All of them are n or fewer.
func SampleOf(n, of int, seed uint64) []int {
	rows := make([]int, of)
	for i := range rows {
		rows[i] = i
	}
	n = max(0, min(n, of))
	rng := rand.New(rand.NewPCG(seed, 0x73616d706c65))
	for i := range n {
		k := i + rng.IntN(of-i)
		rows[i], rows[k] = rows[k], rows[i]
	}
	drawn := slices.Clip(rows[:n])
	slices.Sort(drawn)
	return drawn
}

// RecallInterval contains [Scores.Recall] of all queries in 95 of 100 samples. Like the
// other intervals it is the mean alone where the queries are no sample.
func (s *Scores) RecallInterval(k int) (low, high float64) {
	s = s.orNone()
	return s.interval(func(i int) float64 { return indicator(int(s.Above[i]) < k) })
}

// MAPAtRInterval contains [Scores.MAPAtR], expected over ties, of all queries in 95 of
// 100 samples. It is NaN unless Options.MAPAtR was set.
func (s *Scores) MAPAtRInterval() (low, high float64) { return s.rangeInterval(s.orNone().AP) }

// RPrecisionInterval is that of [Scores.RPrecision].
func (s *Scores) RPrecisionInterval() (low, high float64) { return s.rangeInterval(s.orNone().RP) }

func (s *Scores) rangeInterval(of []Range) (low, high float64) {
	if len(of) == 0 {
		return math.NaN(), math.NaN()
	}
	return s.interval(func(i int) float64 { return of[i].Expected })
}

// normal95 is the quantile of the normal distribution for 95 %.
const normal95 = 1.959963984540054

// interval is Wilson's score interval of a mean of values between 0 and 1 (Wilson, JASA
// 22, 1927). For a share m of n queries it is that of n; values between 0 and 1 have a
// variance v below m·(1 − m), and count as n·m·(1 − m)/v. Drawn without replacement from
// N, they count N/(N − n) times (Cochran, Sampling Techniques, section 2.6). A share of 0
// or 1 has an interval of some width.
func (s *Scores) interval(value func(query int) float64) (low, high float64) {
	m, n := s.mean(value), float64(len(s.Above))
	if s.Sample == nil || n >= float64(s.Sample.Of) || m != m {
		return m, m
	}
	v := s.mean(func(i int) float64 { return (value(i) - m) * (value(i) - m) })
	counted := float64(len(s.Above)-s.WithoutPositives) / (1 - n/float64(s.Sample.Of))
	if v > 0 {
		counted *= max(1, m*(1-m)/v)
	}

	z := normal95 * normal95 / counted
	middle := (m + z/2) / (1 + z)
	half := normal95 * math.Sqrt(m*(1-m)/counted+z/4/counted) / (1 + z)
	return max(0, min(m, middle-half)), min(1, max(m, middle+half))
}
