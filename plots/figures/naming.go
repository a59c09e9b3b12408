package figures

import (
	"encoding/json"
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

// A Comparison says what the steps of a run compare their batches with, if not the batch
// itself. Such steps keep no weights, because S is not that of a batch with itself.
type Comparison struct {
	Memory *struct {
		Name   string `json:"name"`
		Size   int    `json:"size"`   // embeddings
		Warmup int    `json:"warmup"` // the first step with it
	} `json:"memory"`
	Proxies *struct{} `json:"proxies"`
}

// Compared returns the comparison from the settings of a run.
func Compared(r results.Record) (Comparison, error) {
	var settings struct{ Training Comparison }
	if err := json.Unmarshal(r.Settings, &settings); err != nil {
		return Comparison{}, fmt.Errorf("%s: the settings of its record are not of this program (%w): delete the record, and the run is made again", r.Label, err)
	}
	return settings.Training, nil
}
