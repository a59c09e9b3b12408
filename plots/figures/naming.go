package figures

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/losses"
	"gpwbench/results"
)

// title returns the label of a row of a table, with its loss if the spec gave a label
// that does not name it.
func title(r results.Record) string {
	loss := r.Loss
	for _, spec := range slices.Concat(losses.Catalogue, losses.ProxyLosses) {
		if spec.Name == r.Loss {
			loss = spec.Title
		}
	}
	if strings.Contains(strings.ToLower(r.Label), strings.ToLower(loss)) {
		return r.Label
	}
	return r.Label + " (" + loss + ")"
}

// caption returns the hyper-parameters of a run, and the memory bank that it trained
// with.
func caption(r results.Record) (string, error) {
	with, err := Compared(r)
	if err != nil || with.Memory == nil {
		return r.Params, err
	}
	memory := fmt.Sprintf("memory %s of %d from step %d", with.Memory.Name, with.Memory.Size, with.Memory.Warmup)
	if r.Params == "" {
		return memory, nil
	}
	return r.Params + ", " + memory, nil
}

// Compared reads from the settings of a run how it was trained. With a Memory or with
// Proxies, some or all steps compare their batch with these and not with itself. Of such
// steps no weights are kept: S is not that of a batch with itself. Of a run that is not
// trained the settings are zero.
func Compared(r results.Record) (results.TrainingSettings, error) {
	settings, err := r.ReadSettings()
	if err != nil || settings.Training == nil {
		return results.TrainingSettings{}, err
	}
	return *settings.Training, nil
}
