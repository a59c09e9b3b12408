package results

import "fmt"

// A Diagnosis is a problem of a training that its metrics alone would not show. Finding,
// Extent and Try form a sentence.
type Diagnosis struct {
	Name string `json:"name"` // for programs: dead_training
	// The same for all runs with this problem: "Dead training: no pair has weight any
	// more".
	Finding string `json:"finding"`
	Extent  string `json:"extent"` // of this run: "from step 120 of 200 on"
	Try     string `json:"try"`    // "a larger margin"
}

// String returns the sentence of one run.
func (d Diagnosis) String() string {
	return fmt.Sprintf("%s, %s; try %s.", d.Finding, d.Extent, d.Try)
}
