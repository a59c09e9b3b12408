package train

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

// The share λ of the first class in a mixture is uniform between these bounds. Below and
// above them a mixture would be nearly one of its two classes, with another label.
const (
	leastShare = 0.3
	mostShare  = 0.7
)

// An augmenter changes the features of batches as [config.Augment] says. Its random
// numbers depend on the data set, the seed and the batches, so all losses are trained on
// the same features.
type augmenter struct {
	config.Augment
	rng      *rand.Rand
	features matrix.Matrix // of all training rows
	sigma    float64       // standard deviation of the noise

	classes  []int   // labels of the training classes, ascending
	rows     [][]int // of each class, in the order that the last draw left
	present  []bool  // the classes of the present batch
	absent   []int   // the others
	mixtures []mixture
	partners []int // rows of the other class of a mixture
	label    int   // of the next mixture
}

// A mixture is a row of a class of mixtures.
type mixture struct {
	row, label int
	other      int     // the row of the other class
	share      float32 // λ
}

// CheckAugment returns an error for an augmentation that does not fit the head, the
// proxies or the loss of the configuration: nothing is trained, or mix makes classes that
// something of the loss does not know. A loss with parameters of its own is given new
// ones.
func (c Config) CheckAugment(loss losses.Loss) error {
	if err := config.Check("augment", c.Augment); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if !c.Augment.InUse() {
		return nil
	}
	if !c.Head.Trains() {
		return errors.New("train: augment changes what a head is trained on, " +
			"and head none trains nothing: leave augment out")
	}
	if c.Augment.Mix == 0 {
		return nil
	}

	reason := ""
	parametric, trains := loss.(losses.Trainable)
	_, observes := loss.(losses.EpochObserver)
	switch {
	case c.Proxies.InUse():
		reason = "which have no proxies"
	case trains && perClass(parametric):
		reason = "for which the loss has no parameters: it trains some for every training class"
	case observes:
		reason = "which the loss does not know: it observes the training classes once an epoch"
	default:
		return nil
	}
	return fmt.Errorf("train: augment.mix makes classes of its own, %s: set augment.mix to 0", reason)
}

// perClass reports whether the number of parameters of a loss depends on the classes.
func perClass(l losses.Trainable) bool {
	return len(l.InitParameters([]int{0}).Theta) != len(l.InitParameters([]int{0, 1}).Theta)
}

// newAugmenter returns the augmenter of batches of m rows, or nil where nothing is done
// to them.
func newAugmenter(c Config, loss losses.Loss, x matrix.Matrix, labels []int, m int) (*augmenter, error) {
	if err := c.CheckAugment(loss); err != nil || !c.Augment.InUse() {
		return nil, err
	}

	a := &augmenter{
		Augment:  c.Augment,
		rng:      stream(c.Seed, c.DataKey, "augment"),
		features: x,
		sigma:    c.Augment.Noise * rootMeanSquare(x),
	}
	if a.Mix == 0 {
		return a, nil
	}

	a.classes, a.rows = groupRows(labels)
	n := len(a.classes)
	switch last := a.classes[n-1]; {
	case n < 2:
		return nil, errors.New("train: augment.mix mixes two classes, " +
			"and the training split has one: set augment.mix to 0")
	case last > math.MaxInt/2:
		return nil, fmt.Errorf("train: the class %d leaves no labels for the mixtures of augment.mix: "+
			"number the classes from 0, or set augment.mix to 0", last)
	default:
		a.label = last + 1
	}

	a.present, a.absent = make([]bool, n), make([]int, 0, n)
	a.mixtures, a.partners = make([]mixture, 0, m), make([]int, 0, m)
	return a, nil
}

// rootMeanSquare is the root of the mean squared coordinate.
func rootMeanSquare(x matrix.Matrix) float64 {
	sum := 0.0
	for i := range x.Rows {
		for _, v := range x.Row(i) {
			sum += float64(v) * float64(v)
		}
	}
	return math.Sqrt(sum / (float64(x.Rows) * float64(x.Cols)))
}

// mix chooses the classes of a batch that are mixed, and with what. Their rows come after
// the others, with the labels of the mixtures, so that labels ascend.
func (a *augmenter) mix(rows, labels []int) {
	a.mixtures = a.mixtures[:0]
	if a.Mix == 0 {
		return
	}

	a.look(labels)
	kept := 0
	for from := 0; from < len(labels); {
		to := from + 1
		for to < len(labels) && labels[to] == labels[from] {
			to++
		}

		if a.rng.Float64() < a.Mix {
			a.add(rows[from:to], labels[from])
		} else {
			kept += copy(rows[kept:], rows[from:to])
			copy(labels[kept-(to-from):], labels[from:to])
		}
		from = to
	}

	for k, mixed := range a.mixtures {
		rows[kept+k], labels[kept+k] = mixed.row, mixed.label
	}
}

// look finds which training classes are in a batch.
func (a *augmenter) look(labels []int) {
	clear(a.present)
	for i, label := range labels {
		if i == 0 || label != labels[i-1] {
			class, _ := slices.BinarySearch(a.classes, label)
			a.present[class] = true
		}
	}

	a.absent = a.absent[:0]
	for class, present := range a.present {
		if !present {
			a.absent = append(a.absent, class)
		}
	}
}

// add adds the mixture of a class of the batch, which has these rows there.
func (a *augmenter) add(rows []int, label int) {
	class, _ := slices.BinarySearch(a.classes, label)
	other := a.other(class)
	share := float32(leastShare + (mostShare-leastShare)*a.rng.Float64())
	a.partners = drawRows(a.rng, a.partners[:0], a.rows[other], len(rows))
	for i, row := range rows {
		a.mixtures = append(a.mixtures, mixture{row, a.label, a.partners[i], share})
	}
	a.label++
}

// other draws the class that a class of the batch is mixed with.
func (a *augmenter) other(class int) int {
	if n := len(a.absent); n > 0 {
		return a.absent[a.rng.IntN(n)]
	}
	other := a.rng.IntN(len(a.classes) - 1)
	if other >= class {
		other++
	}
	return other
}

// change changes the features of the batch that mix has ordered. The conversions keep
// compilers from fusing, which would give other bits on other machines.
func (a *augmenter) change(x matrix.Matrix) {
	for k, mixed := range a.mixtures {
		row := x.Row(x.Rows - len(a.mixtures) + k)
		for i, z := range a.features.Row(mixed.other) {
			row[i] = float32(mixed.share*row[i]) + float32((1-mixed.share)*z)
		}
	}

	if a.sigma > 0 {
		for i := range x.Rows {
			row := x.Row(i)
			for k := range row {
				row[k] += float32(a.sigma * a.rng.NormFloat64())
			}
		}
	}

	if a.Dropout > 0 {
		a.drop(x)
	}
}

func (a *augmenter) drop(x matrix.Matrix) {
	scale := float32(1 / (1 - a.Dropout))
	for i := range x.Rows {
		row := x.Row(i)
		for k := range row {
			if a.rng.Float64() < a.Dropout {
				row[k] = 0
			} else {
				row[k] *= scale
			}
		}
	}
}
