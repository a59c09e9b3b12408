package cli

import (
	"fmt"

	"gpwbench/gpw"
	"gpwbench/plots/figures"
	"gpwbench/results"
)

// noWeights says why runs kept none, and which rows of the same data set have some.
func (f *plotFlags) noWeights(store *results.Store, chosen []results.Record) error {
	self := false // whether a run compares batches with themselves all the time
	for _, r := range chosen {
		with, err := figures.Compared(r)
		if err != nil {
			return err
		}
		self = self || with.Memory == nil && with.Proxies == nil
	}
	if self {
		return fmt.Errorf("%s kept no weights of these runs; add weights: {at: [first, last]} to the spec and run it again", f.run)
	}
	const why = "a step against proxies or a memory bank keeps none, because its S is not that of a batch with itself"
	_, all, err := store.Planned()
	if err != nil {
		return err
	}
	var labels []string
	seen := map[string]bool{}
	for _, r := range all {
		if seen[r.Label] || r.Kind != results.KindLoss || r.Dataset.Name != chosen[0].Dataset.Name {
			continue
		}
		clouds, err := figures.Clouds(store, r, gpw.Pooling{})
		if err != nil {
			return err
		}
		if len(clouds) > 0 {
			seen[r.Label] = true
			labels = append(labels, r.Label)
		}
	}
	if len(labels) == 0 {
		return fmt.Errorf("%s has no weights of these runs: %s; no row of it has some", f.run, why)
	}
	return fmt.Errorf("%s has no weights of these runs: %s; --loss takes the rows that have some: %s", f.run, why, list(labels))
}
