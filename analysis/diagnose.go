package analysis

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/results"
)

// A Training is what [Diagnose] looks at.
type Training struct {
	Moments  []Moment // of evenly spaced steps, the first and the last among them
	Steps    int      // of the whole training
	Miner    string   // as captions name it; "" for none
	Mines    bool     // the loss is a formula with conditions in mine:
	TestMean float64  // mean similarity of two test embeddings; NaN if nobody looked
}

// What a training must show for a diagnosis. A diagnosis is a sentence below a table, so it must not be heard of trainings that are well.
const (
	// Two unit vectors of similarity 0.98 are 0.2 apart. Not even features in a narrow cone, as networks that end in a ReLU give them, are as
	// similar on average: those of MobileNetV2 are at 0.5 to 0.6 before they are centred.
	collapsed = 0.98

	// No weight at the end of a training is death if it lasts for a tenth of it, and longer than all silence before, which would make it chance.
	// Single batches without weight are common where training ends well.
	deadShare = 0.1

	// A miner, or a margin, that leaves nothing of a quarter of the batches costs a quarter of the training.
	idleShare = 0.25

	// What most steps show is what the training was: more than half of them.
	mostSteps = 0.5

	// One pair dominates if it has half of the weight. A pair and its mirror image share what they have, so an effective number of the ordered pairs
	// below 4, that is less than two pairs and their images, says the same. A batch of few pairs cannot have more.
	dominantShare  = 0.5
	dominantNumber = 4
	fewPairs       = 100

	// A kind of pairs with less than a thousandth of a batch's weight moves nothing that the other kind does not move at once.
	negligible = 1e-3
)

// Diagnose says what is wrong with a training, the gravest first; nothing if nothing is.
func Diagnose(t Training) []results.Diagnosis {
	if len(t.Moments) == 0 {
		return nil
	}
	var found []results.Diagnosis
	add := func(name, finding, extent, try string) {
		found = append(found, results.Diagnosis{Name: name, Finding: finding, Extent: extent, Try: try})
	}
	extent := t.collapse()
	if extent != "" {
		add("collapse", "Collapse: all embeddings point the same way", extent,
			"a lower optimizer.lr, preprocess: [center], or a loss whose negatives keep their weight")
	}
	dead, idle := t.tail(weightless), count(t.Moments, weightless)
	silence := len(t.Moments) - dead
	switch {
	case idle == 0 || extent != "" && silence == idle: // where all is one point, that is why
	case t.share(silence) >= deadShare && 2*silence > idle:
		try := "a larger margin or a softer loss, larger batches, or fewer steps"
		switch {
		case t.loner(dead):
			try = "a sampler that gives every anchor a positive and a negative, such as m_per_class"
		case t.chooses():
			try = t.choice()
		}
		add("dead_training", "Dead training: no pair has weight any more, so nothing is learned", t.from(dead), try)
	case t.share(idle) < idleShare:
	case t.Miner != "":
		add("empty_mining", "Mining empties: the miner leaves no pair with weight", t.on(idle), t.choice())
	case t.Mines:
		add("empty_mining", "Mining empties: the conditions in mine: leave no pair with weight", t.on(idle), t.choice())
	default:
		add("idle_steps", "Idle steps: no pair of the batch has weight", t.on(idle), "a larger margin or a softer loss, or larger batches")
	}
	if n := count(t.Moments, dominated); t.share(n) > mostSteps {
		add("one_pair", "One pair dominates: it has half of the weight, or two pairs have all of it", t.on(n),
			"a loss or a miner that weighs every anchor's pairs apart, or smaller scales in the loss's parameters")
	}
	if n := count(t.Moments, func(m Moment) bool { return outweighed(m.Positive, m.Negative) }); t.share(n) > mostSteps {
		add("no_positives", "One-sided: the positive pairs have less than a thousandth of the weight, so nothing pulls together", t.on(n),
			"other margins or scales in the loss's parameters, or another miner")
	}
	if n := count(t.Moments, func(m Moment) bool { return outweighed(m.Negative, m.Positive) }); t.share(n) > mostSteps {
		add("no_negatives", "One-sided: the negative pairs have less than a thousandth of the weight, so nothing pushes apart", t.on(n),
			"a lower threshold of the negatives (λ) or other scales in the loss's parameters, or another miner")
	}
	return found
}

// chooses reports whether something chooses the pairs that take part.
func (t Training) chooses() bool { return t.Miner != "" || t.Mines }

// choice is what to try where too few pairs are chosen.
func (t Training) choice() string {
	var try []string
	if t.Miner != "" {
		try = append(try, "miner: none, or a wider margin in "+t.Miner)
	}
	if t.Mines {
		try = append(try, "a condition in mine: that more pairs meet")
	}
	return strings.Join(try, ", or ")
}

func weightless(m Moment) bool { return m.Mass() == 0 }

func dominated(m Moment) bool {
	return m.Positive.Pairs+m.Negative.Pairs >= fewPairs && m.Mass() > 0 && (m.Largest() >= dominantShare || m.Effective() < dominantNumber)
}

// outweighed reports whether a kind has pairs and next to no weight beside the other.
func outweighed(k, other Kind) bool { return k.Pairs > 0 && k.Mass < negligible*other.Mass }

// crowded reports whether all pairs of the batch are near 1.
func crowded(m Moment) bool { return m.Negative.Pairs > 0 && m.meanSimilarity() >= collapsed }

// meanSimilarity is that of all pairs, NaN if there are none.
func (m Moment) meanSimilarity() float64 {
	sum, pairs := 0.0, 0
	for _, k := range []Kind{m.Positive, m.Negative} {
		if k.Pairs > 0 {
			sum += k.Mean * float64(k.Pairs)
			pairs += k.Pairs
		}
	}
	return sum / float64(pairs)
}

// collapse says where similarities are near 1, or nothing.
func (t Training) collapse() string {
	extent := ""
	if from := t.tail(crowded); from < len(t.Moments) && t.share(len(t.Moments)-from) >= deadShare {
		extent = fmt.Sprintf("mean similarity above %g in the batches %s", collapsed, t.from(from))
	}
	if t.TestMean >= collapsed { // false of NaN
		if extent != "" {
			extent += " and "
		}
		// Rounded down, so that 1.000 says all but equal, which float32 has within 1e-6.
		extent += fmt.Sprintf("mean similarity %.3f on the test classes", math.Floor(1000*(t.TestMean+1e-6))/1000)
	}
	return extent
}

// loner reports whether most of the batches from the given one on lack a kind of pairs.
func (t Training) loner(from int) bool {
	n := count(t.Moments[from:], func(m Moment) bool { return m.Positive.Pairs == 0 || m.Negative.Pairs == 0 })
	return float64(n) > mostSteps*float64(len(t.Moments)-from)
}

// tail returns from which moment on all are so; the number of moments if the last is not.
func (t Training) tail(so func(Moment) bool) int {
	from := len(t.Moments)
	for from > 0 && so(t.Moments[from-1]) {
		from--
	}
	return from
}

func count(moments []Moment, so func(Moment) bool) int {
	n := 0
	for _, m := range moments {
		if so(m) {
			n++
		}
	}
	return n
}

// share is the share of n moments in the training.
func (t Training) share(n int) float64 { return float64(n) / float64(len(t.Moments)) }

// from says since when, by the number of the step.
func (t Training) from(moment int) string {
	if moment == 0 {
		return "from the first step on"
	}
	return fmt.Sprintf("from step %d of %d on", t.Moments[moment].Step, t.Steps)
}

// on says of how many steps something is true.
func (t Training) on(moments int) string {
	if moments == len(t.Moments) {
		return "on every step"
	}
	return fmt.Sprintf("on %.0f %% of the steps", 100*t.share(moments))
}
