package experiments

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"gpwbench/experiments/protocol"
	"gpwbench/results"
)

// priced lists jobs with what each takes, about.
func (r *runner) priced(jobs [][]job) ([]MissingRun, error) {
	took, err := r.took()
	if err != nil {
		return nil, err
	}
	var all []MissingRun
	for unit, js := range jobs {
		for _, j := range js {
			seconds := j.estimate()
			if similar := took[similarity(j.record)]; len(similar) > 0 {
				seconds = similar[len(similar)/2]
			}
			all = append(all, MissingRun{PlannedRun: j.PlannedRun, ID: j.record.ID, Unit: unit, Seconds: seconds})
		}
	}
	return all, nil
}

// took are the seconds that runs in the folder took, in ascending order, by similarity.
func (r *runner) took() (map[string][]float64, error) {
	took := map[string][]float64{}
	if r.store == nil {
		return took, nil
	}
	timings, err := r.store.Timings()
	if err != nil {
		return nil, err
	}
	for _, t := range timings {
		rec, err := r.store.Get(t.ID)
		if damaged := new(results.DamagedError); errors.Is(err, fs.ErrNotExist) || errors.As(err, &damaged) {
			continue
		}
		if err != nil {
			return nil, err
		}
		key := similarity(rec)
		took[key] = append(took[key], t.Seconds)
	}
	for _, all := range took {
		slices.Sort(all)
	}
	return took, nil
}

// similarity is what runs have in common that take about as long: the data set and its
// division, the head, the number of steps and the protocol of a training, and which
// baseline it is. It is the record's id where its settings cannot be read.
func similarity(rec results.Record) string {
	s, err := rec.ReadSettings()
	if err != nil {
		return rec.ID
	}
	key := fmt.Sprintf("%s %s %s %s %d", s.Kind, s.Dataset.Name, s.Dataset.Split, s.Dataset.Partition, rec.Dataset.Rows)
	if t := s.Training; t != nil {
		key += fmt.Sprintf(" %v %v %v %v", t.Head, t.Sampler, t.Steps, t.Protocol)
	}
	if b := s.Baseline; b != nil {
		key += fmt.Sprintf(" %s %d %v", b.Name, b.Dim, b.Protocol)
	}
	return key
}

// Operations a second of one core in a training with its evaluations, and the least time
// of a run. With them the estimates of the specs features and every_loss on 1,280
// dimensions are 0.5 to 3.1 times the medians of what the losses took on two Zen 5 cores.
// A folder with timings needs none of them.
const (
	operationsASecond = 5e10
	leastSeconds      = 0.1
)

// estimate counts the operations of a run, and gives its seconds.
func (j job) estimate() float64 {
	s := j.on.loadedDataset
	d := float64(s.trainX.Cols)
	train, query, gallery := float64(s.trainX.Rows), float64(s.queryX.Rows), float64(s.galleryX.Rows)
	evaluation := 3*query*gallery*d + 2*(query+gallery)*d*d
	if j.Row == nil {
		fits := 1.0
		if v, ok := j.Protocol.(protocol.Validated); ok {
			fits += 4 * float64(v.FoldCount())
		}
		return max(leastSeconds, (evaluation+fits*10*d*d*d)/operationsASecond)
	}

	batch, steps := float64(max(1, j.setup.Sampler.Classes)*max(1, j.setup.Sampler.PerClass)), j.on.spec.Steps
	step := 6*batch*d*d + 10*d*d + 50*batch*batch
	looks := 0.0
	for done := range steps + 1 {
		if j.Protocol.Looks(done, steps) {
			looks++
		}
	}
	operations := float64(steps) * step
	if v, ok := j.Protocol.(protocol.Validated); ok {
		folds := float64(v.FoldCount())
		operations += folds*operations + evaluation + looks*folds*(3*train*train/(folds*folds)*d+2*train/folds*d*d)
	} else {
		operations += max(1, looks) * evaluation
	}
	return max(leastSeconds, operations/operationsASecond)
}
