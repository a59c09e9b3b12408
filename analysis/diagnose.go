package analysis

import (
	"fmt"
	"math"
	"strings"

	"gpwbench/results"
)

// A Training is what [Diagnose] looks at.
type Training struct {
	Stats    []WeightStats // of evenly spaced steps, the first and the last among them
	Steps    int           // of the whole training
	Miner    string        // as captions name it; empty for none
	Mines    bool          // the loss is a formula with conditions in mine:
	TestMean float64       // mean similarity of two test embeddings; NaN if not measured
}

// What a training must show for a diagnosis. A diagnosis is a sentence below a table, so
// trainings that end well must not meet any of these.
const (
	// Two unit vectors of similarity 0.98 are 0.2 apart. Not even features in a narrow
	// cone, as networks that end in a ReLU give them, are as similar on average: those
	// of MobileNetV2 are at 0.5 to 0.6 before they are centred.
	collapseSimilarity = 0.98

	// A training is dead if the end of it is without weight for a tenth of its steps,
	// and for longer than all silence before, which would make it chance. Single batches
	// without weight are common where training ends well.
	deadShare = 0.1

	// A miner, or a margin, that leaves nothing of a quarter of the batches costs a
	// quarter of the training.
	idleShare = 0.25

	// What more than half of the steps show is a property of the training.
	mostSteps = 0.5

	// One pair dominates if it has half of the weight. A pair and its mirror image share
	// their weight, so an effective number of the ordered pairs below 4, that is less
	// than two pairs and their images, says the same. A batch of few pairs cannot have
	// more.
	dominantShare  = 0.5
	dominantNumber = 4
	fewPairs       = 100

	// Positives, or negatives, with less than a thousandth of a batch's weight move
	// nothing that the other pairs do not move at once.
	negligibleShare = 1e-3
)

// Diagnose says what is wrong with a training, the gravest first. It returns nothing for
// a training that is well, or of which no step was kept.
func Diagnose(t Training) []results.Diagnosis {
	if len(t.Stats) == 0 {
		return nil
	}
	var found []results.Diagnosis

	extent := t.collapseExtent()
	if extent != "" {
		found = append(found, results.Diagnosis{
			Name: "collapse", Finding: "Collapse: all embeddings point the same way", Extent: extent,
			Try: "a lower optimizer.lr, preprocess: [center], or a loss whose negatives keep their weight",
		})
	}
	if d, ok := t.silence(extent != ""); ok {
		found = append(found, d)
	}

	return append(found, t.division()...)
}

// silence diagnoses steps on which no pair has weight. collapsed says that the training
// has the diagnosis of a collapse.
func (t Training) silence(collapsed bool) (d results.Diagnosis, found bool) {
	dead, idle := t.tailStart(weightless), countStats(t.Stats, weightless)
	silent := len(t.Stats) - dead

	switch {
	case idle == 0 || collapsed && silent == idle: // the collapse is the cause
		return d, false
	case t.share(silent) >= deadShare && 2*silent > idle:
		return t.deadTraining(dead), true
	case t.share(idle) < idleShare:
		return d, false

	case t.Miner != "":
		d = results.Diagnosis{
			Name: "empty_mining", Finding: "Mining empties: the miner leaves no pair with weight", Try: t.selectionAdvice(),
		}

	case t.Mines:
		d = results.Diagnosis{
			Name: "empty_mining", Finding: "Mining empties: the conditions in mine: leave no pair with weight", Try: t.selectionAdvice(),
		}

	default:
		d = results.Diagnosis{
			Name: "idle_steps", Finding: "Idle steps: no pair of the batch has weight", Try: "a larger margin or a softer loss, or larger batches",
		}
	}

	d.Extent = t.onSteps(idle)
	return d, true
}

// deadTraining is the diagnosis of a training without weight from the given step on.
func (t Training) deadTraining(from int) results.Diagnosis {
	try := "a larger margin or a softer loss, larger batches, or fewer steps"
	switch {
	case t.lacksPairs(from):
		try = "a sampler that gives every anchor a positive and a negative, such as m_per_class"
	case t.selectsPairs():
		try = t.selectionAdvice()
	}
	return results.Diagnosis{
		Name: "dead_training", Finding: "Dead training: no pair has weight any more, so nothing is learned", Extent: t.fromStep(from), Try: try,
	}
}

// division diagnoses how most steps divide their weight.
func (t Training) division() []results.Diagnosis {
	var found []results.Diagnosis
	for _, d := range []struct {
		shows              func(WeightStats) bool
		name, finding, try string
	}{
		{
			dominated, "one_pair", "One pair dominates: it has half of the weight, or two pairs have all of it",
			"a loss or a miner that weighs every anchor's pairs apart, or smaller scales in the loss's parameters",
		},
		{
			func(m WeightStats) bool { return outweighed(m.Positive, m.Negative) },
			"no_positives", "One-sided: the positive pairs have less than a thousandth of the weight, so nothing pulls together",
			"other margins or scales in the loss's parameters, or another miner",
		},
		{
			func(m WeightStats) bool { return outweighed(m.Negative, m.Positive) },
			"no_negatives", "One-sided: the negative pairs have less than a thousandth of the weight, so nothing pushes apart",
			"a lower threshold of the negatives (λ) or other scales in the loss's parameters, or another miner",
		},
	} {
		if n := countStats(t.Stats, d.shows); t.share(n) > mostSteps {
			found = append(found, results.Diagnosis{Name: d.name, Finding: d.finding, Extent: t.onSteps(n), Try: d.try})
		}
	}

	return found
}

// selectsPairs reports whether something chooses the pairs that take part.
func (t Training) selectsPairs() bool { return t.Miner != "" || t.Mines }

// selectionAdvice is what to try where too few pairs are chosen.
func (t Training) selectionAdvice() string {
	var try []string
	if t.Miner != "" {
		try = append(try, "miner: none, or a wider margin in "+t.Miner)
	}
	if t.Mines {
		try = append(try, "a condition in mine: that more pairs meet")
	}
	return strings.Join(try, ", or ")
}

func weightless(m WeightStats) bool { return m.Mass() == 0 }

func dominated(m WeightStats) bool {
	return m.Positive.Pairs+m.Negative.Pairs >= fewPairs && m.Mass() > 0 && (m.Largest() >= dominantShare || m.Effective() < dominantNumber)
}

// outweighed reports whether one side has pairs and next to no weight beside the other.
func outweighed(k, other SideStats) bool { return k.Pairs > 0 && k.Mass < negligibleShare*other.Mass }

// nearCollapse reports whether all pairs of the batch are near 1.
func nearCollapse(m WeightStats) bool {
	return m.Negative.Pairs > 0 && m.meanSimilarity() >= collapseSimilarity
}

// meanSimilarity is the mean similarity of all pairs, NaN without pairs.
func (m WeightStats) meanSimilarity() float64 {
	sum, pairs := 0.0, 0
	for _, k := range []SideStats{m.Positive, m.Negative} {
		if k.Pairs > 0 {
			sum += k.Mean * float64(k.Pairs)
			pairs += k.Pairs
		}
	}
	return sum / float64(pairs)
}

// collapseExtent says where similarities are near 1; it is empty if they are not.
func (t Training) collapseExtent() string {
	extent := ""
	if from := t.tailStart(nearCollapse); from < len(t.Stats) && t.share(len(t.Stats)-from) >= deadShare {
		extent = fmt.Sprintf("mean similarity above %g in the batches %s", collapseSimilarity, t.fromStep(from))
	}

	if t.TestMean >= collapseSimilarity { // false of NaN
		if extent != "" {
			extent += " and "
		}

		// Rounded down, so that 1.000 says all but equal, which float32 has within 1e-6.
		extent += fmt.Sprintf("mean similarity %.3f on the test classes", math.Floor(1000*(t.TestMean+1e-6))/1000)
	}

	return extent
}

// lacksPairs reports whether most of the batches from the given one on lack positives, or
// negatives.
func (t Training) lacksPairs(from int) bool {
	n := countStats(t.Stats[from:], func(m WeightStats) bool { return m.Positive.Pairs == 0 || m.Negative.Pairs == 0 })
	return float64(n) > mostSteps*float64(len(t.Stats)-from)
}

// tailStart returns from which kept step on all show something. It is the number of steps
// if the last does not.
func (t Training) tailStart(shows func(WeightStats) bool) int {
	from := len(t.Stats)
	for from > 0 && shows(t.Stats[from-1]) {
		from--
	}
	return from
}

func countStats(steps []WeightStats, shows func(WeightStats) bool) int {
	n := 0
	for _, m := range steps {
		if shows(m) {
			n++
		}
	}
	return n
}

// share is the share of n steps among those kept.
func (t Training) share(n int) float64 { return float64(n) / float64(len(t.Stats)) }

// fromStep says since which step something is true, in words.
func (t Training) fromStep(first int) string {
	if first == 0 {
		return "from the first step on"
	}
	return fmt.Sprintf("from step %d of %d on", t.Stats[first].Step, t.Steps)
}

// onSteps says of how many steps something is true, in words.
func (t Training) onSteps(n int) string {
	if n == len(t.Stats) {
		return "on every step"
	}
	return fmt.Sprintf("on %.0f %% of the steps", 100*t.share(n))
}
