package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// Angular bounds the angle at the negative in every triangle of a positive pair and a
// negative. It is a mean over positive pairs:
//
//	L = (1/|P|) Σ_{(a,p)} log(1 + Σ_n e^{4t (S_an + S_pn) − 2(1+t) S_ap}),  t = tan² α
//
// The source is Wang et al., ICCV 2017. The gradient by S_pn is in the row of the
// positive. A positive pair without negatives has the value 0 and counts in |P|.
// pytorch-metric-learning has the same loss on unit vectors. It does not normalise the
// negatives of other vectors, and it ignores negatives that a miner has chosen.
//
// Every exponential is a factor of the anchor times a factor of the positive, so the sums
// of a class are a product of matrices. That takes m exponentials for each anchor and one
// multiplication for each triplet. A sum over n that depends on both a and p needs these
// multiplications.
type Angular struct {
	Alpha float64 `yaml:"alpha" sym:"α" in:"(0,89]" doc:"bound of the angle, in degrees"`
}

// Eval implements [Loss].
func (l Angular) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	CheckSquare(b, "the angular loss")
	clear(g)

	m := b.m
	pairs := b.squarePositives()
	if pairs == 0 {
		return 0
	}

	tan := math.Tan(l.Alpha * math.Pi / 180)
	t := tan * tan
	sum := angularSum{b: b, g: g, scaleNeg: 4 * t, scalePos: 2 * (1 + t), perPair: 1 / float64(pairs)}

	for from := 0; from < m; {
		to := b.to[b.order[from]]
		if to-from < m && to-from > 1 {
			sum.class(from, to)
		}
		from = to
	}
	return sum.value
}

type angularSum struct {
	b                           *Batch
	g                           []float64
	value                       float64
	scaleNeg, scalePos, perPair float64
}

// class adds the pairs of the class order[from:to]. The sum over negatives of products
// of two exponentials, for all pairs of the class, is a product of matrices.
func (l *angularSum) class(from, to int) {
	b, m := l.b, l.b.m
	k, n := to-from, m-(to-from)
	memory := b.Scratch(k*n + k*k + k + 2*n)
	e, memory := split(memory, k*n) // e^{4t (S_an − top)}
	z, memory := split(memory, k*k)
	tops, memory := split(memory, k)
	row, logits := split(memory, n)

	own := b.order[from:to]
	for x, i := range own {
		neg := e[x*n : (x+1)*n]
		b.gather(neg[:from], b.s[i*m:(i+1)*m], 0)
		b.gather(neg[from:], b.s[i*m:(i+1)*m], to)
		tops[x] = f64.Max(neg)
		f64.Exp(neg, Scaled(neg, neg, l.scaleNeg, tops[x]))
	}
	products(z, e, k, n)

	// From here z holds the weight of E_an·E_pn in the gradients of every two members. It
	// is the sum over both orders of the pair.
	for x, i := range own {
		for y, p := range own[:x] {
			all := z[x*k+y]
			weight := 0.0
			if all > leastProduct {
				push := math.Log(all) + l.scaleNeg*(tops[x]+tops[y])
				weight = (l.pair(i, p, push) + l.pair(p, i, push)) / all
			} else {
				l.apart(i, p, logits)
			}
			z[x*k+y], z[y*k+x] = weight, weight
		}
		z[x*k+x] = 0
	}
	for x, i := range own {
		combine(row, z[x*k:(x+1)*k], e)
		f64.Multiply(row, e[x*n:(x+1)*n])
		b.AddNegatives(i, row, l.g, l.perPair*l.scaleNeg)
	}
}

// leastProduct is the bound above which a sum of products has lost nothing to underflow.
const leastProduct = 1e-250

// pair adds the value of a positive pair, whose negatives have the log-sum-exp push,
// and returns the share of the negatives.
func (l *angularSum) pair(i, p int, push float64) (share float64) {
	value, share := SoftplusSlope(push - l.scalePos*l.b.s[i*l.b.m+p])
	l.value += l.perPair * value
	l.g[i*l.b.m+p] -= l.perPair * l.scalePos * share
	return share
}

// apart adds both orders of a pair of members whose products of exponentials underflow,
// because no negative is near both.
func (l *angularSum) apart(i, p int, logits []float64) {
	b, m := l.b, l.b.m
	for j := range logits {
		n := b.NegativeColumn(i, j)
		logits[j] = l.scaleNeg * (b.s[i*m+n] + b.s[p*m+n])
	}

	push := LogSumExp(logits)
	shares := l.pair(i, p, push) + l.pair(p, i, push)

	for j, share := range logits {
		w := l.perPair * l.scaleNeg * shares * share
		n := b.NegativeColumn(i, j)
		l.g[i*m+n] += w
		l.g[p*m+n] += w
	}
}

var angular = Spec{
	Name:     "angular",
	Title:    "Angular",
	Cite:     "Wang et al., ICCV 2017",
	Year:     2017,
	Family:   Tuples,
	Formula:  "L = (1/|P|) Σ_{(a,p)} log(1 + Σ_n e^{4t (S_an + S_pn) − 2(1+t) S_ap}), t = tan² α",
	Relation: Square,
	Traits:   BatchCoupled,
	Revision: 2,
	Presets: []Preset{
		{Name: "pml", Source: "pytorch-metric-learning's default: 40 degrees", Code: codePML,
			Departs: "the library does not normalise the negatives of raw vectors, which changes value and gradient, and ignores mined ones; here all vectors are unit and a miner chooses",
			Form:    "losses.Angular", Value: Angular{Alpha: 40}, Oracle: "golden angular"},
	},
}
