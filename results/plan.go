package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"gpwbench/internal/input"
)

// A Plan lists the runs of an experiment. With it the table can be made again from the
// folder alone, in the order of the spec, and without the runs of an older spec in the
// same folder.
type Plan struct {
	Schema     int    `json:"schema"`
	Experiment string `json:"experiment"`
	// Names of data sets and labels of rows, as the spec lists them.
	Order     []string `json:"order"`
	Reference string   `json:"reference"` // name for Published, or empty
	Runs      []string `json:"runs"`      // IDs, in the order of the spec

	// Sweep are the swept settings with their values, in the order of the spec.
	Sweep []SweepKey `json:"sweep,omitempty"`

	// Swept are, by ids, the values that a run is of. A run may be of several: a PCA to
	// 512 dimensions is that of every head with more.
	Swept map[string][]Swept `json:"swept,omitempty"`

	// Labels are, by ids, the rows of those runs whose own label has a swept value in it.
	Labels map[string]string `json:"labels,omitempty"`

	// Seedless are the ids of runs of embeddings that are one file without a seed. Their
	// settings have seed 0, which then stands for no seed.
	Seedless []string `json:"seedless,omitempty"`
}

// Place returns a record with the swept values, the label and the lack of a seed that it
// has in the plan's table, whichever experiment it was made for.
func (p Plan) Place(r Record) Record {
	r.Swept = nil
	if all := p.Swept[r.ID]; len(all) > 0 {
		r.Swept = all[0]
	}
	if label, ok := p.Labels[r.ID]; ok {
		r.Label = label
	}
	r.Seedless = slices.Contains(p.Seedless, r.ID)
	return r
}

// Spread places records as [Plan.Place] does, each once for every combination of swept
// values that it is of.
func (p Plan) Spread(records []Record) []Record {
	var all []Record
	for _, r := range records {
		r = p.Place(r)
		all = append(all, r)
		for k := 1; k < len(p.Swept[r.ID]); k++ {
			r.Swept = p.Swept[r.ID][k]
			all = append(all, r)
		}
	}
	return all
}

const planName = "plan.json"

func (p Plan) encode() ([]byte, error) {
	p.Schema = Schema
	data, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("results: plan: %w", err)
	}
	return append(data, '\n'), nil
}

// LoadPlan returns the plan, and the records of its completed runs, in the order of the
// plan. The error is fs.ErrNotExist if the folder has no plan.
func (s *Store) LoadPlan() (Plan, []Record, error) {
	if err := s.opened(); err != nil {
		return Plan{}, nil, err
	}
	p, err := s.Plan()
	if err != nil {
		return Plan{}, nil, err
	}
	records, err := s.CompletedRecords(p)
	return p, records, err
}

// Plan returns the plan of the folder, without its records. The error is fs.ErrNotExist
// if it has none.
func (s *Store) Plan() (Plan, error) {
	if err := s.opened(); err != nil {
		return Plan{}, err
	}
	path := s.path(planName)
	data, err := input.ReadFile(path)
	if err != nil {
		return Plan{}, fmt.Errorf("results: %w", err)
	}

	var p Plan
	if err := json.Unmarshal(data, &p); err != nil {
		return Plan{}, fmt.Errorf("results: %s: not a whole plan (%w): delete it and run the experiment again, finished runs are kept", path, err)
	}
	if p.Schema != Schema {
		return Plan{}, fmt.Errorf("results: %s: plan of schema %d, this program reads %d: run the experiment again", path, p.Schema, Schema)
	}
	if err := p.check(); err != nil {
		return Plan{}, fmt.Errorf("results: %s: %w: run the experiment again, finished runs are kept", path, err)
	}
	return p, nil
}

// SweptText writes a run's value of a swept setting as the table of the folder does,
// which depends on the other values ([SweptTexts]). Without a plan it is [SweptText].
func (s *Store) SweptText(path string, value any) string {
	if s.opened() == nil {
		if p, err := s.Plan(); err == nil {
			for _, key := range p.Sweep {
				if key.Path == path {
					return SweptTextAmong(value, key.Values)
				}
			}
		}
	}
	return SweptText(value)
}

// check refuses a plan that lists a run twice, or that no experiment can have.
func (p Plan) check() error {
	seen := map[string]bool{}
	for _, id := range p.Runs {
		if !isID(id) {
			return fmt.Errorf("not a whole plan (%.12q is no id of a run)", id)
		}
		if seen[id] {
			return fmt.Errorf("not a whole plan (run %.12s stands in it twice)", id)
		}
		seen[id] = true
	}
	return nil
}

// CompletedRecords returns the records of the completed runs of a plan, in its order and
// placed by it. A run with a damaged record is not completed; [Store.Damaged] names it.
func (s *Store) CompletedRecords(p Plan) ([]Record, error) {
	records, _, err := s.Records(p)
	return records, err
}

// Damaged returns a sentence for each damaged record of a plan.
func (s *Store) Damaged(p Plan) []string {
	if s == nil {
		return nil
	}
	var sentences []string
	for _, id := range p.Runs {
		if _, err := s.Get(id); err != nil {
			sentences = append(sentences, damage(id, err)...)
		}
	}
	return sentences
}

// Records are [Store.CompletedRecords] and [Store.Damaged] of one reading, for folders of
// thousands of records.
func (s *Store) Records(p Plan) (records []Record, sentences []string, err error) {
	if err := s.opened(); err != nil {
		return nil, nil, err
	}
	for _, id := range p.Runs {
		r, err := s.Get(id)
		if said := damage(id, err); said != nil || errors.Is(err, fs.ErrNotExist) {
			sentences = append(sentences, said...)
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		records = append(records, p.Place(r))
	}
	return records, sentences, nil
}

// damage is a sentence on a record that is damaged, and nothing for another error.
func damage(id string, err error) []string {
	damaged := new(DamagedError)
	if !errors.As(err, &damaged) {
		return nil
	}
	return []string{fmt.Sprintf("%s is damaged (%v) and counts as not done; gpw run sets it aside and makes the run again.", RecordName(id), damaged.Err)}
}
