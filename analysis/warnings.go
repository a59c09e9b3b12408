package analysis

import "fmt"

// rulingShare is the share of one pair that deserves a warning even in a batch of few.
const rulingShare = 0.9

// Warnings returns what is unusual about one batch by the thresholds of [Diagnose], each
// as a clause.
func (m WeightStats) Warnings() []string {
	var all []string
	if nearCollapse(m) {
		all = append(all, fmt.Sprintf("collapse: all embeddings point the same way, with a mean similarity of %.3f", m.meanSimilarity()))
	}

	switch {
	case m.Positive.Pairs+m.Negative.Pairs == 0:
		all = append(all, "there are no pairs: take a batch of two rows or more")
	case m.Negative.Pairs == 0:
		all = append(all, "there are no negatives: all rows are of one class")
	case m.Positive.Pairs == 0:
		all = append(all, "there are no positives: no class has two rows")
	case weightless(m) && m.Loss != 0:
		all = append(all, "no pair has weight although L is not 0: "+m.flatReason())
	case weightless(m):
		all = append(all, "no pair has weight: the loss is satisfied as far as these similarities tell, or its miner leaves nothing")
	case m.Largest() >= rulingShare || dominated(m) && m.Largest() >= dominantShare:
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

// equalDistance is how far below 1 the similarity of equal embeddings can be.
const equalDistance = 1e-9

// flatReason says why a loss that is not 0 has no slope.
func (m WeightStats) flatReason() string {
	if min(m.Positive.Low, m.Negative.Low) >= 1-equalDistance {
		return "all pairs are at distance 0, where its slope is taken as 0"
	}
	return "it has no slope at these similarities"
}
