package experiments

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/matrix"
	"gpwbench/results"
	"gpwbench/train"
)

// standInSeed is the seed of every stand-in, which is one fixed data set as the real one
// is.
const standInSeed = 1

// A loadedDataset is a data set in memory, divided.
type loadedDataset struct {
	spec  *spec.Dataset
	data  *datasets.Dataset
	split datasets.Split
	part  string // of the training rows, such as a fold; "" for all

	// What the rows below are preprocessed by; nil for raw ones.
	fitted *train.Preprocess

	info results.DatasetInfo
	ks   []int

	// Training classes that a batch is drawn from: all, or those of a fold where a
	// protocol holds some out.
	classesToDraw int

	// Defaults that were chosen for the user, and what cannot be learned from the data.
	// They become warnings of the runs.
	remarks []string
	leftOut map[*spec.Baseline]string // baselines that cannot be fitted, and why

	// SHA-256 of the embeddings that were trained elsewhere, by the paths of their files.
	embeddings map[string]string

	// What has no direction after the preprocessing, as the loader found it.
	directions directions

	trainX, queryX, galleryX                matrix.Matrix // raw features
	trainLabels, queryLabels, galleryLabels []int
}

// A MissingError names the files that a spec asks for and that are missing. Each of its
// lines says how to make one.
type MissingError struct{ Lines []string }

func (e *MissingError) Error() string { return strings.Join(e.Lines, "\n") }

// load reads a data set or generates its stand-in, and divides it.
func load(d *spec.Dataset) (*loadedDataset, error) {
	s := &loadedDataset{spec: d, embeddings: map[string]string{}}
	var partition []int
	var err error
	if d.Labels == "" {
		s.data, partition, err = standIn(d)
	} else {
		s.data, partition, err = readFiles(d)
	}
	if err != nil {
		return nil, err
	}
	s.split, err = splitRows(d, s.data, partition)
	if shared := new(datasets.SharedClassError); errors.As(err, &shared) {
		return nil, fmt.Errorf("%s: %s", d.Name, shared.Named(s.data.ClassName(shared.Class)))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}

	if err := s.takeRows(); err != nil {
		return nil, err
	}
	if err := s.checkTest(); err != nil {
		return nil, err
	}

	testRows := len(s.split.Query)
	if !s.split.GalleryIsQuery {
		testRows += len(s.split.Gallery)
	}
	s.info = results.DatasetInfo{
		Name: d.Name, Title: title(d, s.data.Synthetic), Provenance: provenance(d, s), Synthetic: s.data.Synthetic, Checksum: s.data.Checksum,
		Rows: s.data.X.Rows, TrainRows: len(s.split.Train), TestRows: testRows,
		TrainClasses: len(datasets.Classes(s.trainLabels)), TestClasses: len(datasets.Classes(append(slices.Clone(s.queryLabels), s.galleryLabels...))),
		Dim: s.data.X.Cols,
	}

	s.ks = d.Metrics.RecallAt
	if len(s.ks) == 0 {
		s.ks = []int{1, 2, 4, 8}
		if b, err := datasets.Lookup(benchmarkOf(d)); err == nil {
			s.ks = b.Ks
		}
	}

	return s, s.checkPreprocess()
}

// loadOrStop is load, and returns when ctx ends. Reading then goes on in the background
// until the program ends; nothing is lost by that.
func loadOrStop(ctx context.Context, d *spec.Dataset) (*loadedDataset, error) {
	var s *loadedDataset
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		s, err = load(d)
	}()

	select {
	case <-done:
		return s, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// notes are what a user should know of the data set before it runs.
func (s *loadedDataset) notes() []string {
	if s.data.Synthetic && s.spec.Features != "" {
		return append([]string{s.spec.Features + " is not there; a stand-in runs in its place, and every table says so"}, s.remarks...)
	}
	return s.remarks
}

// takeRows divides the rows as the split says.
func (s *loadedDataset) takeRows() (err error) {
	if s.trainX, s.trainLabels, err = s.data.Take(s.split.Train); err != nil {
		return err
	}
	if s.queryX, s.queryLabels, err = s.data.Take(s.split.Query); err != nil {
		return err
	}

	s.galleryX, s.galleryLabels = s.queryX, s.queryLabels
	if !s.split.GalleryIsQuery {
		s.galleryX, s.galleryLabels, err = s.data.Take(s.split.Gallery)
	}
	return err
}

// benchmarkOf names the benchmark whose K and split hold for the data set, or "".
func benchmarkOf(d *spec.Dataset) string {
	if _, ok := names.Find(d.Split.Name); ok {
		return d.Split.Name
	}
	if d.Labels == "" {
		return names.OfStandIn(d.Synthetic).Name
	}
	return ""
}

// title names the benchmark. The title of a stand-in says that it is one.
func title(d *spec.Dataset, synthetic bool) string {
	name := benchmarkOf(d)
	if synthetic {
		name = names.OfStandIn(d.Synthetic).Name
	}
	b, err := datasets.Lookup(name)
	switch {
	case err != nil:
		return ""
	case synthetic:
		return "a stand-in for " + b.Title
	}
	return b.Title
}

// provenance says in one clause where the vectors come from. Paths stand as the spec has
// them, with their variables, so that the records of two machines agree.
func provenance(d *spec.Dataset, s *loadedDataset) string {
	if s.data.Synthetic && d.Features != "" {
		return s.data.Provenance + ", in place of " + d.Features + ", which is not there"
	}
	if s.data.Synthetic {
		return s.data.Provenance
	}

	text := "frozen features " + d.Features
	if d.LabelsOnly() {
		text = "labels " + d.Labels + ", no features"
	}
	if b, err := datasets.Lookup(d.Split.Name); err == nil {
		if differ := b.Difference(s.split); differ != "" {
			text += " (" + differ + ")"
		}
	}

	return text
}

func standIn(d *spec.Dataset) (*datasets.Dataset, []int, error) {
	data, err := datasets.StandIn(d.Synthetic, d.Scale, standInSeed)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	partition, err := datasets.StandInPartition(d.Synthetic, d.Scale, standInSeed)
	return data, partition, err
}

// readFiles loads a data set from its files. It reports all missing files at once. If no
// file is there and the spec names a stand-in, the stand-in takes their place.
func readFiles(d *spec.Dataset) (*datasets.Dataset, []int, error) {
	if lines, all := missingFiles(d); all && d.Synthetic != "" {
		return standIn(d)
	} else if len(lines) > 0 {
		return nil, nil, &MissingError{lines}
	}

	features, _ := expand(d.Features)
	labels, _ := expand(d.Labels)
	var data *datasets.Dataset
	var err error
	if d.LabelsOnly() {
		data, err = datasets.LoadLabels(d.Name, labels)
	} else {
		data, err = datasets.Load(d.Name, features, labels)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	if d.Partition == "" {
		return data, nil, nil
	}

	partition, err := readPartition(d)
	return data, partition, err
}

// readPartition reads the file that divides the rows of a data set.
func readPartition(d *spec.Dataset) ([]int, error) {
	path, _ := expand(d.Partition)
	partition, err := datasets.LoadPartition(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	return partition, nil
}

// missingFiles says how to make each file of the data set that is missing, and whether
// all of them are.
func missingFiles(d *spec.Dataset) (lines []string, all bool) {
	files := filesOf(d)
	for _, f := range files {
		if line := missingFile(d.Name, f); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, len(lines) > 0 && len(lines) == len(files)
}

// expand replaces $VARIABLES and reports one that is not set.
func expand(path string) (expanded, unset string) {
	expanded = os.Expand(path, func(name string) string {
		value, ok := os.LookupEnv(name)
		if !ok || value == "" {
			unset = name
		}
		return value
	})
	return expanded, unset
}

// splitRows splits a data set as its spec says. A stand-in is split as its benchmark: it
// has the same fraction of the classes of both halves.
func splitRows(d *spec.Dataset, data *datasets.Dataset, partition []int) (datasets.Split, error) {
	switch {
	case d.LabelsOnly():
		return splitLabels(d, data.Labels, partition)
	case data.Synthetic && partition != nil:
		return datasets.ByPartition(data.Labels, partition)
	case data.Synthetic && (d.Features != "" || d.Split.Name != spec.Half && d.Split.Name != ""):
		b, err := datasets.Lookup(names.OfStandIn(d.Synthetic).Name)
		if err != nil {
			return datasets.Split{}, err
		}
		return datasets.ByClasses(data.Labels, max(2, int(math.Round(d.Scale*float64(b.TrainClasses)))))
	}
	return splitByName(d.Split, data.Labels, partition)
}

// splitByName splits labels into classes that train and others.
func splitByName(s spec.Split, labels, partition []int) (datasets.Split, error) {
	switch {
	case s.TrainClasses > 0:
		return datasets.ByClasses(labels, s.TrainClasses)
	case s.Name == spec.Half:
		return datasets.Half(labels)
	}

	b, err := datasets.Lookup(s.Name)
	if err != nil {
		return datasets.Split{}, err
	}
	return b.Split(labels, partition)
}

// An embedding maps rows of features.
type embedding func(matrix.Matrix) (matrix.Matrix, error)

// evaluate scores the test rows under an embedding.
func (s *loadedDataset) evaluate(ctx context.Context, embed embedding) (*retrieval.Scores, error) {
	return s.retrieve(ctx, embed, s.testOptions())
}

// retrieve scores the test rows under an embedding by some of the metrics.
func (s *loadedDataset) retrieve(ctx context.Context, embed embedding, o retrieval.Options) (*retrieval.Scores, error) {
	query, gallery, err := s.embedTest(embed)
	if err != nil {
		return nil, err
	}
	return s.compare(ctx, query, gallery, o)
}

// embedTest maps the test rows. The gallery is the queries where these search each other.
func (s *loadedDataset) embedTest(embed embedding) (query, gallery matrix.Matrix, err error) {
	if query, err = embed(s.queryX); err != nil || s.split.GalleryIsQuery {
		return query, query, err
	}
	gallery, err = embed(s.galleryX)
	return query, gallery, err
}

// compare scores embeddings of the test rows.
func (s *loadedDataset) compare(ctx context.Context, query, gallery matrix.Matrix, o retrieval.Options) (*retrieval.Scores, error) {
	if s.split.GalleryIsQuery {
		return retrieval.Evaluate(ctx, retrieval.Float32(query), s.queryLabels, o)
	}
	return retrieval.EvaluateGallery(ctx, retrieval.Float32(query), s.queryLabels, retrieval.Float32(gallery), s.galleryLabels, o)
}
