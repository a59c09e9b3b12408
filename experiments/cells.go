package experiments

import (
	"fmt"

	"gpwbench/losses"
	"gpwbench/results"
)

// A Cell is one run of an experiment: a data set, a row of the table, and a seed.
type Cell struct {
	Dataset  *Dataset
	Baseline *Baseline // or
	Row      *Row
	Protocol Protocol
	Seed     uint64
	Keep     []int // steps whose pair weights are kept
}

// Cells expands the spec: for each data set its baselines, then for each seed every loss, so that a table is whole early. It needs no
// data and no clock.
func (s *Spec) Cells() []Cell {
	var cells []Cell
	for k := range s.Datasets {
		data := &s.Datasets[k]
		for b := range s.Baselines {
			seeds := 1
			if s.Baselines[b].Name == "untrained" && data.Head.random() {
				seeds = s.Seeds
			}
			for seed := range seeds {
				cells = append(cells, Cell{Dataset: data, Baseline: &s.Baselines[b], Protocol: Protocol{Name: "none"}, Seed: uint64(seed)})
			}
		}
		for seed := range s.Seeds {
			for r := range s.Losses {
				c := Cell{Dataset: data, Row: &s.Losses[r], Protocol: data.Protocol, Seed: uint64(seed)}
				if p := s.Losses[r].Protocol; p != nil {
					c.Protocol = *p
				}
				if seed == 0 {
					c.Keep = data.kept(s.Weights)
				}
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// kept resolves Last, which differs between data sets that train for different times. Without a head nothing changes after the first step.
func (d *Dataset) kept(at []int) []int {
	var steps []int
	for _, step := range at {
		if step == Last {
			step = d.Steps - 1
		}
		if d.Head.Name == "none" {
			step = 0
		}
		if len(steps) == 0 || steps[len(steps)-1] != step {
			steps = append(steps, step)
		}
	}
	return steps
}

// Label returns the row of the table that the cell belongs to.
func (c Cell) Label() string {
	if c.Row != nil {
		return c.Row.Label
	}
	return c.Baseline.label()
}

func (b Baseline) label() string {
	switch {
	case b.Name == "pca" && b.Dim > 0:
		return fmt.Sprintf("PCA to %d", b.Dim)
	case b.Name == "pca":
		return "PCA"
	case b.Name == "raw":
		return "raw features"
	}
	return b.Name
}

// String names the cell for people.
func (c Cell) String() string {
	if c.Baseline != nil && !(c.Baseline.Name == "untrained" && c.Dataset.Head.random()) {
		return fmt.Sprintf("%s: %s", c.Dataset.Name, c.Label())
	}
	return fmt.Sprintf("%s: %s, %s, seed %d", c.Dataset.Name, c.Label(), c.Protocol.Name, c.Seed)
}

// settings is all that a run's numbers depend on. Its canonical JSON is the pre-image of the run's id, so a field that is added or
// renamed makes every run new.
type settings struct {
	Schema   int             `json:"schema"`
	Trainer  int             `json:"trainer_revision"`
	Kind     string          `json:"kind"`
	Label    string          `json:"label"`
	Dataset  datasetSettings `json:"dataset"`
	Baseline *baseline       `json:"baseline,omitempty"`
	Loss     *lossSettings   `json:"loss,omitempty"`
	Training *training       `json:"training,omitempty"`
	Metrics  Metrics         `json:"metrics"`
	Seed     uint64          `json:"seed"`
}

type datasetSettings struct {
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
	Split    string `json:"split"`
}

type baseline struct {
	Name       string   `json:"name"`
	Dim        int      `json:"dim"`
	Preprocess []string `json:"preprocess,omitempty"`
	Head       *Head    `json:"head,omitempty"` // of untrained
}

type lossSettings struct {
	Name     string         `json:"name"`
	Preset   string         `json:"preset"`
	Form     string         `json:"form"` // losses.Preset.Form, or the text of a formula
	Params   map[string]any `json:"params"`
	Miner    string         `json:"miner"`
	Mining   map[string]any `json:"mining,omitempty"`
	Revision int            `json:"revision"`
}

type training struct {
	Preprocess []string  `json:"preprocess"`
	Head       Head      `json:"head"`
	Sampler    Sampler   `json:"sampler"`
	Optimizer  Optimizer `json:"optimizer"`
	Memory     *Memory   `json:"memory,omitempty"`  // nil: none
	Proxies    *Proxies  `json:"proxies,omitempty"` // nil: none
	Steps      int       `json:"steps"`
	Protocol   Protocol  `json:"protocol"`
}

func (c Cell) lossSettings() *lossSettings {
	choice := c.Row.Choice
	s := &lossSettings{
		Name: choice.Spec.Name, Preset: choice.Preset, Form: choice.Form(), Params: values(choice.Value),
		Miner: choice.MinerForm(), Revision: choice.Spec.Revision,
	}
	if choice.Miner != nil {
		s.Mining = values(choice.Miner)
	}
	return s
}

func values(of any) map[string]any {
	m := map[string]any{}
	for _, p := range losses.Parameters(of) {
		m[p.Name] = p.Value
	}
	return m
}

// kind returns the record's word for what the cell is.
func (c Cell) kind() string {
	if c.Row != nil {
		return results.KindLoss
	}
	return results.KindBaseline
}
