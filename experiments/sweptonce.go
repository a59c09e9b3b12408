package experiments

import (
	"encoding/json"
	"slices"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A key of one value has no second run to compare with. What it touches is read from the
// settings of a run, which hold all on which its numbers depend, and nothing else.

// touchesAlone reports whether the run of a place has the only value of a key.
func (p *sweepPlan) touchesAlone(key spec.SweepKey, at rowPlace, settings []byte) bool {
	path, value := key.Path, asJSON(key.Values[0])
	if rest, is := strings.CutPrefix(path, "losses."); is {
		return at.row >= 0 && slices.ContainsFunc(rowNames(&p.spec.Losses[at.row]), func(name string) bool {
			return strings.HasPrefix(rest, name+".")
		})
	}
	if rest, is := strings.CutPrefix(path, "datasets."); is {
		own, is := strings.CutPrefix(rest, p.spec.Datasets[at.dataset].Name+".")
		if !is {
			return false
		}
		path = own
	}

	var run struct {
		Baseline, Training map[string]any
	}
	if json.Unmarshal(settings, &run) != nil {
		return false
	}
	keys := strings.Split(path, ".")
	if at.row >= 0 {
		return has(run.Training, keys, value)
	}

	// The dimensions of a PCA are those of the head. What an untrained head does not read
	// is 0 in its settings.
	if dim := headDim(path, value); dim != nil && at.baseline >= 0 && p.spec.Baselines[at.baseline].Dim == 0 && run.Baseline["dim"] == dim {
		return true
	}
	return value != 0.0 && has(run.Baseline, keys, value)
}

// headDim is the dimension that a value of a path gives the head, nil if it gives none.
func headDim(path string, value any) any {
	switch block, _ := value.(map[string]any); path {
	case "head":
		return block["dim"]
	case "head.dim":
		return value
	}
	return nil
}

// rowNames are what a path calls a row of losses.
func rowNames(r *spec.Row) []string {
	names := []string{r.Label}
	if s := r.Choice.Spec; s != nil {
		names = append(names, s.Name, r.Choice.Name(), s.Name+"."+r.Choice.Preset)
	}
	return names
}

// has reports whether settings have a value at a path. A setting that its block leaves
// out is 0, false or none.
func has(settings map[string]any, keys []string, value any) bool {
	if settings == nil {
		return false
	}
	at, is := settings[keys[0]]
	if len(keys) == 1 {
		return is && agrees(at, value) || !is && slices.Contains([]any{0.0, false, "none"}, value)
	}
	block, _ := at.(map[string]any)
	return has(block, keys[1:], value)
}

// agrees reports whether a setting is of a value. A block is of its name, and of a block
// that gives some of its settings.
func agrees(setting, value any) bool {
	block, is := setting.(map[string]any)
	if !is {
		return results.EqualSwept(setting, value) || results.SweptText(setting) == results.SweptText(value)
	}
	given, is := value.(map[string]any)
	if !is {
		return block["name"] == value
	}
	for key, v := range given {
		if !has(block, []string{key}, v) {
			return false
		}
	}
	return true
}
