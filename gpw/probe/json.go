package probe

import (
	"io"

	"gpwbench/internal/output"
	"gpwbench/losses/describe"
)

// The JSON of [Write] and of gpw probe. Values that were not measured or are not defined
// are null.
type (
	reportJSON struct {
		Seed    uint64     `json:"seed"`
		Batches int        `json:"batches"`
		Samples int        `json:"samples"`
		Ranges  string     `json:"ranges"`
		Base    string     `json:"base"`
		Shift   float64    `json:"shift"`
		Losses  []lossJSON `json:"losses"`
	}
	lossJSON struct {
		Loss          string             `json:"loss"`
		Params        string             `json:"params"`
		Formula       string             `json:"formula,omitempty"` // a user-defined loss
		Remarks       []string           `json:"remarks"`
		Table1        []string           `json:"table1"` // null for a loss that is not in Table 1
		Pairs         []pairJSON         `json:"pairs"`
		Disagreements []disagreementJSON `json:"disagreements"`
		Before        float64            `json:"before"` // m·w of the cases
		Cases         []caseJSON         `json:"cases"`
		AllCases      bool               `json:"all_cases"`
		Threshold     thresholdJSON      `json:"threshold"`
	}
	pairJSON struct {
		Pair        string     `json:"pair"` // positive or negative
		SignChanges bool       `json:"sign_changes"`
		Constant    *bool      `json:"constant"` // of the effects
		Weight      *float64   `json:"largest_weight"`
		Active      *float64   `json:"with_weight"`
		Parts       []axisJSON `json:"parts"`
	}
	axisJSON struct {
		Part      string        `json:"part"` // S, N, P, X
		Depends   bool          `json:"depends"`
		Batches   int           `json:"batches"`
		Pairs     int           `json:"pairs"`
		Changed   int           `json:"changed"`
		ByDivisor int           `json:"by_divisor"`
		Sampled   int           `json:"sampled"` // see Evidence.Sampled
		Largest   float64       `json:"largest"`
		Rounding  float64       `json:"rounding"`
		Total     *intervalJSON `json:"total"`
		First     *intervalJSON `json:"first"`
	}
	intervalJSON struct {
		Value float64 `json:"value"`
		Low   float64 `json:"low"`
		High  float64 `json:"high"`
	}
	disagreementJSON struct {
		Part     string `json:"part"`
		Measured bool   `json:"measured"`
		Why      string `json:"why"`
	}
	caseJSON struct {
		Case     string  `json:"case"`
		Moves    string  `json:"moves"`
		Expected string  `json:"expected"` // up or down
		After    float64 `json:"after"`
		Divisor  float64 `json:"by_divisor_alone"`
		Responds bool    `json:"responds"`
	}
	thresholdJSON struct {
		Shifts  []float64  `json:"shifts"`
		Weights []float64  `json:"weights"`
		Jumps   []jumpJSON `json:"jumps"`
	}
	jumpJSON struct {
		At    float64 `json:"at"`
		Below float64 `json:"below"`
		Above float64 `json:"above"`
	}
)

// writeJSON writes all measurements.
func writeJSON(w io.Writer, results []Result) error {
	if results[0].Dependence == nil {
		return errNoTicks
	}

	j := reportJSON{
		Seed: results[0].Seed, Batches: results[0].Dependence.Batches,
		Ranges: EffectRanges, Base: ScenarioBase, Shift: ScenarioShift,
	}

	if e := results[0].Effects; e != nil {
		j.Samples = e.Samples
	}

	for k := range results {
		j.Losses = append(j.Losses, results[k].json())
	}
	return output.JSON(w, j, "  ")
}

func (r *Result) json() lossJSON {
	l := lossJSON{
		Loss: r.Choice.Name(), Params: r.Choice.Caption(), Formula: describe.Formula(r.Choice),
		Remarks: r.Remarks(), Disagreements: []disagreementJSON{},
		Before: r.Scenario.Before, AllCases: r.Scenario.RespondsToAll(),
		Threshold: thresholdJSON{r.Threshold.Shifts, r.Threshold.Weights, []jumpJSON{}},
	}

	if uses := r.Choice.Spec.Table1; uses != nil {
		l.Table1 = uses.Letters()
	}

	for _, side := range sides {
		l.Pairs = append(l.Pairs, r.sideJSON(side.positive, side.name))
	}

	for _, d := range r.Disagreements {
		l.Disagreements = append(l.Disagreements, disagreementJSON{d.On.String(), d.Measured, d.Why})
	}

	for k, c := range Cases {
		l.Cases = append(l.Cases, caseJSON{
			Case: c.Name, Moves: c.Moves, Expected: c.direction(),
			After: r.Scenario.After[k], Divisor: r.Scenario.Held[k], Responds: r.Scenario.Responds(k),
		})
	}

	for _, jump := range r.Threshold.Jumps {
		l.Threshold.Jumps = append(l.Threshold.Jumps, jumpJSON(jump))
	}
	return l
}

func (r *Result) sideJSON(positive bool, name string) pairJSON {
	d := r.Dependence.Of(positive)
	p := pairJSON{Pair: name, SignChanges: d.SignChanges()}
	var effect *Effect
	if r.Effects != nil {
		effect = r.Effects.Of(positive)
		p.Constant, p.Weight, p.Active = &effect.Constant, &effect.Weight, &effect.Active
	}

	for _, axis := range Axes {
		e := d.On[axis]
		a := axisJSON{
			Part: axis.String(), Depends: e.Depends(), Batches: e.Batches, Pairs: e.Pairs,
			Changed: e.Changed, ByDivisor: e.Divisor, Sampled: e.Sampled,
			Largest: e.Largest, Rounding: e.Rounding,
		}

		if effect != nil && !effect.Constant {
			total, first := intervalJSON(effect.On[axis].Total), intervalJSON(effect.On[axis].First)
			a.Total, a.First = &total, &first
		}
		p.Parts = append(p.Parts, a)
	}

	return p
}
