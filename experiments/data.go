package experiments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/metrics"
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
	told    []string                  // of its files, whatever the settings are
	divided bool                      // by a partition of the user, rows or files of each part
	leftOut map[*spec.Baseline]string // baselines that cannot be fitted, and why

	// SHA-256 of the embeddings that were trained elsewhere, by the paths of their files.
	embeddings map[string]string

	// What has no direction after the preprocessing, as the loader found it.
	directions directions

	// Raw features, of which a dry run has the shapes alone.
	trainX, queryX, galleryX                matrix.Matrix
	trainLabels, queryLabels, galleryLabels []int

	memory *featureMemory // of the preprocessed rows, and of a fold's; nil before

	testRules
}

// A MissingError names the files that a spec asks for and that are missing. Each of its
// lines says how to make one.
type MissingError struct{ Lines []string }

func (e *MissingError) Error() string { return strings.Join(e.Lines, "\n") }

// load reads a data set or generates its stand-in, and divides it.
func load(d *spec.Dataset) (*loadedDataset, error) {
	s, err := loadDivided(d)
	if err != nil {
		return nil, err
	}
	return s, s.gather()
}

// loadDivided is load, which copies no rows. It has what a dry run tells.
func loadDivided(d *spec.Dataset) (*loadedDataset, error) {
	s := &loadedDataset{spec: d, embeddings: map[string]string{}}
	var partition []int
	var err error
	if !d.HasFiles() {
		s.data, partition, err = standIn(d)
	} else {
		s.data, partition, s.told, err = readFiles(d)
	}
	if err != nil {
		return nil, err
	}
	s.divided = partition != nil && !s.data.Synthetic
	if err := s.readRules(); err != nil {
		return nil, err
	}
	s.split, err = s.divide(partition)
	if shared := new(datasets.SharedClassError); errors.As(err, &shared) {
		return nil, fmt.Errorf("%s: %s", d.Name, shared.Named(s.data.ClassName(shared.Class)))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Name, err)
	}

	s.told = append(s.told, s.leakNote()...)
	s.told = append(s.told, s.rulesNote()...)
	s.divideRows()
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

// loadOrStop is load, or loadDivided, and returns when ctx ends. Reading then goes on in
// the background until the program ends; nothing is lost by that.
func loadOrStop(ctx context.Context, d *spec.Dataset, load func(*spec.Dataset) (*loadedDataset, error)) (*loadedDataset, error) {
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
	if s.data.Synthetic && s.spec.HasFiles() {
		said := s.spec.Origin() + " is not there; a stand-in runs in its place, and every table says so"
		if len(s.spec.Ignore) > 0 || s.spec.Groups != "" {
			said += "; it has no labels to ignore and no groups"
		}
		return append([]string{said}, s.remarks...)
	}
	said := slices.Clip(s.told)
	if mixed := datasets.MixedKinds(s.data.Names); mixed != "" {
		said = append(said, mixed)
	}
	return append(said, s.remarks...)
}

// divideRows divides the rows as the split says, and copies no features.
func (s *loadedDataset) divideRows() {
	shape := func(rows []int) matrix.Matrix {
		return matrix.Matrix{Rows: len(rows), Cols: s.data.X.Cols, Stride: s.data.X.Cols}
	}
	s.trainX, s.trainLabels = shape(s.split.Train), pick(s.data.Labels, s.split.Train)
	s.queryX, s.queryLabels = shape(s.split.Query), pick(s.data.Labels, s.split.Query)
	s.takeGroups()
	s.galleryX, s.galleryLabels = s.queryX, s.queryLabels
	if !s.split.GalleryIsQuery {
		s.galleryX, s.galleryLabels = shape(s.split.Gallery), pick(s.data.Labels, s.split.Gallery)
	}
}

// gather takes the features of the rows. Those that follow each other are not copied.
func (s *loadedDataset) gather() (err error) {
	if s.trainX, _, err = s.data.Take(s.split.Train); err != nil {
		return err
	}
	if s.queryX, _, err = s.data.Take(s.split.Query); err != nil {
		return err
	}
	s.galleryX = s.queryX
	if !s.split.GalleryIsQuery {
		s.galleryX, _, err = s.data.Take(s.split.Gallery)
	}
	return err
}

// benchmarkOf names the benchmark whose K and split hold for the data set, or "".
func benchmarkOf(d *spec.Dataset) string {
	if _, ok := names.Find(d.Split.Name); ok {
		return d.Split.Name
	}
	if !d.HasFiles() {
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
	if s.data.Synthetic && d.HasFiles() {
		return s.data.Provenance + ", in place of " + d.Origin() + ", which is not there"
	}
	if s.data.Synthetic {
		return s.data.Provenance
	}

	text := "frozen features " + d.Origin()
	if d.LabelsOnly() {
		text = "labels " + d.Origin() + ", no features"
	}
	if b, err := datasets.Lookup(d.Split.Name); err == nil {
		if differ := b.Difference(s.split); differ != "" {
			text += " (" + differ + ")"
		}
	}
	if leak := s.leak(); leak.Classes > 0 {
		text += fmt.Sprintf(" (%d of %d test classes train)", leak.Classes, leak.TestClasses)
	}

	return text + s.rulesText()
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
func readFiles(d *spec.Dataset) (data *datasets.Dataset, partition []int, told []string, err error) {
	if lines, all := missingFiles(d); all && d.Synthetic != "" {
		data, partition, err = standIn(d)
		return data, partition, nil, err
	} else if len(lines) > 0 {
		return nil, nil, nil, &MissingError{lines}
	}

	switch {
	case d.Separate != spec.Separate{}:
		data, partition, err = readParts(d)
	case d.Layout != "":
		data, partition, told, err = readLayout(d)
	default:
		data, err = readArrays(d)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}

	switch {
	case d.Partition != "":
		partition, err = readPartition(d)
	case d.Rows != spec.Ranges{}:
		if partition, err = d.Rows.Partition(len(data.Labels)); err != nil {
			err = fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return data, partition, told, err
}

// readArrays reads features and labels, or labels alone.
func readArrays(d *spec.Dataset) (*datasets.Dataset, error) {
	features, _ := expand(d.Features)
	labels, _ := expand(d.Labels)
	if info, err := os.Stat(labels); err == nil && info.IsDir() {
		return nil, fmt.Errorf("the labels %s are a folder; of a data set as it is distributed, write layout: %s in place of labels", d.Labels, d.Labels)
	}
	if d.LabelsOnly() {
		return datasets.LoadLabels(d.Name, labels)
	}
	return datasets.Load(d.Name, features, labels)
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

// expand replaces $VARIABLES, and ~ by the user's folder, and reports one that is not
// set.
func expand(path string) (expanded, unset string) {
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = "$HOME" + path[1:]
	}
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
	case data.Synthetic && (d.HasFiles() || d.Split.Name != spec.Half && d.Split.Name != ""):
		b, err := datasets.Lookup(names.OfStandIn(d.Synthetic).Name)
		if err != nil {
			return datasets.Split{}, err
		}
		return datasets.ByClasses(data.Labels, datasets.StandInTrainClasses(b, d.Scale))
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
	case s.Name == spec.Partitioned:
		return datasets.ByPartition(labels, partition)
	}

	b, err := datasets.Lookup(s.Name)
	if err != nil {
		return datasets.Split{}, err
	}
	return b.Split(labels, partition)
}

// evaluate scores the test rows under an embedding.
func (s *loadedDataset) evaluate(ctx context.Context, embed embedding) (*answer, error) {
	return s.retrieve(ctx, embed, s.testQuestion())
}

// retrieve scores the test rows under an embedding by some of the metrics.
func (s *loadedDataset) retrieve(ctx context.Context, embed embedding, q question) (*answer, error) {
	memory := new(featureMemory)
	defer memory.release() // a comparison leaves nothing behind that reads them
	query, gallery, err := s.embedTest(memory, embed)
	if err != nil {
		return nil, err
	}
	return s.compare(ctx, query, gallery, q)
}

// embedTest maps the test rows, into memory of m. The gallery is the queries where these
// search each other.
func (s *loadedDataset) embedTest(m *featureMemory, embed embedding) (query, gallery matrix.Matrix, err error) {
	if query, err = embed(m, s.queryX); err != nil || s.split.GalleryIsQuery {
		return query, query, err
	}
	gallery, err = embed(m, s.galleryX)
	return query, gallery, err
}

// compare scores embeddings of the test rows.
func (s *loadedDataset) compare(ctx context.Context, query, gallery matrix.Matrix, q question) (*answer, error) {
	queries := metrics.Set{Vectors: retrieval.Float32(query), Labels: s.queryLabels}
	q.Rules = s.rules()
	if s.split.GalleryIsQuery {
		return ask(ctx, queries, nil, q)
	}
	return ask(ctx, queries, &metrics.Set{Vectors: retrieval.Float32(gallery), Labels: s.galleryLabels}, q)
}
