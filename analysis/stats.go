package analysis

import (
	"fmt"
	"math"
)

// WeightStats summarise the weights w = |∂L/∂S| of one training step, for the positive
// and the negative pairs apart. Pairs are ordered: in a batch compared with itself two
// samples make two pairs, which share one similarity and need not share one weight.
type WeightStats struct {
	Step               int // steps done before this one
	Loss               float64
	Positive, Negative SideStats
}

// SideStats summarise the positive or the negative pairs of a step.
type SideStats struct {
	Pairs    int
	Weighted int // pairs whose weight is not 0

	// Mass is Σw. Losses are means over the anchors, so this is the weight of an anchor's
	// pairs, on average.
	Mass float64

	// Effective, Hardest and Largest say how the mass is divided. They are 0 without
	// mass.
	//
	// Effective is the number of pairs that would divide it evenly with the same
	// entropy: exp(−Σ p·ln p) with p = w/Σw, at least 1. Hardest is the share of the
	// hardest 1 % of the pairs, which are the positives of lowest S and the negatives of
	// highest S. Largest is the largest share of one pair.
	Effective, Hardest, Largest float64

	// Force is Σ w·√(1−S²). A pair pulls an embedding along the sphere with the part of
	// its weight that is tangential there.
	Force float64

	// Mean, Low and High are of the similarities S. They are NaN without pairs.
	Mean, Low, High float64
}

// StepPairs are what one step compared. S holds the m×n similarities of anchors to
// candidates and G the gradient of the loss, both row-major. Anchors and Candidates hold
// the classes of the rows and of the columns, and Self the column in which each anchor
// meets itself.
//
// The candidates are the batch, a memory bank or proxies. A nil Self says that no
// candidate is an anchor.
type StepPairs struct {
	S, G                      []float64
	Anchors, Candidates, Self []int
}

// A StatsCollector takes the statistics of steps. It keeps its memory from one step to
// the next. One goroutine may use it at a time; the zero value is ready.
type StatsCollector struct {
	positive, negative sideCollector
}

// Collect returns the statistics of a step; Step and Loss are left to the caller. It
// takes time in proportion to the pairs, and no memory once it has seen as many. It
// panics if the shapes do not fit.
func (m *StatsCollector) Collect(p StepPairs) WeightStats {
	rows, columns := len(p.Anchors), len(p.Candidates)
	if len(p.S) != rows*columns || len(p.G) != len(p.S) || p.Self != nil && len(p.Self) != rows {
		panic(fmt.Sprintf("analysis: %d similarities, %d gradients and %d selves for %d anchors and %d candidates",
			len(p.S), len(p.G), len(p.Self), rows, columns))
	}

	m.positive.reset(len(p.S), -1)
	m.negative.reset(len(p.S), 1)
	for i, class := range p.Anchors {
		self := -1
		if p.Self != nil {
			self = p.Self[i]
		}

		m.addRow(p.S[i*columns:(i+1)*columns], p.G[i*columns:(i+1)*columns], p.Candidates, class, self)
	}

	return WeightStats{Positive: m.positive.stats(), Negative: m.negative.stats()}
}

// addRow takes the pairs of one anchor, in runs of candidates that are all positive or
// all negative.
func (m *StatsCollector) addRow(s, g []float64, candidates []int, class, self int) {
	for from := 0; from < len(s); {
		to, positive := from+1, candidates[from] == class
		for to < len(s) && (candidates[to] == class) == positive {
			to++
		}

		switch {
		case !positive:
			m.negative.add(s[from:to], g[from:to])
		case from <= self && self < to:
			m.positive.add(s[from:self], g[from:self])
			m.positive.add(s[self+1:to], g[self+1:to])
		default:
			m.positive.add(s[from:to], g[from:to])
		}

		from = to
	}
}

// A sideCollector adds up the positive or the negative pairs.
type sideCollector struct {
	SideStats
	sum      float64 // ΣS
	entropy  float64 // Σ w·ln w
	heaviest float64 // largest w
	hard     hardestPairs
	sign     float64 // of S in the hardness of a pair
}

// reset makes t ready for at most n pairs.
func (t *sideCollector) reset(n int, sign float64) {
	*t = sideCollector{hard: t.hard, sign: sign, SideStats: SideStats{Low: math.Inf(1), High: math.Inf(-1)}}
	t.hard.reset(hardestCount(n))
}

// add takes pairs with their gradients. Its sums are local variables, so that they stay
// in registers.
func (t *sideCollector) add(s, g []float64) {
	g = g[:len(s)]
	low, high, sum := t.Low, t.High, 0.0
	weighted, heaviest, mass, force, entropy := 0, t.heaviest, 0.0, 0.0, 0.0
	sign, bound := t.sign, t.hard.bound

	for k, v := range s {
		sum += v
		if v < low {
			low = v
		}
		if v > high {
			high = v
		}

		w := math.Abs(g[k])
		if hardness := sign * v; hardness >= bound {
			t.hard.add(hardness, w)
			bound = t.hard.bound
		}
		if w == 0 {
			continue
		}

		weighted++
		mass += w

		entropy += w * ln(w)               // of a subnormal weight, nothing that counts
		if square := 1 - v*v; square > 0 { // rounding may put S above 1
			force += w * math.Sqrt(square)
		}
		if w > heaviest {
			heaviest = w
		}
	}

	t.Pairs += len(s)
	t.Low, t.High, t.sum = low, high, t.sum+sum
	t.Weighted, t.heaviest = t.Weighted+weighted, heaviest
	t.Mass, t.Force, t.entropy = t.Mass+mass, t.Force+force, t.entropy+entropy
}

// stats ends the sums. No pair may be added after it.
func (t *sideCollector) stats() SideStats {
	k := t.SideStats
	if k.Pairs == 0 {
		k.Mean, k.Low, k.High = math.NaN(), math.NaN(), math.NaN()
		return k
	}

	k.Mean = t.sum / float64(k.Pairs)
	if k.Mass > 0 {
		k.Effective = max(1, math.Exp(math.Log(k.Mass)-t.entropy/k.Mass))
		k.Hardest = min(1, t.hard.mass(hardestCount(k.Pairs))/k.Mass)
		k.Largest = t.heaviest / k.Mass
	}

	return k
}

// Mass is the weight of all pairs.
func (m WeightStats) Mass() float64 { return m.Positive.Mass + m.Negative.Mass }

// Side returns the statistics of the positive or of the negative pairs.
func (m WeightStats) Side(positive bool) SideStats {
	if positive {
		return m.Positive
	}
	return m.Negative
}

// Effective is the effective number of the positive and negative pairs together, as
// [SideStats] has it of either; 0 if none has weight.
func (m WeightStats) Effective() float64 {
	total, entropy := m.Mass(), 0.0
	if total == 0 {
		return 0
	}

	for _, k := range []SideStats{m.Positive, m.Negative} {
		if k.Mass > 0 {
			share := k.Mass / total
			entropy += share * (math.Log(k.Effective) - math.Log(share))
		}
	}

	return math.Exp(entropy)
}

// Largest is the largest share of one pair in the weight of all pairs; 0 if none has
// weight.
func (m WeightStats) Largest() float64 {
	if m.Mass() == 0 {
		return 0
	}
	return max(m.Positive.Largest*m.Positive.Mass, m.Negative.Largest*m.Negative.Mass) / m.Mass()
}
