package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"gpwbench/internal/input"
)

// A Failure is a run that ended with an error. It is kept until the run succeeds.
type Failure struct {
	ID     string `json:"id"`
	Schema int    `json:"schema"`
	Run    string `json:"run"` // what it is of: "cub: Triplet, fixed, seed 0"
	Error  string `json:"error"`

	// Where it failed, because another machine may succeed.
	Host     string `json:"host"`
	Revision string `json:"revision,omitempty"` // of the program
}

// FailureFile is where the folder has the failure of a run.
func FailureFile(id string) string { return "failures/" + id + ".json" }

// PutFailure keeps a failure in place of an earlier one of the run. A run that has a
// record has not failed, and nothing is written. The caller holds the claim of the run.
func (s *Store) PutFailure(f Failure) error {
	if err := s.opened(); err != nil {
		return err
	}
	if !isID(f.ID) || f.Error == "" {
		return fmt.Errorf("results: a failure of run %.12q without an id or an error", f.ID)
	}
	if _, err := s.Get(f.ID); err == nil {
		return nil
	}
	f.Schema = Schema
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("results: failure of run %.12s: %w", f.ID, err)
	}
	return s.write(FailureFile(f.ID), append(data, '\n'))
}

// GetFailure returns the failure of a run. The error is fs.ErrNotExist where it has none,
// and a *DamagedError where the file is not as it was written.
func (s *Store) GetFailure(id string) (f Failure, err error) {
	if err := s.opened(); err != nil {
		return f, err
	}
	path := s.path(FailureFile(id))
	data, err := input.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("results: run %.12s has no failure: %w", id, fs.ErrNotExist)
	}
	if err != nil {
		return f, fmt.Errorf("results: %w", err)
	}
	if err = json.Unmarshal(data, &f); err == nil && (f.ID != id || f.Error == "") {
		err = errors.New("it is of no failure of the run")
	}
	if err != nil {
		return Failure{}, &DamagedError{path, err}
	}
	return f, nil
}
