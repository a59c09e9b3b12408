package table

import "gpwbench/results"

// withEnsembles returns the records with a further one for each ensemble of the heads of
// a validation, so that each is a row.
func withEnsembles(records []results.Record) []results.Record {
	var all []results.Record
	for _, r := range records {
		all = append(all, r)
		for _, name := range []string{results.Separated, results.Concatenated} {
			metrics, ok := r.Ensembles[name]
			if !ok {
				continue
			}
			e := r
			e.Label += ", " + name
			e.Metrics, e.Ties, e.Validation, e.Ensembles = metrics, 0, nil, nil
			e.Learned, e.Drawn, e.Trajectory, e.Warnings, e.Diagnoses, e.Files = nil, nil, nil, nil, nil, nil
			all = append(all, e)
		}
	}
	return all
}
