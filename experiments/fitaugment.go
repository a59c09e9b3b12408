package experiments

import "strings"

// augment refuses changes of the features that a row cannot be trained with.
func (f *fitting) augment() {
	d := f.source.spec
	if !d.Augment.InUse() {
		return
	}

	for _, c := range plannedRuns(f.spec) {
		if c.Dataset != d || c.Row == nil || c.Seed > 0 {
			continue
		}
		loss, err := c.Row.Choice.Loss()
		if err != nil {
			continue // refused elsewhere
		}
		if err := f.source.trainConfig(c).CheckAugment(loss); err != nil {
			f.refuse(f.path("augment"), "%s on %s: %s", c.Row.Label, d.Name, strings.TrimPrefix(err.Error(), "train: "))
		}
	}
}
