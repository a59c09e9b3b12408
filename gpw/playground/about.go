package playground

import (
	"gpwbench/losses"
	"gpwbench/losses/describe"
)

// An About describes the loss of a panel in words.
type About struct {
	Name    string   `json:"name"` // with its preset
	Title   string   `json:"title"`
	Caption string   `json:"caption"` // the parameters
	Formula string   `json:"formula"`
	Source  string   `json:"source"`
	Remarks []string `json:"remarks"`
	Miner   string   `json:"miner"`  // the name, "none" without one
	Fields  Fields   `json:"fields"` // of a formula; empty for a loss of the catalogue
}

// Fields are what the reader types for a loss of formulas.
type Fields struct {
	Value        string `json:"value"`
	Positive     string `json:"positive"`
	Negative     string `json:"negative"`
	MinePositive string `json:"mine_positive"`
	MineNegative string `json:"mine_negative"`
	Params       string `json:"params"`
}

// About describes the loss of a panel.
func (p *Playground) About(panel int) About {
	q := p.panels[panel]
	c, spec := q.choice, q.choice.Spec
	a := About{
		Name: c.Name(), Title: spec.Title, Caption: c.Caption(), Formula: spec.Formula, Source: spec.Cite,
		Remarks: []string{}, Miner: losses.MinerName(c.Miner),
	}
	if note := describe.VectorMeansNote(spec.Title, c.Traits()); note != "" {
		a.Remarks = append(a.Remarks, note+".")
	}
	if spec.Held != "" {
		a.Remarks = append(a.Remarks, "Its gradient holds constant: "+spec.Held+".")
	}
	a.Remarks = append(a.Remarks, spec.Notes...)

	if q.loss.IsFormula() {
		s := q.loss.source()
		a.Fields = Fields{s.Value, s.Positive, s.Negative, s.MinePositive, s.MineNegative, writeParams(q.loss.Params)}
	}
	return a
}

// SetFields replaces the loss of a panel by formulas. The error is a [FieldErrors].
func (p *Playground) SetFields(panel int, f Fields) error {
	params, err := parseParams(f.Params)
	if err != nil {
		return err
	}
	l := Loss{Name: "my_loss", Value: f.Value, Positive: f.Positive, Negative: f.Negative, Params: params}
	if f.MinePositive+f.MineNegative != "" {
		l.Mine = &Mine{f.MinePositive, f.MineNegative}
	}
	if !l.IsFormula() {
		return FieldErrors{{"value", "write a value, or the weights of positive and negative pairs", -1}}
	}
	return p.SetLoss(panel, l)
}

// SetMiner replaces the miner of a panel's loss by one with its usual parameters. The
// error is a [FieldErrors].
func (p *Playground) SetMiner(panel int, name string) error {
	l := p.panels[panel].loss
	l.Miner = &Miner{Name: name}
	choice, err := l.choose()
	if err != nil {
		return err
	}
	p.panels[panel].set(l, choice)
	return nil
}
