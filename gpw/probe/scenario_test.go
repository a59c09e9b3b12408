package probe

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

func scenarioOf(t *testing.T, name string) (losses.Choice, Scenario) {
	t.Helper()
	c, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := RunScenario(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// Multi-Similarity's four weights by eq. 13, from the row as its constants say it:
// mining keeps what is above min P − ε.
func TestScenarioOfMultiSimilarity(t *testing.T) {
	const beta, lambda, eps = 40, 0.5, 0.1
	var others []float64
	for j := 4; j < 16; j++ {
		if j != scenarioPair {
			others = append(others, 0.42-0.02*float64((3*j)%11))
		}
	}
	weight := func(row, neg, pos float64) float64 { // shifts
		own, limit := scenarioOwn+row, slices.Min(scenarioPositives)+row+pos-eps
		if own <= limit {
			return 0
		}
		sum := math.Exp(beta*(lambda-own)) + 1
		for _, s := range others {
			if s+row+neg > limit {
				sum += math.Exp(beta * (s + row + neg - own))
			}
		}
		return 1 / sum
	}
	_, s := scenarioOf(t, "multi_similarity.official")
	for k, want := range []float64{weight(ScenarioShift, 0, 0), weight(0, ScenarioShift, 0), weight(0, 0, ScenarioShift)} {
		if math.Abs(s.After[k]-want) > 1e-12 {
			t.Errorf("%s: weight %v, eq. 13 has %v", Cases[k].Name, s.After[k], want)
		}
	}
	if want := weight(0, 0, 0); math.Abs(s.Before-want) > 1e-12 || want == 0 {
		t.Errorf("before: weight %v, eq. 13 has %v", s.Before, want)
	}
	if s.After[2] != 0 || !s.RespondsToAll() {
		t.Errorf("%+v: want a response to all three cases, the last by being mined out", s)
	}
}

// Of the nine columns of Table 1, each by its first preset, only Multi-Similarity
// responds to all three cases: the paper's claim.
func TestOnlyMultiSimilarityOfTheNineRespondsToAll(t *testing.T) {
	columns := 0
	for _, spec := range losses.Catalogue {
		if spec.Table1 == nil {
			continue
		}
		columns++
		if _, s := scenarioOf(t, spec.Name); s.RespondsToAll() != (spec.Name == "multi_similarity") {
			t.Errorf("%s responds to all three cases: %v", spec.Name, s.RespondsToAll())
		}
	}
	if columns != 9 {
		t.Errorf("%d columns of Table 1, want 9", columns)
	}
}

// What the table of ticks says of P, N and S, the cases say in their direction.
func TestScenarioOfOthers(t *testing.T) {
	for name, want := range map[string][3]bool{
		"contrastive": {true, false, false}, "triplet": {false, false, true}, "lifted_structure.star": {false, true, false},
		"nca": {false, true, true}, "binlifted": {true, true, false}, "multi_similarity.weighting": {true, true, false},
		"circle.pml": {true, true, true},
	} {
		_, s := scenarioOf(t, name)
		if got := [3]bool{s.Responds(0), s.Responds(1), s.Responds(2)}; got != want {
			t.Errorf("%s responds %v, want %v: %+v", name, got, want, s)
		}
	}
}

// More active triplets make all weights smaller when the other negatives draw near.
// That is no response of the pair.
func TestScenarioTellsTheDivisor(t *testing.T) {
	_, s := scenarioOf(t, "triplet.facenet")
	if !(s.After[1] < s.Before) || s.Responds(1) || !s.ByDivisor(1) || s.ByDivisor(2) {
		t.Errorf("%+v: want case 2 by the divisor alone", s)
	}
}

// The mining lets the pair go where min P + shift − ε reaches S, at 0.13; the weight
// before is that of eq. 13, and after it 0.
func TestSweepFindsTheStepOfMining(t *testing.T) {
	for _, name := range []string{"multi_similarity.official", "multi_similarity.paper", "multi_similarity.mining_only"} {
		c, _ := scenarioOf(t, name)
		w, err := FindThreshold(c)
		if err != nil {
			t.Fatal(err)
		}
		if step, ok := w.Largest(); !ok || math.Abs(step.At-0.13) > 1e-9 || step.Above != 0 || !(step.Below > 0) {
			t.Errorf("%s: step %+v, want one to 0 at 0.13", name, step)
		}
		if len(w.Shifts) != len(w.Weights) || w.Shifts[0] != sweepFrom || math.Abs(w.Shifts[len(w.Shifts)-1]-sweepTo) > 1e-15 {
			t.Errorf("%s: %d shifts from %v, %d weights", name, len(w.Shifts), w.Shifts[0], len(w.Weights))
		}
	}
	for _, name := range []string{"multi_similarity.weighting", "nca", "npairs", "contrastive"} {
		c, _ := scenarioOf(t, name)
		if w, err := FindThreshold(c); err != nil || len(w.Jumps) > 0 {
			t.Errorf("%s: steps %+v, error %v, want a continuous weight", name, w.Jumps, err)
		}
	}
	// A positive within λ = 0.1 above the negative makes a violated triplet: two of
	// three do, and cease to at 0.03 and 0.13, on 36 triplets of 16 anchors.
	c, _ := scenarioOf(t, "triplet")
	w, err := FindThreshold(c)
	if err != nil {
		t.Fatal(err)
	}
	want := []Jump{{0.03, 2. / 36, 1. / 36}, {0.13, 1. / 36, 0}}
	if len(w.Jumps) != len(want) {
		t.Fatalf("triplet: steps %+v, want %+v", w.Jumps, want)
	}
	for k, s := range w.Jumps {
		if math.Abs(s.At-want[k].At) > 1e-9 || math.Abs(s.Below-want[k].Below) > 1e-12 || math.Abs(s.Above-want[k].Above) > 1e-12 {
			t.Errorf("triplet: step %+v, want %+v", s, want[k])
		}
	}
}

// A weight that responds to a case depends on what the case moves; the reverse need
// not be: a hinge may be open before and after, a move may have the other direction.
func TestScenarioAgainstTicks(t *testing.T) {
	for _, p := range probed() {
		s, err := RunScenario(p.choice)
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range Cases {
			if s.Responds(k) && !p.ticks.Negative.On[c.part].Depends() {
				t.Errorf("%s responds to %s, and its weights do not depend on %v: %+v", p.choice.Name(), c.Name, c.part, s)
			}
		}
	}
}

func TestScenarioRefuses(t *testing.T) {
	c, _ := scenarioOf(t, "histogram")
	c.Miner = losses.BatchHardMiner{}
	if _, err := RunScenario(c); err == nil {
		t.Error("histogram with a miner: no error of RunScenario")
	}
	if _, err := FindThreshold(c); err == nil {
		t.Error("histogram with a miner: no error of FindThreshold")
	}
}

// The line that says what the base is says what it is.
func TestScenarioBase(t *testing.T) {
	p := newScenario()
	low, high := math.Inf(1), math.Inf(-1)
	var positives []string
	for j := 1; j < len(p.labels); j++ {
		switch s := p.s[j]; {
		case p.labels[j] == p.labels[0]:
			positives = append(positives, fmt.Sprintf("%.2f", s))
		case j != scenarioPair:
			low, high = min(low, s), max(high, s)
		}
	}
	want := fmt.Sprintf("negative at %.2f; positives at %s; other negatives from %.2f to %.2f; %d classes of %d",
		p.s[scenarioPair], strings.Join(positives, ", "), low, high, len(scenarioShape), scenarioShape[0])
	if ScenarioBase != want {
		t.Errorf("%q, want %q", ScenarioBase, want)
	}
}
