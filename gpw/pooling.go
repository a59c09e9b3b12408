package gpw

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Pooling combines the similarities of an anchor's other negatives, or positives, into
// the one that N, or P, compares with. Wang et al., CVPR 2019, compare pair by pair only,
// so every figure and every table names the pooling. The zero value is the mean.
//
// A Scale τ > 0 selects the log-sum-exp of τ·s over their number, divided by τ. For
// negatives it is log(mean exp(τ·s))/τ, a soft maximum. For positives it is −log(mean
// exp(−τ·s))/τ, a soft minimum. Losses compare by these sums (eqs. 7, 8, 13 and 14), in
// which the hard negatives and the hard positives count most. So the weight of a loss of
// that scale is a function of N, or of P, alone.
//
// For equal similarities both equal that similarity, as the mean does, and both shift by
// as much as all similarities do. So the axes of two poolings can be compared. Small τ
// approach the mean. Large τ approach the hardest pair, with which the miner of
// Multi-Similarity compares.
type Pooling struct{ Scale float64 }

// defaultScale is the scale of a log-sum-exp without a given one: β of the official
// Multi-Similarity.
const defaultScale = 40

const logSumExp = "log_sum_exp"

// ParsePooling reads the result of String: mean, log_sum_exp, or log_sum_exp:SCALE.
func ParsePooling(text string) (Pooling, error) {
	name, number, scaled := strings.Cut(text, ":")
	switch {
	case name == "mean" && !scaled:
		return Pooling{}, nil
	case name == logSumExp && !scaled:
		return Pooling{defaultScale}, nil

	case name == logSumExp:
		scale, err := strconv.ParseFloat(number, 64)
		if err != nil || !(scale > 0) || math.IsInf(scale, 1) {
			return Pooling{}, fmt.Errorf("the scale %q of %s is not a number above 0; an example is %s:%v", number, logSumExp, logSumExp, defaultScale)
		}
		return Pooling{scale}, nil
	}

	return Pooling{}, fmt.Errorf("unknown pooling %q; known: mean, %s, %s:SCALE", text, logSumExp, logSumExp)
}

func (p Pooling) String() string {
	if p.Scale == 0 {
		return "mean"
	}
	return logSumExp + ":" + strconv.FormatFloat(p.Scale, 'g', -1, 64)
}

// side collects the similarities of one anchor's positives or negatives.
func (p Pooling) side(s []float64, positive bool) anchorSide {
	q := anchorSide{s: s, scale: p.Scale, top: -1}
	if positive {
		q.scale = -p.Scale
	}
	if q.scale == 0 {
		for _, v := range s {
			q.sum += v
		}
		return q
	}

	for k, v := range s {
		if q.top < 0 || q.scale*v > q.scale*s[q.top] {
			q.top = k
		}
	}

	q.sum = q.exponentials(-1)
	return q
}

// An anchorSide has the similarities of one anchor's positives or negatives. The pooled
// value of none is NaN.
type anchorSide struct {
	s     []float64
	scale float64 // negative for a soft minimum
	top   int     // index of the hardest
	sum   float64 // of s, or of exp(scale·(s − s[top]))
}

// exponentials sums exp(scale·(s − hardest)) over all but one, where hardest is the
// hardest of these.
func (q anchorSide) exponentials(but int) float64 {
	hardest, sum := q.hardest(but), 0.0
	for k, v := range q.s {
		if k != but {
			sum += math.Exp(q.scale * (v - hardest))
		}
	}
	return sum
}

func (q anchorSide) hardest(but int) float64 {
	if but != q.top {
		return q.s[q.top]
	}
	hardest := math.NaN()
	for k, v := range q.s {
		if k != but && !(q.scale*v <= q.scale*hardest) {
			hardest = v
		}
	}
	return hardest
}

// all returns the pooled value of all of them.
func (q anchorSide) all() float64 { return q.over(q.sum, len(q.s), -1) }

// without returns the pooled value of all but the k-th. If that is not the hardest,
// subtraction loses no digits; otherwise the sum is computed again.
func (q anchorSide) without(k int) float64 {
	switch {
	case len(q.s) == 1:
		return math.NaN()
	case q.scale == 0:
		return q.over(q.sum-q.s[k], len(q.s)-1, k)
	case k == q.top:
		return q.over(q.exponentials(k), len(q.s)-1, k)
	}
	return q.over(q.sum-math.Exp(q.scale*(q.s[k]-q.s[q.top])), len(q.s)-1, k)
}

func (q anchorSide) over(sum float64, n, but int) float64 {
	switch {
	case n == 0:
		return math.NaN()
	case q.scale == 0:
		return sum / float64(n)
	}
	return q.hardest(but) + math.Log(sum/float64(n))/q.scale
}
