package probe

import (
	"math"
	"slices"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A Case is one of the three of Figure 2 of Wang et al., CVPR 2019: a change around a
// negative pair, and the response that its weight should have.
type Case struct {
	Name  string
	Moves string
	Up    bool // the weight should grow; it should drop otherwise
	part  gpw.Axis
}

// Cases are those of the paper, fixed before any loss was measured. Each moves its
// part of the anchor's row up by [ScenarioShift].
var Cases = [3]Case{
	{"case 1, S", "the anchor’s whole row", true, gpw.S},
	{"case 2, N", "the anchor’s other negatives", false, gpw.N},
	{"case 3, P", "the anchor’s positives", false, gpw.P},
}

// ScenarioShift is the amount by which a case moves similarities.
const ScenarioShift = 0.15

// The anchor's row of the scenarios, and its pair. The pair is the anchor's hardest
// negative, just below the λ = 0.5 of most losses, between the anchor's positives. The
// miner of Multi-Similarity, whose ε is 0.1, keeps it; case 3 removes the remaining
// slack.
const (
	scenarioPair  = 5 // the second of its class, for losses that read one pair of a class
	scenarioOwn   = 0.45
	scenarioOther = 0.5 // positives of the other rows: the middle of a range of ±0.1
	scenarioApart = 0.4 // negatives of the other rows, likewise; some violate every margin
)

// ScenarioBase describes the base in one line.
const ScenarioBase = "negative at 0.45; positives at 0.42, 0.52, 0.66; other negatives from 0.22 to 0.42; 4 classes of 4"

var (
	scenarioShape     = []int{4, 4, 4, 4}
	scenarioPositives = []float64{0.42, 0.52, 0.66}
)

// A Scenario is the response of a loss to the three cases. Weights are m·G of the
// negative pair for m anchors. A weight below 0 pulls the pair together.
type Scenario struct {
	Before float64
	After  [len(Cases)]float64

	// Held is Before times the factor by which a divisor that counts active terms changed
	// all negative pairs. If it equals After, the divisor is the whole change.
	Held [len(Cases)]float64
}

// leastResponse is the relative change of a weight from which it counts as a response.
const leastResponse = 1e-6

// Responds reports whether the weight moves as case k expects: by more than a
// millionth of the larger weight, and not by the loss's divisor alone. It is false where
// k is no case, as are Moves and ByDivisor.
func (s Scenario) Responds(k int) bool {
	if !isCase(k) {
		return false
	}

	change := s.After[k] - s.Held[k]
	if !Cases[k].Up {
		change = -change
	}
	return change > 0 && differ(s.After[k], s.Held[k])
}

// RespondsToAll reports whether the weight moves as all three cases expect.
func (s Scenario) RespondsToAll() bool { return s.Responds(0) && s.Responds(1) && s.Responds(2) }

// Largest returns the largest |m·G| before and after, or 1 if all are 0.
func (s Scenario) Largest() float64 {
	if w := largest(math.Abs(s.Before), s.After[:]); w > 0 {
		return w
	}
	return 1
}

// Moves reports whether the weight changes in case k at all.
func (s Scenario) Moves(k int) bool { return isCase(k) && differ(s.After[k], s.Before) }

// ByDivisor reports whether the weight moves in case k, and only by the divisor.
func (s Scenario) ByDivisor(k int) bool {
	return isCase(k) && differ(s.Held[k], s.Before) && !differ(s.After[k], s.Held[k])
}

func isCase(k int) bool { return 0 <= k && k < len(Cases) }

func differ(v, w float64) bool { return math.Abs(v-w) > leastResponse*max(math.Abs(v), math.Abs(w)) }

// RunScenario measures the three cases. The error is that of [losses.Choice.Loss], or
// of a loss that is not finite.
func RunScenario(c losses.Choice) (Scenario, error) {
	if _, err := c.Loss(); err != nil {
		return Scenario{}, err
	}

	base := newScenario()
	before, err := evaluate(c, base.labels, base.s)
	if err != nil {
		return Scenario{}, err
	}

	m := float64(len(base.labels))
	s := Scenario{Before: m * before[scenarioPair]}
	for k, cs := range Cases {
		after, err := evaluate(c, base.labels, base.moved(cs.part, ScenarioShift))
		if err != nil {
			return Scenario{}, err
		}
		s.After[k], s.Held[k] = m*after[scenarioPair], s.Before
		if c.Traits()&losses.CountDivisor == 0 {
			continue
		}

		step := move{probeBatch: base, part: cs.part, before: before, after: after}
		if factor, ok := step.divisor(scenarioPair, largest(largest(0, before), after)); ok {
			s.Held[k] = factor * s.Before
		}
	}

	return s, nil
}

// newScenario returns the base: anchor 0, whose row is set by hand, and other rows spread
// over their ranges.
func newScenario() *probeBatch {
	p := &probeBatch{labels: labelsOf(scenarioShape)}
	m := len(p.labels)
	p.s = make([]float64, m*m)
	for i := range m {
		for j := range m {
			middle := scenarioApart
			if p.labels[i] == p.labels[j] {
				middle = scenarioOther
			}
			p.s[i*m+j] = middle + 0.02*float64((7*i+4*j)%11-5)
		}
		p.s[i*m+i] = 1
	}

	for j := 1; j < m; j++ {
		p.s[j] = 0.42 - 0.02*float64((3*j)%11)
	}

	copy(p.s[1:], scenarioPositives)
	p.s[scenarioPair] = scenarioOwn
	return p
}

// moved returns the similarities with one part of anchor 0's row moved.
func (p *probeBatch) moved(part gpw.Axis, by float64) []float64 {
	s := slices.Clone(p.s)
	for j := 1; j < len(p.labels); j++ {
		positive := p.labels[j] == p.labels[0]
		if part == gpw.S || part == gpw.P && positive || part == gpw.N && !positive && j != scenarioPair {
			s[j] += by
		}
	}
	return s
}
