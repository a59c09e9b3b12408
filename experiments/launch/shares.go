package launch

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"gpwbench/experiments/spec"
)

// shares are a work that is divided into tasks beforehand, each with one unit.
type shares struct {
	made   Launch
	source []byte
	asks   spec.Launch
	all    []Task

	// look returns the shares that are not done, by their numbers in all, and how much of
	// the work is done.
	look      func() (open []int, all, done int, err error)
	open      []int
	sum, done int
}

// shareID names a share of a work that all these say, so that tasks of an earlier launch
// with other settings do not count as its own.
func shareID(kind string, share int, says ...any) string {
	h := sha256.New()
	encoder := json.NewEncoder(h)
	for _, v := range says {
		_ = encoder.Encode(v) // of plain data, to a hash
	}
	return fmt.Sprintf("%s-%.4x-%d", kind, h.Sum(nil), share)
}

func (w *shares) launch() (Launch, []byte) { return w.made, w.source }

func (w *shares) resources() spec.Launch { return w.asks }

func (w *shares) missing() (ids []string) {
	for _, k := range w.open {
		ids = append(ids, w.all[k].Runs[0])
	}
	return ids
}

func (w *shares) tasks(ids []string) (tasks []Task) {
	for _, id := range ids {
		for _, t := range w.all {
			if t.Runs[0] == id {
				tasks = append(tasks, t)
			}
		}
	}
	return tasks
}

func (w *shares) update() (err error) {
	w.open, w.sum, w.done, err = w.look()
	return err
}

func (w *shares) count() (all, done int) { return w.sum, w.done }
