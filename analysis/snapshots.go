package analysis

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
)

// SnapshotFile is where a run's pair weights are kept, in the results folder.
func SnapshotFile(id string) string { return "weights/" + id + ".npz" }

// WriteSnapshots writes an npz with the arrays step, loss, labels_K, s_K and g_K for the K-th snapshot. S came from float32 and is
// written as such; G is float64.
func WriteSnapshots(w io.Writer, snapshots []gpw.Snapshot) error {
	var steps []int64
	var values []float64
	var members []npy.Member
	for k, s := range snapshots {
		m := len(s.Labels)
		steps, values = append(steps, int64(s.Step)), append(values, s.Loss)
		labels := make([]int64, m)
		for i, l := range s.Labels {
			labels[i] = int64(l)
		}
		similarities := make([]float32, len(s.S))
		for i, v := range s.S {
			similarities[i] = float32(v)
		}
		members = append(members,
			npy.Member{Name: fmt.Sprintf("labels_%d", k), Shape: []int{m}, Data: labels},
			npy.Member{Name: fmt.Sprintf("s_%d", k), Shape: []int{m, m}, Data: similarities},
			npy.Member{Name: fmt.Sprintf("g_%d", k), Shape: []int{m, m}, Data: s.G},
		)
	}
	members = append(members,
		npy.Member{Name: "step", Shape: []int{len(steps)}, Data: steps},
		npy.Member{Name: "loss", Shape: []int{len(values)}, Data: values},
	)
	return npy.WriteNPZ(w, members)
}

// ReadSnapshots reads the pair weights that a run kept, in the order of its steps. path is results.Store.Path of SnapshotFile.
func ReadSnapshots(path string) ([]gpw.Snapshot, error) {
	arrays, err := npy.ReadNPZ(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("analysis: %s is damaged: delete it, and the run is made again (%w)", path, err)
	}
	missing := func(name string) error {
		return fmt.Errorf("analysis: %s has no array %s: delete it, and the run is made again", path, name)
	}
	ints := func(name string) ([]int, error) {
		if arrays[name] == nil {
			return nil, missing(name)
		}
		return arrays[name].Ints()
	}
	floats := func(name string) ([]float64, error) {
		if arrays[name] == nil {
			return nil, missing(name)
		}
		return arrays[name].Float64s()
	}
	steps, err := ints("step")
	if err != nil {
		return nil, err
	}
	values, err := floats("loss")
	if err != nil {
		return nil, err
	}
	if len(values) != len(steps) {
		return nil, missing("loss for every step")
	}
	var all []gpw.Snapshot
	for k := range steps {
		s := gpw.Snapshot{Step: steps[k], Loss: values[k]}
		if s.Labels, err = ints(fmt.Sprintf("labels_%d", k)); err != nil {
			return nil, err
		}
		if s.S, err = floats(fmt.Sprintf("s_%d", k)); err != nil {
			return nil, err
		}
		if s.G, err = floats(fmt.Sprintf("g_%d", k)); err != nil {
			return nil, err
		}
		if m := len(s.Labels); len(s.S) != m*m || len(s.G) != m*m {
			return nil, fmt.Errorf("analysis: %s holds arrays of shapes that do not fit: delete it, and the run is made again", path)
		}
		all = append(all, s)
	}
	return all, nil
}
