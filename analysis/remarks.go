package analysis

import "fmt"

// ruled is the share of one pair that is worth a word even in a batch of few.
const ruled = 0.9

// Remarks say what is odd about one batch, by the thresholds of [Diagnose], each in a clause; nothing if nothing is.
func (m Moment) Remarks() []string {
	var all []string
	if crowded(m) {
		all = append(all, fmt.Sprintf("collapse: all embeddings point the same way, with a mean similarity of %.3f", m.meanSimilarity()))
	}
	switch {
	case m.Positive.Pairs+m.Negative.Pairs == 0:
		all = append(all, "there are no pairs: take a batch of two rows or more")
	case m.Negative.Pairs == 0:
		all = append(all, "there are no negatives: all rows are of one class")
	case m.Positive.Pairs == 0:
		all = append(all, "there are no positives: no class has two rows")
	case weightless(m):
		all = append(all, "no pair has weight: the loss is satisfied, or its miner leaves nothing")
	case m.Largest() >= ruled || dominated(m) && m.Largest() >= dominantShare:
		all = append(all, fmt.Sprintf("one pair has %.0f %% of the weight", 100*m.Largest()))
	case dominated(m):
		all = append(all, fmt.Sprintf("the weight is divided as among %.1f ordered pairs", m.Effective()))
	}
	if outweighed(m.Positive, m.Negative) {
		all = append(all, "the positive pairs have less than a thousandth of the weight")
	}
	if outweighed(m.Negative, m.Positive) {
		all = append(all, "the negative pairs have less than a thousandth of the weight")
	}
	return all
}
