package figures

import (
	"fmt"
	"maps"
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

// caption returns the hyper-parameters of a run, the memory bank that it trained with,
// and the swept settings that are not among the hyper-parameters, as the table of the
// store has them.
func caption(store *results.Store, r results.Record) (string, error) {
	with, err := Compared(r)
	if err != nil {
		return r.Params, err
	}
	var words []string
	if r.Params != "" {
		words = append(words, r.Params)
	}
	if with.Memory != nil {
		words = append(words, fmt.Sprintf("memory %s of %d from step %d", with.Memory.Name, with.Memory.Size, with.Memory.Warmup))
	}
	for _, path := range slices.Sorted(maps.Keys(r.Swept)) {
		if !strings.HasPrefix(path, "losses.") || !strings.Contains(path, ".params.") {
			words = append(words, path+" "+store.SweptText(path, r.Swept[path]))
		}
	}
	return strings.Join(words, ", "), nil
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
