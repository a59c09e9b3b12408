package analysis

import "gpwbench/gpw"

// A Scenario is what a loss makes of the three cases of Figure 2 of Wang et al., CVPR 2019, and of positives that draw near.
type Scenario struct {
	Loss    string // loss and preset, as tables name it
	Caption string // its hyper-parameters; "" if it has none
	gpw.Scenario
	Threshold *Threshold
}

// A Threshold is [gpw.Threshold].
type Threshold = gpw.Threshold

// The words and numbers of scenarios, for those who draw them.
var (
	Cases        = gpw.Cases
	ScenarioBase = gpw.ScenarioBase
)

// ScenarioShift is by how much a case moves similarities.
const ScenarioShift = gpw.ScenarioShift
