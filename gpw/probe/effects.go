package probe

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// Effects are the shares of the variance of a pair's weight that each part explains, when
// S, N, P and X are drawn independently. Drawn are the pair's own similarity c, the
// differences u_k = c − S_ik to the other negatives and v_p = c − S_ip to the other
// positives, and the other rows. Since c alone shifts the whole row, its total index is 0
// exactly if the weight is invariant under such a shift.
type Effects struct {
	Positive, Negative Effect
	Samples            int // rows of the two samples
}

// Of returns the effect on a positive or on a negative pair.
func (e *Effects) Of(positive bool) *Effect {
	if positive {
		return &e.Positive
	}
	return &e.Negative
}

// An Effect is that on one side: on the signed G of the pair that has a weight most often.
type Effect struct {
	Constant bool    // the weight never changed: there is no variance to explain
	Weight   float64 // the largest |G| among the samples
	// Active is the share of the samples with more than a hundredth of Weight. Estimates
	// from few of them are rough.
	Active float64

	On [axes]Index // zero if Constant
}

// The ranges of the draws, which keep every similarity in [−0.05, 0.95].
const (
	ownLow, ownHigh     = 0.15, 0.75  // c
	differenceRange     = 0.2         // u and v are in ±apart
	othersLow, othersHi = -0.05, 0.95 // X
)

// EffectRanges says the ranges in one line.
var EffectRanges = fmt.Sprintf("c in [%s, %s], u and v in ±%s, other rows in [%s, %s], all uniform and independent; %d classes of %d",
	losses.Number(ownLow), losses.Number(ownHigh), losses.Number(differenceRange), losses.Number(othersLow), losses.Number(othersHi), len(effectShape), effectShape[0])

var effectShape = []int{3, 3, 3}

// MeasureEffects estimates the indices from two samples of n rows, which costs
// 2n·(2 + 4) evaluations of the loss. Losses with a state get a new one for each
// evaluation. The error is that of [losses.Choice.Loss], of a loss that is not finite, or
// of ctx, which is read between rows.
func MeasureEffects(ctx context.Context, c losses.Choice, n int, seed uint64) (*Effects, error) {
	if _, err := c.Loss(); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, 1))
	e := &Effects{Samples: n}
	labels := labelsOf(effectShape)
	for _, positive := range []bool{true, false} {
		effect, err := measureEffect(ctx, c, labels, positive, n, r)
		if err != nil {
			return nil, err
		}
		*e.Of(positive) = effect
	}
	return e, nil
}

// Reconcile makes ticks and effects of one loss agree on what is 0, for either is a
// search that can miss what is rare. A part on which the weight was seen to depend, be it
// through the divisor alone, and whose exchange changed it in no row of the samples gets
// the interval from 0 to what that leaves open, and is 0 no more. A part that no batch of
// the probe showed and a sample did gets its tick.
func Reconcile(t *DependenceReport, e *Effects) {
	for _, positive := range []bool{true, false} {
		effect, d := e.Of(positive), t.Of(positive)
		if effect.Constant {
			continue
		}
		for g := range Axes {
			i, seen := &effect.On[g], &d.On[g]
			switch known := seen.Depends() || seen.Divisor > 0; {
			case known && i.Changed == 0:
				i.Total.High = i.bound
			case !known:
				seen.Sampled = i.Changed
			}
		}
	}
}

func measureEffect(ctx context.Context, c losses.Choice, labels []int, positive bool, n int, r *rand.Rand) (Effect, error) {
	m := len(labels)
	ctx, stop := context.WithCancelCause(ctx) // by the first error of an evaluation
	defer stop(nil)
	i, j, err := mostActivePair(c, labels, positive, r)
	if err != nil {
		return Effect{}, err
	}
	// Inputs: one for each entry of S, row-major. In row i, entry j is c and entry k the
	// difference c − S_ik. Elsewhere it is S itself.
	inPart := make([][]int, axes)
	for k := range m * m {
		row, col := k/m, k%m
		switch {
		case row == col:
		case row != i:
			inPart[gpw.X] = append(inPart[gpw.X], k)
		case col == j:
			inPart[gpw.S] = append(inPart[gpw.S], k)
		case labels[col] == labels[i]:
			inPart[gpw.P] = append(inPart[gpw.P], k)
		default:
			inPart[gpw.N] = append(inPart[gpw.N], k)
		}
	}
	fill := func(x []float64) {
		for k := range x {
			x[k] = dyadic(uniform(r, othersLow, othersHi))
		}
		for k := i * m; k < (i+1)*m; k++ {
			x[k] = dyadic(uniform(r, -differenceRange, differenceRange))
		}
		x[i*m+j] = dyadic(uniform(r, ownLow, ownHigh))
	}
	s := make([]float64, m*m)
	var e Effect
	var seen []float64
	weigh := func(x []float64) float64 {
		copy(s, x)
		own := x[i*m+j]
		for k := range m {
			if k != j {
				s[i*m+k] = own - x[i*m+k]
			}
			s[k*m+k] = 1
		}
		g, err := evaluate(c, labels, s)
		if err != nil {
			stop(err)
			return 0
		}
		seen = append(seen, math.Abs(g[i*m+j]))
		return g[i*m+j]
	}
	indices, _ := sobol(ctx, weigh, m*m, inPart, n, r, fill) // whose error is ctx's
	if ctx.Err() != nil {
		return e, context.Cause(ctx)
	}
	e.Constant = indices == nil
	e.Weight = slices.Max(seen)
	active := 0
	for _, w := range seen {
		if w > e.Weight/100 {
			active++
		}
	}
	e.Active = float64(active) / float64(len(seen))
	copy(e.On[:], indices)
	return e, nil
}

// mostActivePair returns the pair of the side that has a weight most often, the first one
// of equals. Some losses read chosen pairs only.
func mostActivePair(c losses.Choice, labels []int, positive bool, r *rand.Rand) (anchor, candidate int, err error) {
	const trials = 40
	m := len(labels)
	s, counts := make([]float64, m*m), make([]int, m*m)
	for range trials {
		for k := range s {
			s[k] = dyadic(uniform(r, othersLow, othersHi))
			if k%(m+1) == 0 {
				s[k] = 1
			}
		}
		gradient, err := evaluate(c, labels, s)
		if err != nil {
			return 0, 0, err
		}
		for k, g := range gradient {
			if g != 0 && k/m != k%m && (labels[k/m] == labels[k%m]) == positive {
				counts[k]++
			}
		}
	}
	best := 1 // anchor 0 and its first positive
	if !positive {
		best = m - 1
	}
	for k, n := range counts {
		if n > counts[best] {
			best = k
		}
	}
	return best / m, best % m, nil
}
