package probe

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// Effects are the shares of the variance of a pair's weight that each part explains, when
// S, N, P and X are drawn independently. The draws are the pair's own similarity c, the
// differences u_k = c − S_ik to the other negatives and v_p = c − S_ip to the other
// positives, and the other rows. c alone shifts the whole row, so its total index is 0
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

// An Effect is that on one side: on the signed G of the pair that has a weight in the
// most samples.
type Effect struct {
	Constant bool    // the weight never changed: there is no variance to explain
	Weight   float64 // the largest |G| among the samples
	// Active is the share of the samples with more than a hundredth of Weight. Estimates
	// from a small share are rough.
	Active float64

	On [axes]Index // zero if Constant
}

// The ranges of the draws. They keep every similarity in [−0.05, 0.95].
const (
	ownLow, ownHigh     = 0.15, 0.75  // c
	differenceRange     = 0.2         // u and v are in ±apart
	othersLow, othersHi = -0.05, 0.95 // X
)

// EffectRanges describes the ranges in one line.
var EffectRanges = fmt.Sprintf("c in [%s, %s], u and v in ±%s, other rows in [%s, %s], all uniform and independent; %d classes of %d",
	losses.Number(ownLow), losses.Number(ownHigh), losses.Number(differenceRange), losses.Number(othersLow), losses.Number(othersHi), len(effectShape), effectShape[0])

var effectShape = []int{3, 3, 3}

// MeasureEffects estimates the indices from two samples of n rows, which costs
// 2n·(2 + 4) evaluations of the loss. Losses with a state get a new one for each
// evaluation. The error is that of [losses.Choice.Loss], of a loss that is not finite, of
// n below 1, or of ctx, which is read between rows. A nil ctx never ends.
func MeasureEffects(ctx context.Context, c losses.Choice, n int, seed uint64) (*Effects, error) {
	if _, err := c.Loss(); err != nil {
		return nil, err
	}
	if n < 1 {
		return nil, fmt.Errorf("probe: %d rows to estimate the effects from; take %d to %d", n, FewestSamples, MostSamples)
	}

	ctx = cmp.Or(ctx, context.Background())
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

// Reconcile makes ticks and effects of one loss agree on what is 0, because either search
// can miss rare cases. Consider a part on which the weight depends, possibly through the
// divisor alone, while no row of the samples shows a change. Its index is then not 0 but
// the interval from 0 to the bound that the samples leave open. A part that no batch of
// the probe showed and a sample did gets its tick. Without either it does nothing.
func Reconcile(t *DependenceReport, e *Effects) {
	if t == nil || e == nil {
		return
	}
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

// An effectSampler evaluates the gradient of one pair at points that it draws. A point
// has an entry for each entry of S, row-major. In row i, entry j is c, and entry k is the
// difference c − S_ik. All other entries are those of S.
type effectSampler struct {
	choice losses.Choice
	labels []int
	i, j   int // the pair
	r      *rand.Rand
	s      []float64 // of the last point
	seen   []float64 // |G| of every point
}

// groups returns the indices of the inputs that belong to each axis.
func (e *effectSampler) groups() [][]int {
	m := len(e.labels)
	groups := make([][]int, axes)
	for k := range m * m {
		row, col := k/m, k%m
		switch {
		case row == col:
		case row != e.i:
			groups[gpw.X] = append(groups[gpw.X], k)
		case col == e.j:
			groups[gpw.S] = append(groups[gpw.S], k)
		case e.labels[col] == e.labels[e.i]:
			groups[gpw.P] = append(groups[gpw.P], k)
		default:
			groups[gpw.N] = append(groups[gpw.N], k)
		}
	}

	return groups
}

// fill draws a point.
func (e *effectSampler) fill(x []float64) {
	m := len(e.labels)
	for k := range x {
		x[k] = dyadic(uniform(e.r, othersLow, othersHi))
	}
	for k := e.i * m; k < (e.i+1)*m; k++ {
		x[k] = dyadic(uniform(e.r, -differenceRange, differenceRange))
	}
	x[e.i*m+e.j] = dyadic(uniform(e.r, ownLow, ownHigh))
}

// weigh returns the gradient of the pair at a point.
func (e *effectSampler) weigh(x []float64) (float64, error) {
	m := len(e.labels)
	copy(e.s, x)
	own := x[e.i*m+e.j]
	for k := range m {
		if k != e.j {
			e.s[e.i*m+k] = own - x[e.i*m+k]
		}
		e.s[k*m+k] = 1
	}

	g, err := evaluate(e.choice, e.labels, e.s)
	if err != nil {
		return 0, err
	}

	e.seen = append(e.seen, math.Abs(g[e.i*m+e.j]))
	return g[e.i*m+e.j], nil
}

func measureEffect(ctx context.Context, c losses.Choice, labels []int, positive bool, n int, r *rand.Rand) (Effect, error) {
	ctx, stop := context.WithCancelCause(ctx) // set by the first error of an evaluation
	defer stop(nil)
	i, j, err := mostActivePair(c, labels, positive, r)
	if err != nil {
		return Effect{}, err
	}

	inputs := len(labels) * len(labels)
	sampler := &effectSampler{choice: c, labels: labels, i: i, j: j, r: r, s: make([]float64, inputs)}
	weigh := func(x []float64) float64 {
		g, err := sampler.weigh(x)
		if err != nil {
			stop(err)
		}
		return g
	}

	indices, _ := sobol(ctx, weigh, inputs, sampler.groups(), n, r, sampler.fill) // its only error is that of ctx
	if ctx.Err() != nil {
		return Effect{}, context.Cause(ctx)
	}

	e := Effect{Constant: indices == nil, Weight: slices.Max(sampler.seen)}
	active := 0
	for _, w := range sampler.seen {
		if w > e.Weight/100 {
			active++
		}
	}

	e.Active = float64(active) / float64(len(sampler.seen))
	copy(e.On[:], indices)
	return e, nil
}

// mostActivePair returns the pair of the side that has a weight in the most draws, the
// first of equals. Some losses read only chosen pairs.
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
