package table

import (
	"slices"
	"strings"

	"gpwbench/results"
)

// ensembles are the names of the ensembles, in the order of their rows.
var ensembles = []string{results.Separated, results.Concatenated}

// withEnsembles returns the records with a further one for each ensemble of the heads of
// a validation, so that each is a row.
func withEnsembles(records []results.Record) []results.Record {
	var all []results.Record
	for _, r := range records {
		all = append(all, r)
		for _, name := range ensembles {
			metrics, ok := r.Ensembles[name]
			if !ok {
				continue
			}
			e := r
			e.Label += ", " + name
			e.Metrics, e.Ties, e.Validation = metrics, 0, nil
			e.Unanswered, e.EnsemblesUnanswered = r.EnsemblesUnanswered[name], nil
			e.Learned, e.Drawn, e.Trajectory, e.Warnings, e.Diagnoses, e.Files = nil, nil, nil, nil, nil, nil

			// By its only key the row is known as that ensemble.
			e.Ensembles = map[string]map[string]float64{name: nil}
			all = append(all, e)
		}
	}
	return all
}

// ensembleOf returns the ensemble that a record of [withEnsembles] is; "" for a run.
func ensembleOf(r results.Record) string {
	for name, metrics := range r.Ensembles {
		if metrics == nil {
			return name
		}
	}
	return ""
}

// ensembleRank orders the ensembles behind the run that they belong to, whose label is
// base.
func ensembleRank(r results.Record) (base string, rank int) {
	name := ensembleOf(r)
	return strings.TrimSuffix(r.Label, ", "+name), slices.Index(ensembles, name)
}

// joinedHeads is of how many heads the embeddings of a record of [withEnsembles] are.
func joinedHeads(r results.Record) int {
	if ensembleOf(r) != results.Concatenated {
		return 1
	}
	s, err := r.ReadSettings()
	if err != nil || s.Training == nil {
		return 1
	}
	folds, ok := s.Training.Protocol["folds"].(float64)
	if !ok {
		return 1
	}
	return int(folds)
}
