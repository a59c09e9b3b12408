package analysis

import (
	"gpwbench/gpw/probe"
)

// A Scenario is what a loss makes of the three cases of Figure 2 of Wang et al., CVPR 2019, and of positives that draw near.
type Scenario struct {
	Loss    string // loss and preset, as tables name it
	Caption string // its hyper-parameters; "" if it has none
	probe.Scenario
	Threshold *Threshold
}

// A Threshold is [probe.Threshold].
type Threshold = probe.Threshold

// The words and numbers of scenarios, for those who draw them.
var (
	Cases        = probe.Cases
	ScenarioBase = probe.ScenarioBase
)

// ScenarioShift is by how much a case moves similarities.
const ScenarioShift = probe.ScenarioShift
