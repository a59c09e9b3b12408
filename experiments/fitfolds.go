package experiments

import (
	"fmt"

	"gpwbench/experiments/protocol"
	"gpwbench/train"
)

// folds refuses folds that the training classes do not fill, and held-out classes that
// measure nothing. It sets the number of classes that a batch is drawn from.
func (f *fitting) folds() {
	src := f.source
	src.classesToDraw = src.info.TrainClasses
	checked := map[protocol.Protocol]bool{}
	for _, c := range plannedRuns(f.spec) {
		v, ok := c.Protocol.(protocol.Validated)
		if c.Dataset != src.spec || !ok || checked[v] {
			continue
		}
		checked[v] = true

		at := f.path("protocol")
		if c.Row != nil && c.Row.Protocol != nil {
			at = f.row(c.Row)
		}
		for seed := range f.spec.Seeds {
			if why := src.unfitFolds(v, uint64(seed)); why != "" {
				f.refuse(at, "%s", why)
				return
			}
		}

		n, all := v.FoldCount(), src.info.TrainClasses
		src.classesToDraw = min(src.classesToDraw, all-(all+n-1)/n)
	}
}

// unfitFolds says why the training rows cannot be divided into the folds of a seed, or
// "".
func (s *loadedDataset) unfitFolds(v protocol.Validated, seed uint64) string {
	n := v.FoldCount()
	if most := s.info.TrainClasses / 2; n > most {
		if most < 2 {
			return fmt.Sprintf("protocol %s needs 4 training classes or more, 2 in each of 2 folds, and %s has %d; take protocol fixed, or give the training more classes by split",
				v.Name(), s.spec.Name, s.info.TrainClasses)
		}
		return fmt.Sprintf("%d folds of the %d training classes of %s: a fold needs 2 classes or more; lower protocol.folds to %d, as in protocol: {name: %s, folds: %d}", n, s.info.TrainClasses, s.spec.Name, most, v.Name(), most)
	}

	folds, err := train.Folds(s.trainLabels, n, s.data.Checksum, seed)
	if err != nil {
		return err.Error()
	}
	for k, fold := range folds {
		rows := map[int]int{}
		for _, row := range fold.Validation {
			rows[s.trainLabels[row]]++
		}
		if anyAbove(rows, 1) && !s.apart(fold.Validation) {
			return fmt.Sprintf("fold %d of %d of seed %d of %s holds out classes of one group each, and so no query has a positive of another; lower protocol.folds, or take protocol fixed",
				k+1, n, seed, s.spec.Name)
		}
		if !anyAbove(rows, 1) {
			return fmt.Sprintf("fold %d of %d of seed %d of %s holds out classes of one row each, and so no query has a positive; lower protocol.folds, or take protocol fixed",
				k+1, n, seed, s.spec.Name)
		}
	}
	return ""
}

// unfitOnFolds says why a linear map cannot be fitted on the training rows of some fold
// of some seed, or "". Every protocol that holds classes out is asked.
func (f *fitting) unfitOnFolds(kind string, dim int) string {
	src, checked := f.source, map[protocol.Protocol]bool{}
	if kind == "" {
		return ""
	}
	for _, c := range plannedRuns(f.spec) {
		v, ok := c.Protocol.(protocol.Validated)
		if c.Dataset != src.spec || !ok || checked[v] {
			continue
		}
		checked[v] = true
		for seed := range f.spec.Seeds {
			folds, err := train.Folds(src.trainLabels, v.FoldCount(), src.data.Checksum, uint64(seed))
			if err != nil {
				return err.Error()
			}
			for k, fold := range folds {
				if why := src.unfit(kind, dim, fold.Train); why != "" {
					return fmt.Sprintf("%s (%s)", why, foldName(len(folds), k, uint64(seed)))
				}
			}
		}
	}
	return ""
}

// everyRow are the numbers of n rows.
func everyRow(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func anyAbove(counts map[int]int, least int) bool {
	for _, n := range counts {
		if n > least {
			return true
		}
	}
	return false
}
