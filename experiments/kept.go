package experiments

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gpwbench/analysis"
	"gpwbench/experiments/spec"
	"gpwbench/gpw"
	"gpwbench/internal/input"
	"gpwbench/results"
)

// errNotDone says that a run is to be made.
var errNotDone = errors.New("experiments: the run is not done")

// snapshotSteps are the steps whose weights the job keeps: of those the spec names, the
// ones that compare the batch with itself.
func (j job) snapshotSteps() []int {
	var steps []int
	for _, step := range j.Keep {
		if j.Row.ComparesBatch(j.Dataset, step) {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	return steps
}

// files are what the job keeps beside its record, by their names, but for its parts. The
// queries are the bytes of their file, nil for none.
func (j job) files(queries []byte, snapshots []gpw.Snapshot, moments []analysis.WeightStats) (map[string]results.Content, error) {
	files := map[string]results.Content{}
	if queries != nil {
		files[results.QueriesFile(j.record.ID)] = results.Bytes(queries)
	}
	if len(snapshots) > 0 {
		var b bytes.Buffer
		if err := analysis.WriteSnapshots(&b, snapshots); err != nil {
			return nil, err
		}
		files[analysis.SnapshotFile(j.record.ID)] = results.Bytes(b.Bytes())
	}

	if j.Stats && len(moments) > 0 { // the training of a later seed may have no step
		var b bytes.Buffer
		if err := analysis.WriteStats(&b, moments); err != nil {
			return nil, err
		}
		files[analysis.StatsFile(j.record.ID)] = results.Bytes(b.Bytes())
	}

	return files, nil
}

// A storedRun is what the store has of a job. What it lacks is zero.
type storedRun struct {
	record    results.Record
	queries   []byte // its file
	snapshots []gpw.Snapshot
	stats     []analysis.WeightStats
	parts     []string                         // the names of the files of parts
	damaged   map[string]*results.DamagedError // by the names of the files
}

// inspect reads what the store has of a job. The error is about a file that is neither
// whole nor damaged: the record of a newer program, or one that cannot be read.
func (r *runner) inspect(j job) (storedRun, error) {
	h := storedRun{damaged: map[string]*results.DamagedError{}}
	// sort separates what is damaged from what is missing, and from other errors.
	sort := func(name string, err error) error {
		damaged := new(results.DamagedError)
		switch {
		case err == nil, errors.Is(err, fs.ErrNotExist):
			return nil
		case errors.As(err, &damaged):
			h.damaged[name] = damaged
			return nil
		case errors.Is(err, results.ErrChanging): // not while the caller has the claim
			h.record = results.Record{}
			return nil
		}
		return err
	}

	var err error
	if h.record, err = r.store.Get(j.record.ID); err == nil {
		err = checkPromisedMetrics(h.record, r.store.Path(results.RecordName(j.record.ID)))
	}
	if err := sort(results.RecordName(j.record.ID), err); err != nil {
		return h, err
	}

	name := results.QueriesFile(j.record.ID)
	if h.queries, err = input.ReadFile(r.store.Path(name)); err == nil && h.record.ID != "" {
		_, err = r.store.ReadQueries(h.record)
	}
	if err := sort(name, err); err != nil {
		return h, err
	}

	name = analysis.SnapshotFile(j.record.ID)
	if h.snapshots, err = analysis.ReadSnapshots(r.store.Path(name)); err == nil {
		err = r.store.CheckFile(h.record, name)
	}
	if err := sort(name, err); err != nil {
		return h, err
	}

	name = analysis.StatsFile(j.record.ID)
	if h.stats, err = analysis.ReadStats(r.store.Path(name)); err == nil {
		err = r.store.CheckFile(h.record, name)
	}
	if err := sort(name, err); err != nil {
		return h, err
	}

	err = r.inspectParts(j, &h, sort)
	return h, err
}

// inspectParts finds the parts that are there, as inspect does.
func (r *runner) inspectParts(j job, h *storedRun, sort func(name string, err error) error) error {
	for _, name := range partFiles(j.record.ID, spec.KeepHead, spec.KeepEmbeddings, spec.KeepNeighbours) {
		err := r.store.CheckFile(h.record, name)
		if err == nil {
			h.parts = append(h.parts, name)
		}
		if err := sort(name, err); err != nil {
			return err
		}
	}
	return nil
}

// checkPromisedMetrics refuses a record without a metric that its settings ask for.
func checkPromisedMetrics(rec results.Record, path string) error {
	set, err := rec.ReadSettings()
	if err != nil {
		return &results.DamagedError{Path: path, Err: err}
	}
	for _, name := range set.Metrics.Keys() {
		_, measured := rec.Metrics[name]
		if _, said := rec.Unanswered[name]; !measured && !said {
			return &results.DamagedError{Path: path, Err: fmt.Errorf("it has no metric %s, which its settings ask for", name)}
		}
	}
	return nil
}

// satisfies reports whether a job is done. Its record must be there, and beside it the
// per-query results, and the weights and moments that the spec asks for and no others, so
// that a folder is the same whatever was run into it before. The record of an older
// program may have more beside it, because it does not say which files are its own. The
// run of a later seed may lack its moments (see lacksStats).
func (h storedRun) satisfies(j job) bool {
	if h.record.ID == "" || len(h.damaged) > 0 {
		return false
	}
	kept := h.at(j.snapshotSteps())
	if h.record.Files == nil {
		return kept != nil && !h.lacksStats(j) && h.hasParts(j)
	}
	return slices.Equal(h.parts, partFiles(j.record.ID, j.Parts...)) && h.queries != nil && kept != nil && len(kept) == len(h.snapshots) &&
		!h.lacksStats(j) && (len(h.stats) == 0 || j.Stats)
}

// lacksStats reports whether moments are missing without which a job is not done: those
// of a first seed, and those that its record lists. Earlier programs kept none of later
// seeds, and their runs stay done.
func (h storedRun) lacksStats(j job) bool {
	_, listed := h.record.Files[analysis.StatsFile(j.record.ID)]
	return len(h.stats) == 0 && (len(j.Keep) > 0 || j.Stats && listed)
}

// hasParts reports whether all parts are there that a job keeps.
func (h storedRun) hasParts(j job) bool {
	return !slices.ContainsFunc(partFiles(j.record.ID, j.Parts...), func(name string) bool { return !slices.Contains(h.parts, name) })
}

// at returns the snapshots of the steps, none of none; it is nil where one is missing.
func (h storedRun) at(steps []int) []gpw.Snapshot {
	at := []gpw.Snapshot{}
	for _, step := range steps {
		k := slices.IndexFunc(h.snapshots, func(s gpw.Snapshot) bool { return s.Step == step })
		if k < 0 {
			return nil
		}
		at = append(at, h.snapshots[k])
	}
	return at
}

// done reports whether a job needs no run.
func (r *runner) done(j job) (bool, error) {
	h, err := r.inspect(j)
	return !r.Fresh && h.satisfies(j), err
}

// reconcile makes what the store has of a job fit for it, and returns errNotDone where
// that needs a run. It sets damaged files aside, with a note for each. The caller has the
// claim of the run.
func (r *runner) reconcile(j job) error {
	h, err := r.inspect(j)
	if err != nil {
		return err
	}

	for name, damaged := range h.damaged {
		to, err := r.store.SetAside(name)
		if err != nil {
			return err
		}
		if to != "" {
			r.Progress.Note(fmt.Sprintf("%s: %s was damaged: %v; it is %s now, and the run is made again", j, damaged.Path, damaged.Err, filepath.Join("damaged", filepath.Base(to))))
		}
	}

	switch {
	case r.Fresh || h.record.ID == "" || len(h.damaged) > 0:
		return errNotDone
	case h.satisfies(j):
		return nil
	}

	return r.narrow(j, h)
}

// narrow keeps of a run's files what a spec with fewer steps or parts asks for, which
// needs no training; where something is missing it returns errNotDone.
func (r *runner) narrow(j job, h storedRun) error {
	kept := h.at(j.snapshotSteps())
	if kept == nil || h.queries == nil || h.lacksStats(j) || h.record.Files == nil || !h.hasParts(j) {
		return errNotDone
	}
	if !j.Dataset.Head.Trains() && len(kept) != len(h.snapshots) {
		// Without a kept batch there is no step, and the record may depend on that.
		return errNotDone
	}

	files, err := j.files(h.queries, kept, h.stats)
	if err != nil {
		return err
	}
	for _, name := range partFiles(j.record.ID, j.Parts...) {
		files[name] = nil // it stays
	}
	return r.store.KeepContents(h.record, files)
}
