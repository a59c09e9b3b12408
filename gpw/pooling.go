package gpw

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Pooling says how the similarities of an anchor's other negatives, or positives,
// become the one that N, or P, compares with. Wang et al., CVPR 2019, compare pair by
// pair only, so every figure and every table names it. The zero value is the mean.
//
// At a Scale τ > 0 it is the log-sum-exp of τ·s over their number, divided by τ. Of
// negatives it is log(mean exp(τ·s))/τ, a soft maximum. Of positives it is −log(mean
// exp(−τ·s))/τ, a soft minimum. Those are the sums in which losses compare (eqs. 7, 8,
// 13 and 14), where the hard negatives and the hard positives count most. So the weight
// of a loss of that scale is a function of N, or of P, alone.
//
// Of equal similarities either is that similarity, as the mean is, and it moves with
// them when all move. The axes of two poolings therefore compare. Small τ approach the
// mean; large τ approach the hardest pair, with which the mining of Multi-Similarity
// compares.
type Pooling struct{ Scale float64 }

// defaultScale is the scale of a log-sum-exp that names none: β of the official
// Multi-Similarity.
const defaultScale = 40

const logSumExp = "log_sum_exp"

// ParsePooling reads what String writes: mean, log_sum_exp, or log_sum_exp:SCALE.
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

// An anchorSide is the similarities of one anchor's positives or negatives. Pooled, an
// empty one is NaN.
type anchorSide struct {
	s     []float64
	scale float64 // below 0: a soft minimum
	top   int     // where the hardest is
	sum   float64 // of s, or of exp(scale·(s − s[top]))
}

// exponentials sums exp(scale·(s − hardest)) over all but one, the hardest being the
// hardest of those.
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

// all pools all of them.
func (q anchorSide) all() float64 { return q.over(q.sum, len(q.s), -1) }

// without pools all but the k-th. If that is not the hardest, subtraction loses nothing;
// if it is, the sum is formed again.
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
