package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"reflect"
	"slices"
	"strings"
)

// check returns an error for an invalid record, and puts its settings in canonical form.
func (r *Record) check() error {
	if r.Schema != Schema {
		return fmt.Errorf("record has schema %d, want %d", r.Schema, Schema)
	}

	settings, err := canonical(r.Settings)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if id := ID(settings); id != r.ID {
		return fmt.Errorf("record has id %.12s, its settings hash to %.12s", r.ID, id)
	}

	r.Settings = settings
	if kinds := []string{KindLoss, KindBaseline, KindElsewhere}; !slices.Contains(kinds, r.Kind) {
		return fmt.Errorf("record has kind %q, want one of %q", r.Kind, kinds)
	}
	if r.Dataset.Name == "" || r.Label == "" {
		return errors.New("record has no data set or no label")
	}

	isRecall := func(key string) bool {
		m, _, _ := FindMetric(key)
		return m.Name == Recall
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(r.Metrics)), isRecall) {
		return errors.New("record has no recall@K among its metrics")
	}

	return errors.Join(checkMetrics(r.Metrics), r.checkCounts(), checkTrajectory(r.Trajectory), r.Validation.check(), checkMetrics(r.Ensembles[Separated]), checkMetrics(r.Ensembles[Concatenated]), r.checkFiles())
}

// rounding is the amount by which a mean of fractions may exceed their range.
const rounding = 1e-9

// checkMetrics refuses a metric outside its range.
func checkMetrics(metrics map[string]float64) error {
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		low, high := rangeOf(name)
		if v := metrics[name]; !(v >= low-rounding && v <= high+rounding) || math.IsInf(v, 0) {
			return fmt.Errorf("its metric %s is %v, want a number from %v to %v", name, v, low, high)
		}
	}
	return nil
}

func (r *Record) checkCounts() error {
	d := r.Dataset
	for _, count := range []struct {
		name string
		n    int
	}{
		{"steps", r.Steps}, {"queries", r.Queries}, {"lonely", r.WithoutPositives}, {"ties", r.Ties}, {"test_evaluations", r.TestEvaluations},
		{"dataset.rows", d.Rows}, {"dataset.train_rows", d.TrainRows}, {"dataset.test_rows", d.TestRows},
		{"dataset.train_classes", d.TrainClasses}, {"dataset.test_classes", d.TestClasses}, {"dataset.dim", d.Dim},
	} {
		if count.n < 0 {
			return fmt.Errorf("its %s is %d, want a count", count.name, count.n)
		}
	}

	if r.WithoutPositives > r.Queries || r.Ties > r.Queries {
		return fmt.Errorf("of its %d queries %d are lonely and %d tied, more than there are", r.Queries, r.WithoutPositives, r.Ties)
	}
	return nil
}

func checkTrajectory(points []Point) error {
	before := 0
	for _, p := range points {
		if p.Step <= before {
			return fmt.Errorf("its trajectory has step %d after step %d, want steps that ascend", p.Step, before)
		}
		before = p.Step
		if err := checkMetrics(p.Metrics); err != nil {
			return fmt.Errorf("at step %d of its trajectory, %w", p.Step, err)
		}
	}
	return nil
}

// isArtifact reports whether a name is that of a file of a run: folder/<id>.<extension>.
func isArtifact(name string) bool {
	folder, file, _ := strings.Cut(name, "/")
	id, extension, _ := strings.Cut(file, ".")
	ours := folder == "records" || folder == "failures" || folder == "locks" || folder == "damaged"
	return fs.ValidPath(name) && isID(id) && extension != "" && !strings.Contains(file, "/") && !ours
}

// checkFiles refuses files that are not named after the run, and invalid checksums.
func (r *Record) checkFiles() error {
	for name, sum := range r.Files {
		if id, _, _ := strings.Cut(path.Base(name), "."); id != r.ID || !isArtifact(name) || !isID(sum) {
			return fmt.Errorf("its file %s with the checksum %.12s is none of a run", name, sum)
		}
	}
	return nil
}

// missing reports a field of type t, or of a struct in it, that every record has and that
// the object data lacks, because it would be read as zero.
func missing(data []byte, t reflect.Type, in string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return err
	}

	for k := range t.NumField() {
		f := t.Field(k)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		value, there := object[name]
		if !there && options == "" && name != "-" { // which is in no file
			return fmt.Errorf("it has no %s", in+name)
		}
		if f.Type.Kind() != reflect.Struct || !there {
			continue
		}
		if err := missing(value, f.Type, in+name+"."); err != nil {
			return err
		}
	}

	return nil
}
