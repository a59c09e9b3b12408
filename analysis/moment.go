package analysis

import (
	"fmt"
	"math"

	"gpwbench/gpw"
)

// A Moment is what the weights w = |∂L/∂S| of one training step come to, for the positive and the negative pairs apart. Pairs are
// ordered: in a batch compared with itself two samples make two, which share one similarity and need not share one weight.
type Moment struct {
	Step               int // steps done before this one
	Loss               float64
	Positive, Negative Kind
}

// A Kind is what the pairs of one kind come to.
type Kind struct {
	Pairs    int
	Weighted int     // pairs whose weight is not 0
	Mass     float64 // Σw. Losses are means over the anchors, so this is the weight of an anchor's pairs, on average

	// How the mass is divided; 0 where there is none.
	Effective float64 // number of pairs that would divide it evenly with the same entropy: exp(−Σ p·ln p), p = w/Σw; at least 1
	Hardest   float64 // share of the hardest 1 % of the pairs: the positives of lowest S, the negatives of highest S
	Largest   float64 // largest share of one pair

	Force float64 // Σ w·√(1−S²): a pair pulls an embedding along the sphere with the part of its weight that is tangential there

	Mean, Low, High float64 // of the similarities S; NaN where there are no pairs
}

// Pairs are what one step compared: the m×n similarities S of anchors to candidates and the gradient G of the loss, both row-major, the classes of
// the rows and of the columns, and in which column each anchor meets itself. The candidates are the batch, a memory bank or proxies; a nil Self
// says that no candidate is an anchor.
type Pairs struct {
	S, G                      []float64
	Anchors, Candidates, Self []int
}

// A Gauge takes the moments of steps. It keeps its memory from one to the next, and one goroutine may use it at a time.
type Gauge struct {
	positive, negative tally
}

// Moment returns what the weights come to. It takes time in proportion to the pairs and, once it has seen as many, no memory. It panics where
// the shapes do not fit.
func (m *Gauge) Moment(p Pairs) Moment {
	rows, columns := len(p.Anchors), len(p.Candidates)
	if len(p.S) != rows*columns || len(p.G) != len(p.S) || p.Self != nil && len(p.Self) != rows {
		panic(fmt.Sprintf("analysis: %d similarities, %d gradients and %d selves for %d anchors and %d candidates", len(p.S), len(p.G), len(p.Self), rows, columns))
	}
	m.positive.reset(len(p.S), -1)
	m.negative.reset(len(p.S), 1)
	for i, class := range p.Anchors {
		s, g := p.S[i*columns:(i+1)*columns], p.G[i*columns:(i+1)*columns]
		self := -1
		if p.Self != nil {
			self = p.Self[i]
		}
		for from := 0; from < columns; {
			to, positive := from+1, p.Candidates[from] == class
			for to < columns && (p.Candidates[to] == class) == positive {
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
	return Moment{Positive: m.positive.kind(), Negative: m.negative.kind()}
}

// MomentOf returns the moment of weights that are read already; its step is 0.
func MomentOf(w *gpw.Weights) Moment {
	var m Gauge
	m.positive.reset(len(w.Pairs), -1)
	m.negative.reset(len(w.Pairs), 1)
	for _, p := range w.Pairs {
		t := &m.negative
		if p.Positive {
			t = &m.positive
		}
		t.add([]float64{p.S}, []float64{p.G})
	}
	return Moment{Loss: w.Loss, Positive: m.positive.kind(), Negative: m.negative.kind()}
}

// A tally adds up the pairs of one kind.
type tally struct {
	Kind
	sum      float64 // ΣS
	entropy  float64 // Σ w·ln w
	heaviest float64 // largest w
	hard     hardestPairs
	sign     float64 // of S in the hardness of a pair
}

// reset makes t ready for at most n pairs.
func (t *tally) reset(n int, sign float64) {
	*t = tally{hard: t.hard, sign: sign, Kind: Kind{Low: math.Inf(1), High: math.Inf(-1)}}
	t.hard.reset(hardestOf(n))
}

// add takes pairs with their gradients. What it adds up are variables of its own, so that they stay in registers.
func (t *tally) add(s, g []float64) {
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

func (t *tally) kind() Kind {
	k := t.Kind
	if k.Pairs == 0 {
		k.Mean, k.Low, k.High = math.NaN(), math.NaN(), math.NaN()
		return k
	}
	k.Mean = t.sum / float64(k.Pairs)
	if k.Mass > 0 {
		k.Effective = max(1, math.Exp(math.Log(k.Mass)-t.entropy/k.Mass))
		k.Hardest = min(1, t.hard.mass(hardestOf(k.Pairs))/k.Mass)
		k.Largest = t.heaviest / k.Mass
	}
	return k
}

// Mass is the weight of all pairs.
func (m Moment) Mass() float64 { return m.Positive.Mass + m.Negative.Mass }

// Effective is the effective number of the pairs of both kinds together, 0 where none has weight. See [Kind].
func (m Moment) Effective() float64 {
	total, entropy := m.Mass(), 0.0
	if total == 0 {
		return 0
	}
	for _, k := range []Kind{m.Positive, m.Negative} {
		if k.Mass > 0 {
			share := k.Mass / total
			entropy += share * (math.Log(k.Effective) - math.Log(share))
		}
	}
	return math.Exp(entropy)
}

// Largest is the largest share of one pair in the weight of both kinds, 0 where none has weight.
func (m Moment) Largest() float64 {
	if m.Mass() == 0 {
		return 0
	}
	return max(m.Positive.Largest*m.Positive.Mass, m.Negative.Largest*m.Negative.Mass) / m.Mass()
}
