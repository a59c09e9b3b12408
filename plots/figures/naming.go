package figures

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gpwbench/losses"
	"gpwbench/results"
)

// title is the row of a table, with its loss where the label is one of the spec's own
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

// caption is the hyper-parameters of a run, the memory bank that it trained against, and
// the swept settings that are not among the hyper-parameters.
func caption(r results.Record) (string, error) {
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
			words = append(words, path+" "+results.SweptText(r.Swept[path]))
		}
	}
	return strings.Join(words, ", "), nil
}

// A Comparison is what the steps of a run compare their batches with, where that is
// not the batch itself. Of such steps no weights are kept: S is not that of a batch
// with itself.
type Comparison struct {
	Memory *struct {
		Name   string `json:"name"`
		Size   int    `json:"size"`   // embeddings
		Warmup int    `json:"warmup"` // the first step that has it
	} `json:"memory"`
	Proxies *struct{} `json:"proxies"`
}

// Compared reads the settings of a run.
func Compared(r results.Record) (Comparison, error) {
	var settings struct{ Training Comparison }
	if err := json.Unmarshal(r.Settings, &settings); err != nil {
		return Comparison{}, fmt.Errorf("%s: the settings of its record are not of this program (%w): delete the record, and the run is made again", r.Label, err)
	}
	return settings.Training, nil
}
