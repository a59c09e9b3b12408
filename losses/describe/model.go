package describe

import (
	"slices"

	"gpwbench/losses"
)

// An Entry is a loss of the catalogue as JSON.
type Entry struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Family     string      `json:"family"`
	Year       int         `json:"year"`
	Cite       string      `json:"cite"`
	Formula    string      `json:"formula"`
	Uses       []string    `json:"uses"` // the letters that Table 1 of the paper ticks
	Relation   string      `json:"relation"`
	Traits     []string    `json:"traits"`
	Held       string      `json:"held_constant,omitempty"` // by the gradient
	Notes      []string    `json:"notes,omitempty"`
	Revision   int         `json:"revision"`
	Parameters []Parameter `json:"parameters"`
	Presets    []Preset    `json:"presets"`
}

// A Parameter is a parameter that at least one preset of a loss has.
type Parameter struct {
	Name    string   `json:"name"`
	Symbol  string   `json:"symbol"`
	Default any      `json:"default"` // of the first preset that has the parameter
	Domain  string   `json:"domain"`
	Doc     string   `json:"doc"`
	Aliases []string `json:"aliases,omitempty"`
	Presets []string `json:"presets"` // that have it
}

// A Preset is a named setting of a loss.
type Preset struct {
	Name    string         `json:"name"`
	Source  string         `json:"source"`
	Code    string         `json:"code,omitempty"`    // with its version
	Departs string         `json:"departs,omitempty"` // where it and Code differ
	Traits  []string       `json:"traits,omitempty"`  // beyond those of the loss
	Params  map[string]any `json:"params"`
	Miner   map[string]any `json:"miner,omitempty"`
}

// Entries describes losses, in their order.
func Entries(specs []losses.Spec) []Entry {
	all := []Entry{}
	for _, s := range specs {
		e := Entry{
			Name: s.Name, Title: s.Title, Family: string(s.Family), Year: s.Year,
			Cite: s.Cite, Formula: s.Formula, Uses: s.Table1.Letters(),
			Relation: s.Relation.String(), Traits: s.Traits.Names(), Held: s.Held,
			Notes: notes(s.Name, s), Revision: s.Revision, Parameters: parameters(s.Presets),
		}

		for _, p := range s.Presets {
			e.Presets = append(e.Presets, presetEntry(p))
		}
		all = append(all, e)
	}
	return all
}

func presetEntry(p losses.Preset) Preset {
	e := Preset{
		Name: p.Name, Source: p.Source, Code: p.Code, Departs: p.Departs,
		Traits: p.Traits.Names(), Params: map[string]any{},
	}

	for _, q := range losses.Parameters(p.Value) {
		e.Params[q.Name] = q.Value
	}
	if p.Miner == nil {
		return e
	}

	e.Miner = map[string]any{"name": losses.MinerName(p.Miner)}
	for _, q := range losses.Parameters(p.Miner) {
		e.Miner[q.Name] = q.Value
	}
	return e
}

// parameters describes every parameter that a preset has, once, in the order of the
// presets.
func parameters(presets []losses.Preset) []Parameter {
	all := []Parameter{}
	for _, preset := range presets {
		for _, p := range losses.Parameters(preset.Value) {
			k := slices.IndexFunc(all, func(q Parameter) bool { return q.Name == p.Name })
			if k < 0 {
				k = len(all)
				all = append(all, Parameter{
					Name: p.Name, Symbol: p.Symbol, Default: p.Value,
					Domain: p.Domain.String(), Doc: p.Doc, Aliases: p.Aliases,
				})
			}
			all[k].Presets = append(all[k].Presets, preset.Name)
		}
	}
	return all
}
