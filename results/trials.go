package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"gpwbench/internal/input"
)

// A Trial is one point of a search: a training judged on held-out classes alone. The test
// classes have no part in it.
type Trial struct {
	ID     string `json:"id"` // ID(Settings)
	Schema int    `json:"schema"`

	// Settings are those of the run whose number of steps the validation chooses.
	Settings json.RawMessage `json:"settings"`

	// Validation is nil where the training failed; Failed says how.
	Validation *Validation `json:"validation,omitempty"`
	Failed     string      `json:"failed,omitempty"`
}

// A trialFile is what the file of a trial contains; the checksum is the ID of the
// canonical form of the rest.
type trialFile struct {
	Trial
	Checksum string `json:"checksum"`
}

// TrialFile is where a trial is kept, in the results folder.
func TrialFile(id string) string { return "trials/" + id + ".json" }

// PutTrial keeps a trial. It is there as a whole or not at all.
func (s *Store) PutTrial(t Trial) error {
	if err := s.opened(); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return fmt.Errorf("results: trial %.12s: %w", t.ID, err)
	}
	sum, err := t.sum()
	if err != nil {
		return fmt.Errorf("results: trial %.12s: %w", t.ID, err)
	}

	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(trialFile{t, sum}); err != nil {
		return fmt.Errorf("results: trial %.12s: %w", t.ID, err)
	}
	return s.PutArtifact(TrialFile(t.ID), out.Bytes())
}

// GetTrial returns a trial. The error is fs.ErrNotExist where there is none, and a
// *DamagedError where the file is not as it was written.
func (s *Store) GetTrial(id string) (Trial, error) {
	if err := s.opened(); err != nil {
		return Trial{}, err
	}
	path := s.path(TrialFile(id))
	data, err := input.ReadFile(path)
	if err != nil {
		return Trial{}, fmt.Errorf("results: %w", err)
	}

	var f trialFile
	if err = json.Unmarshal(data, &f); err == nil {
		err = f.check()
	}
	if err == nil {
		var sum string
		if sum, err = f.sum(); err == nil && sum != f.Checksum {
			err = errors.New("it was changed since it was written (its checksum is another)")
		}
	}
	if err == nil && f.ID != id {
		err = fmt.Errorf("it holds trial %.12s", f.ID)
	}
	if err != nil {
		return Trial{}, &DamagedError{path, err}
	}
	return f.Trial, nil
}

func (t Trial) sum() (string, error) {
	text, err := canonical(t)
	return ID(text), err
}

// check refuses what no search writes, and puts the settings in canonical form.
func (t *Trial) check() error {
	if t.Schema != Schema {
		return fmt.Errorf("it has schema %d, want %d", t.Schema, Schema)
	}
	settings, err := canonical(t.Settings)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	t.Settings = settings
	if id := ID(settings); id != t.ID {
		return fmt.Errorf("it has id %.12s, its settings hash to %.12s", t.ID, id)
	}
	if (t.Validation == nil) == (t.Failed == "") {
		return errors.New("it has neither a validation nor a failure, or both")
	}
	return t.Validation.check()
}
