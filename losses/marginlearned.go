package losses

import (
	"slices"
	"strconv"
)

// LearnedMargin is [Margin] with a boundary that is trained with the embeddings:
//
//	L = (1/k) { Σ_P [α + d − β_i]₊ + Σ_N [α + β_i − d]₊ } + ν β̄,  β_i = β₀ + β_class(i)
//
// β₀ starts at beta and the offset of every class at 0. With a shared boundary there is
// β₀ alone. k is the number of active pairs, of which k₊ are positives and k₋ negatives.
// β̄ is the mean of β_i over the anchors that have a pair. ∂L/∂β is (k₋ − k₊)/k + ν. With
// ν = 0, β is stationary where as many negatives are active as positives. ν > 0 makes it
// smaller.
//
// Wu et al., ICCV 2017, add an offset for every image and sum ν β_i over pairs. Their
// pairs come from the sampling that is the miner distance_weighted. Their published
// code has a β for every class and no β₀, and ν = 0. It trains β by momentum at a rate
// of 0.1, which its batch size divides. Roth et al., ICML 2020, train it with Adam at
// 5·10⁻⁴, the default here: Adam moves β by about its rate at every step, whatever the
// gradient. pytorch-metric-learning keeps β fixed by default and counts
// pairs by triplet.
//
// Until training begins, as when weights are inspected, all β_i are beta. A class that is
// not in the training set has the offset 0. The optimizer's weight decay is not applied
// to β. ν has that purpose.
type LearnedMargin struct {
	Margin   float64 `yaml:"margin" alias:"alpha" sym:"α" in:"[0,2]" doc:"half the gap between positives and negatives"`
	Beta     float64 `yaml:"beta" sym:"β" in:"[0,2]" doc:"distance of the boundary between positives and negatives at the start"`
	Boundary string  `yaml:"boundary" sym:"boundary" in:"{shared,per_class}" doc:"one for all, or with an offset for every class"`
	Nu       float64 `yaml:"nu" sym:"ν" in:"[0,10]" doc:"weight of the mean boundary in the loss"`
	Rate     float64 `yaml:"beta_lr" alias:"lr_beta" sym:"lr of β" in:"(0,inf)" doc:"learning rate of the boundary"`
}

// New implements [Factory].
func (l LearnedMargin) New(m Miner) (Loss, error) {
	return &learnedMargin{LearnedMargin: l, miner: m}, nil
}

// learnedMargin is a LearnedMargin in training. Before Learn its slices are nil.
type learnedMargin struct {
	LearnedMargin
	miner           Miner
	classes         []int     // those with an offset, ascending: classes[k] has θ[k+1]
	theta, gradient []float64 // β₀, and the offsets
	anchors         []float64 // for each of θ, in how many anchors' boundaries it is
}

// InitParameters implements [Trainable].
func (l *learnedMargin) InitParameters(classes []int) *TrainableParameters {
	l.classes = nil
	names := []string{"beta"}
	if l.Boundary == "per_class" {
		l.classes = slices.Clone(classes)
		for _, c := range classes {
			names = append(names, "beta of class "+strconv.Itoa(c))
		}
	}

	n := len(names)
	l.theta, l.gradient, l.anchors = make([]float64, n), make([]float64, n), make([]float64, n)
	l.theta[0] = l.Beta
	return &TrainableParameters{Names: names, Theta: l.theta, Gradient: l.gradient, Rate: l.Rate}
}

// Eval implements [Loss]. The miner is applied here, because β̄ is a mean over the
// anchors that have a pair before it.
func (l *learnedMargin) Eval(b *Batch, g []float64) float64 {
	CheckLength(b, g)
	clear(l.gradient)
	clear(l.anchors)
	miner := forBatch(l.miner, b)

	pairs, anchors, boundaries := 0.0, 0.0, 0.0
	value := meanOf(b, g, func(a *Anchor) (sum, terms float64) {
		offset := l.offset(a.Class)
		margin := Margin{Margin: l.Margin, Beta: l.boundary(offset)}
		if len(a.Pos)+len(a.Neg) > 0 {
			anchors, boundaries = anchors+1, boundaries+margin.Beta
			addTo(l.anchors, offset, 1)
		}

		kept := a.Keep(miner)
		sum, far, near := margin.weighted(kept, 1, 1)
		a.TakeGradients(kept)
		addTo(l.gradient, offset, near-far)
		pairs += far + near
		return sum, far + near
	})

	for k, n := range l.anchors {
		l.gradient[k] = l.gradient[k]/max(1, pairs) + l.Nu*n/max(1, anchors)
	}
	return value + l.Nu*boundaries/max(1, anchors)
}

// offset returns the place in θ of the class's offset, 0 if it has none.
func (l *learnedMargin) offset(class int) int {
	k, ok := slices.BinarySearch(l.classes, class)
	if !ok {
		return 0
	}
	return k + 1
}

// boundary returns β_i of an anchor. offset is the place in θ of its class's offset.
func (l *learnedMargin) boundary(offset int) float64 {
	switch {
	case l.theta == nil:
		return l.Beta
	case offset == 0:
		return l.theta[0]
	}
	return l.theta[0] + l.theta[offset]
}

// addTo adds v to the elements for β₀ and for the offset.
func addTo(to []float64, offset int, v float64) {
	if to == nil {
		return
	}
	to[0] += v
	if offset > 0 {
		to[offset] += v
	}
}
