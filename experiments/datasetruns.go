package experiments

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/train"
)

// A datasetRuns is a data set with the settings of its runs, and what these share.
type datasetRuns struct {
	*loadedDataset
	*sharedWork
}

// A sharedWork holds what the runs on one data set with one preprocessing share: the
// prepared features, and the linear maps, which take seconds to fit. Each is made once,
// by the run that needs it first. Maps are also kept on disk.
type sharedWork struct {
	store *results.Store
	reads bool // maps are read from the store, and none are kept there
	note  func(text string)

	directions directions // of the rows, preprocessed

	mu       sync.Mutex
	prepared *loadedDataset // the same rows, preprocessed
	prepErr  error
	maps     map[string]*fitted
}

func newSharedWork() *sharedWork { return &sharedWork{maps: map[string]*fitted{}} }

type fitted struct {
	done chan struct{} // closed when the rest is there
	m    *train.Linear
	err  error
}

func newDatasetRuns(s *loadedDataset) *datasetRuns {
	return &datasetRuns{s, newSharedWork()}
}

// prepare returns the data set with its features preprocessed, fitted on the training
// rows.
func (w *datasetRuns) prepare() (*loadedDataset, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.prepared == nil && w.prepErr == nil {
		w.prepared, w.prepErr = w.preprocess()
	}
	if w.prepErr != nil {
		return nil, w.prepErr
	}

	// Whichever run was first, the settings are those of this one.
	s := *w.loadedDataset
	s.trainX, s.queryX, s.galleryX = w.prepared.trainX, w.prepared.queryX, w.prepared.galleryX
	s.fitted = w.prepared.fitted
	return &s, nil
}

// preprocess returns a copy with features preprocessed by steps fitted on the training
// rows.
func (w *loadedDataset) preprocess() (*loadedDataset, error) {
	p, err := train.FitPreprocess(w.spec.Preprocess, w.trainX)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.spec.Name, err)
	}

	s := *w
	s.fitted = p
	if s.memory == nil {
		s.memory = new(featureMemory) // held as long as the runs of the data set
	}
	if s.trainX, err = s.memory.prepared(p, w.trainX); err != nil {
		return nil, fmt.Errorf("%s: %w", w.spec.Name, err)
	}
	if s.queryX, err = s.memory.prepared(p, w.queryX); err != nil {
		return nil, fmt.Errorf("%s: %w", w.spec.Name, err)
	}

	s.galleryX = s.queryX
	if !s.split.GalleryIsQuery {
		if s.galleryX, err = s.memory.prepared(p, w.galleryX); err != nil {
			return nil, fmt.Errorf("%s: %w", w.spec.Name, err)
		}
	}

	return &s, nil
}

// A linearMap is a map to be fitted.
type linearMap struct {
	kind   string  // pca, whitening
	dim    int     // 0 for the whitening of all features
	shrink float64 // of a whitening
}

// A mapKey is all that a linear map depends on.
type mapKey struct {
	Kind       string   `json:"kind"` // pca, whitening
	Dim        int      `json:"dim"`
	Shrink     float64  `json:"shrink,omitempty"` // unless it is whiteningShrink
	Checksum   string   `json:"checksum"`
	Split      string   `json:"split"`
	Partition  string   `json:"partition,omitempty"`
	Ignore     []string `json:"ignore,omitempty"`
	Part       string   `json:"part,omitempty"` // of the training rows
	Preprocess []string `json:"preprocess"`
	Trainer    int      `json:"trainer_revision"`
}

// linear returns a map fitted on the training rows of s: from memory, from disk, or by
// fitting it. A fit may take many seconds. It cannot be stopped, so when ctx ends linear
// returns at once, and the result of the fit is not kept.
func (w *datasetRuns) linear(ctx context.Context, m linearMap, s *loadedDataset, preprocess []string) (*train.Linear, error) {
	of := mapKey{
		Kind: m.kind, Dim: m.dim, Checksum: s.data.Checksum, Split: s.spec.Split.String(), Partition: s.divisionChecksum(), Ignore: s.ignore(), Part: s.part, Preprocess: preprocess, Trainer: train.Revision,
	}
	if m.shrink != whiteningShrink {
		of.Shrink = m.shrink
	}
	key, err := results.Canonical(of)
	if err != nil {
		return nil, err
	}

	w.mu.Lock()
	f := w.maps[string(key)]
	if f == nil {
		f = &fitted{done: make(chan struct{})}
		w.maps[string(key)] = f
		go func() {
			defer close(f.done)
			f.m, f.err = w.fit(ctx, m, s, "prepared/"+results.ID(key)+".npz")
			if s.part != "" { // there are many, and each is on disk for the next run
				w.forget(string(key))
			}
		}()
	}
	w.mu.Unlock()

	select {
	case <-f.done:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return f.m, f.err
}

func (w *datasetRuns) forget(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.maps, key)
}

func (w *datasetRuns) fit(ctx context.Context, wanted linearMap, s *loadedDataset, file string) (*train.Linear, error) {
	m, err := readLinear(w.store.Path(file), s.trainX.Cols)
	if m != nil {
		return m, nil
	}

	aside := ""
	if err != nil && !w.reads {
		if aside, err = w.store.SetAside(file); err != nil {
			return nil, err
		}
	}

	if aside != "" {
		w.note(fmt.Sprintf("%s: %s was damaged; it is %s now, and the map is fitted again", w.spec.Name, w.store.Path(file), filepath.Join("damaged", filepath.Base(aside))))
	}
	switch {
	case wanted.kind == spec.PCA:
		m, err = train.PCA(s.trainX, wanted.dim)
	case 0 < wanted.dim && wanted.dim < s.trainX.Cols:
		m, err = train.WhitenedPCA(s.trainX, s.trainLabels, wanted.dim, wanted.shrink)
	default:
		m, err = train.Whitening(s.trainX, s.trainLabels, wanted.shrink)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.spec.Name, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	if w.reads {
		return m, nil
	}
	var b bytes.Buffer
	if err := writeLinear(&b, file, m); err != nil {
		return nil, err
	}
	return m, w.store.PutArtifact(file, b.Bytes())
}

// whiteningShrink is how far the within-class covariance is moved towards a multiple of
// the identity, where nothing chooses it: halfway.
const whiteningShrink = 0.5
