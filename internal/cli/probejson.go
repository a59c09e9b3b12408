package cli

import (
	"gpwbench/gpw/probe"
)

// The JSON of gpw probe.
type (
	probeJSON struct {
		Seed    uint64          `json:"seed"`
		Batches int             `json:"batches"`
		Samples int             `json:"samples"`
		Ranges  string          `json:"ranges"`
		Base    string          `json:"base"`
		Shift   float64         `json:"shift"`
		Losses  []probeLossJSON `json:"losses"`
	}
	probeLossJSON struct {
		Loss          string             `json:"loss"`
		Params        string             `json:"params"`
		Formula       string             `json:"formula,omitempty"` // of a loss of formulas
		Remarks       []string           `json:"remarks"`
		Table1        []string           `json:"table1"` // null for a loss that is not in it
		Pairs         []probePairJSON    `json:"pairs"`
		Disagreements []disagreementJSON `json:"disagreements"`
		Before        float64            `json:"before"` // m·w of the cases
		Cases         []caseJSON         `json:"cases"`
		AllCases      bool               `json:"all_cases"`
		Threshold     thresholdJSON      `json:"threshold"`
	}
	probePairJSON struct {
		Pair        string     `json:"pair"` // positive or negative
		SignChanges bool       `json:"sign_changes"`
		Constant    *bool      `json:"constant"` // of the effects; null if they were not asked for
		Weight      *float64   `json:"largest_weight"`
		Active      *float64   `json:"with_weight"`
		Parts       []partJSON `json:"parts"`
	}
	partJSON struct {
		Part      string        `json:"part"` // S, N, P, X
		Depends   bool          `json:"depends"`
		Batches   int           `json:"batches"`
		Pairs     int           `json:"pairs"`
		Changed   int           `json:"changed"`
		ByDivisor int           `json:"by_divisor"`
		Sampled   int           `json:"sampled"` // rows of the samples that gave the tick, where no batch did
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

func (p *probing) json(measured []probed) probeJSON {
	j := probeJSON{Seed: p.seed, Batches: measured[0].ticks.Batches, Samples: p.samples, Ranges: probe.EffectRanges, Base: probe.ScenarioBase, Shift: probe.ScenarioShift}
	for _, m := range measured {
		l := probeLossJSON{
			Loss: m.choice.Name(), Params: m.choice.Caption(), Formula: writtenFormula(m.choice), Remarks: m.remarks(), Disagreements: []disagreementJSON{}, Before: m.scenario.Before,
			AllCases: m.scenario.RespondsToAll(), Threshold: thresholdJSON{m.threshold.Shifts, m.threshold.Weights, []jumpJSON{}},
		}
		if uses := m.choice.Spec.Table1; uses != 0 {
			l.Table1 = uses.Letters()
		}
		for _, kind := range kinds {
			l.Pairs = append(l.Pairs, m.pairJSON(kind.positive, kind.name))
		}
		for _, d := range m.disagreements {
			l.Disagreements = append(l.Disagreements, disagreementJSON{d.On.String(), d.Measured, d.Why})
		}
		for k, c := range probe.Cases {
			l.Cases = append(l.Cases, caseJSON{c.Name, c.Moves, direction(c), m.scenario.After[k], m.scenario.Held[k], m.scenario.Responds(k)})
		}
		for _, s := range m.threshold.Jumps {
			l.Threshold.Jumps = append(l.Threshold.Jumps, jumpJSON{s.At, s.Below, s.Above})
		}
		j.Losses = append(j.Losses, l)
	}
	return j
}

func (m *probed) pairJSON(positive bool, name string) probePairJSON {
	d := m.ticks.Of(positive)
	p := probePairJSON{Pair: name, SignChanges: d.SignChanges()}
	var effect *probe.Effect
	if m.effects != nil {
		effect = m.effects.Of(positive)
		p.Constant, p.Weight, p.Active = &effect.Constant, &effect.Weight, &effect.Active
	}
	for _, part := range probe.Parts {
		e := d.On[part]
		q := partJSON{Part: part.String(), Depends: e.Depends(), Batches: e.Batches, Pairs: e.Pairs, Changed: e.Changed, ByDivisor: e.Divisor, Sampled: e.Sampled, Largest: e.Largest, Rounding: e.Rounding}
		if effect != nil && !effect.Constant {
			i := effect.On[part]
			q.Total, q.First = &intervalJSON{i.Total.Value, i.Total.Low, i.Total.High}, &intervalJSON{i.First.Value, i.First.Low, i.First.High}
		}
		p.Parts = append(p.Parts, q)
	}
	return p
}
