package analysis

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
	"gpwbench/results"
)

// SnapshotFile is where a run's pair weights are kept, in the results folder.
func SnapshotFile(id string) string { return "weights/" + id + ".npz" }

// WriteSnapshots writes an npz with the arrays step and loss, and labels_K, s_K and g_K
// for the K-th snapshot. S came from float32 and is written as such; G is float64. It
// refuses snapshots that [ReadSnapshots] would not read.
func WriteSnapshots(w io.Writer, snapshots []gpw.Snapshot) error {
	if err := checkSnapshots(snapshots); err != nil {
		return fmt.Errorf("analysis: snapshots: %w", err)
	}

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

// ReadSnapshots reads the pair weights that a run kept, in the order of its steps. path
// is the path of [SnapshotFile] in the store. The error is a [*results.DamagedError]
// where the file holds anything that no batch produces.
func ReadSnapshots(path string) ([]gpw.Snapshot, error) {
	arrays, err := npy.ReadNPZ(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}

	var snapshots []gpw.Snapshot
	if err != nil {
		err = fmt.Errorf("it is no whole archive (%w)", err)
	} else {
		snapshots, err = snapshotsOf(arrays)
	}
	if err != nil {
		return nil, &results.DamagedError{Path: path, Err: err}
	}

	return snapshots, nil
}

// CountSnapshots returns how many snapshots the file of [ReadSnapshots] holds, and reads
// nothing else of it.
func CountSnapshots(path string) (int, error) {
	arrays, err := npy.ReadNPZ(path, "step")
	if errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var steps []int
	if err == nil {
		steps, err = ints(arrays, "step")
	}
	if err != nil {
		return 0, &results.DamagedError{Path: path, Err: err}
	}
	return len(steps), nil
}

func snapshotsOf(arrays map[string]*npy.Array) ([]gpw.Snapshot, error) {
	steps, err := ints(arrays, "step")
	if err != nil {
		return nil, err
	}

	values, err := floats(arrays, "loss", len(steps))
	if err != nil {
		return nil, err
	}

	var all []gpw.Snapshot
	for k := range steps {
		s := gpw.Snapshot{Step: steps[k], Loss: values[k]}
		if s.Labels, err = ints(arrays, fmt.Sprintf("labels_%d", k)); err != nil {
			return nil, err
		}

		m := len(s.Labels)
		if s.S, err = floats(arrays, fmt.Sprintf("s_%d", k), m, m); err != nil {
			return nil, err
		}
		if s.G, err = floats(arrays, fmt.Sprintf("g_%d", k), m, m); err != nil {
			return nil, err
		}

		all = append(all, s)
	}

	return all, checkSnapshots(all)
}

// ints returns an array of integers that has one dimension.
func ints(arrays map[string]*npy.Array, name string) ([]int, error) {
	a := arrays[name]
	if a == nil {
		return nil, fmt.Errorf("it has no array %s", name)
	}

	values, err := a.Ints()
	if err == nil && len(a.Shape) != 1 {
		err = fmt.Errorf("it has the shape %v, want one dimension", a.Shape)
	}
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", name, err)
	}

	return values, nil
}

// floats returns an array of floats that has the shape.
func floats(arrays map[string]*npy.Array, name string, shape ...int) ([]float64, error) {
	a := arrays[name]
	if a == nil {
		return nil, fmt.Errorf("it has no array %s", name)
	}

	values, err := a.Float64s()
	if err == nil && !slices.Equal(a.Shape, shape) {
		err = fmt.Errorf("it has the shape %v, want %v", a.Shape, shape)
	}
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", name, err)
	}

	return values, nil
}

// checkSnapshots refuses what no batch produces.
func checkSnapshots(snapshots []gpw.Snapshot) error {
	if len(snapshots) == 0 {
		return errors.New("it has no step")
	}

	before := -1
	for _, s := range snapshots {
		switch {
		case s.Step < 0:
			return fmt.Errorf("it has step %d, and steps count from 0", s.Step)
		case s.Step <= before:
			return fmt.Errorf("it has step %d after step %d, and steps ascend", s.Step, before)
		case len(s.Labels) == 0:
			return fmt.Errorf("step %d: the batch is empty", s.Step)
		case !isFinite(s.Loss):
			return fmt.Errorf("step %d: the loss is %v", s.Step, s.Loss)
		}

		before = s.Step

		m := len(s.Labels)
		if len(s.S) != m*m || len(s.G) != m*m {
			return fmt.Errorf("step %d: %d similarities and %d gradients for %d rows", s.Step, len(s.S), len(s.G), m)
		}
		for k, v := range s.S {
			if !(math.Abs(v) <= 1+similarityRounding) {
				return fmt.Errorf("step %d: the similarity of rows %d and %d is %v", s.Step, k/m, k%m, v)
			}
			if !isFinite(s.G[k]) {
				return fmt.Errorf("step %d: the gradient of rows %d and %d is %v", s.Step, k/m, k%m, s.G[k])
			}
		}
	}

	return nil
}
