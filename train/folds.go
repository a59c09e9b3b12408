package train

import "fmt"

// A Fold divides training rows by class: no class is on both sides. Rows ascend.
type Fold struct {
	Train, Validation []int // rows
}

// Folds divides the classes of training rows into n folds at random, and returns for each
// the rows of its classes, to validate on, and those of the other classes, to train on.
// Every class is in the validation rows of one fold, and folds differ by one class at
// most. They depend on the labels, the data set and the seed only, as batches do, so all
// losses have the same. n is at least 2; fewer classes than 2·n are an error, because
// retrieval among the rows of one class says nothing.
func Folds(labels []int, n int, dataKey string, seed uint64) ([]Fold, error) {
	known := classes(labels)
	if n < 2 {
		return nil, fmt.Errorf("train: %d folds: take 2 or more", n)
	}
	if len(known) < 2*n {
		return nil, fmt.Errorf("train: %d folds of %d training classes: a fold needs 2 classes or more, so take at most %d folds",
			n, len(known), len(known)/2)
	}

	rng := stream(seed, dataKey, "folds")
	rng.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
	foldOf := map[int]int{}
	for k, label := range known {
		foldOf[label] = k % n
	}

	folds := make([]Fold, n)
	for row, label := range labels {
		for k := range folds {
			if foldOf[label] == k {
				folds[k].Validation = append(folds[k].Validation, row)
			} else {
				folds[k].Train = append(folds[k].Train, row)
			}
		}
	}
	return folds, nil
}
