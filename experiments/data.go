package experiments

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
	"gpwbench/internal/npy"
	"gpwbench/matrix"
	"gpwbench/results"
)

// standInSeed is the seed of every stand-in, which is one fixed data set as the real one
// is.
const standInSeed = 1

// A loadedDataset is a data set in memory, divided.
type loadedDataset struct {
	spec  *spec.Dataset
	data  *datasets.Dataset
	split datasets.Split
	info  results.DatasetInfo
	ks    []int

	// Defaults that were chosen for the user, and what cannot be learned from the data.
	// They become warnings of the runs.
	remarks []string
	leftOut map[*spec.Baseline]string // baselines that cannot be fitted, and why

	trainX, queryX, galleryX                matrix.Matrix // raw features
	trainLabels, queryLabels, galleryLabels []int
}

// A MissingError names the files that a spec asks for and that are missing. Each of its
// lines says how to make one.
type MissingError struct{ Lines []string }

func (e *MissingError) Error() string { return strings.Join(e.Lines, "\n") }

// load reads a data set or generates its stand-in, and divides it.
func load(d *spec.Dataset) (*loadedDataset, error) {
	s := &loadedDataset{spec: d}
	var partition []int
	var err error
	if d.Features == "" {
		s.data, partition, err = standIn(d)
	} else {
		s.data, partition, err = readFiles(d)
	}
	if err != nil {
		return nil, err
	}
	if s.split, err = splitRows(d, s.data, partition); err != nil {
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
	if d.Split.Name != "" && d.Split.Name != spec.Half {
		return d.Split.Name
	}
	if d.Features == "" {
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
	paths := filesOf(d)
	if lines, all := missingFiles(d); all && d.Synthetic != "" {
		return standIn(d)
	} else if len(lines) > 0 {
		return nil, nil, &MissingError{lines}
	}

	for k, path := range paths {
		paths[k], _ = expand(path)
	}
	data, err := datasets.Load(d.Name, paths[0], paths[1])
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}
	if d.Partition == "" {
		return data, nil, nil
	}

	partition, err := npy.ReadInts(paths[2])
	if wrong := new(npy.TypeError); errors.As(err, &wrong) {
		return nil, nil, fmt.Errorf("%s: %s: holds %s, want integers, 0 train, 1 query, 2 gallery: of words save %s", d.Name, paths[2], wrong.Holds, partitionOfWords)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
	}

	return data, partition, nil
}

// partitionOfWords is the NumPy expression that makes a partition of the words train,
// query and gallery. Words that are none of these become −1, which is refused; numbering
// them in alphabetical order would make the gallery the training rows.
const partitionOfWords = `np.select([arr.astype(str) == w for w in ("train", "query", "gallery")], [0, 1, 2], -1)`

// filesOf are the paths that the data set names, as the spec has them.
func filesOf(d *spec.Dataset) []string {
	if d.Features == "" {
		return nil
	}
	if d.Partition == "" {
		return []string{d.Features, d.Labels}
	}
	return []string{d.Features, d.Labels, d.Partition}
}

// missingFiles says how to make each file of the data set that is missing, and whether
// all of them are.
func missingFiles(d *spec.Dataset) (lines []string, all bool) {
	for k, path := range filesOf(d) {
		expanded, unset := expand(path)
		if unset != "" {
			lines = append(lines, fmt.Sprintf("%s: %s: $%s is not set; set it to the folder that holds %s",
				d.Name, path, unset, strings.TrimPrefix(path, "$"+unset+"/")))
			continue
		}

		if _, err := os.Stat(expanded); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if expanded != path {
			expanded += " (" + path + ")"
		}
		lines = append(lines, fmt.Sprintf("%s: no file %s; make it in NumPy with %s", d.Name, expanded, howToMake[k]))
	}
	return lines, len(lines) > 0 && len(lines) == len(filesOf(d))
}

var howToMake = []string{
	`np.save(path, features.astype(np.float32)), one row an image, from any network`,
	`np.save(path, labels.astype(np.int64)), the class of each row`,
	`np.save(path, partition.astype(np.int64)), 0 train, 1 query, 2 gallery`,
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
	case data.Synthetic && partition != nil:
		return datasets.ByPartition(data.Labels, partition)
	case data.Synthetic && (d.Features != "" || d.Split.Name != spec.Half && d.Split.Name != ""):
		b, err := datasets.Lookup(names.OfStandIn(d.Synthetic).Name)
		if err != nil {
			return datasets.Split{}, err
		}
		return datasets.ByClasses(data.Labels, max(2, int(math.Round(d.Scale*float64(b.TrainClasses)))))
	case d.Split.TrainClasses > 0:
		return datasets.ByClasses(data.Labels, d.Split.TrainClasses)
	case d.Split.Name == spec.Half:
		return datasets.Half(data.Labels)
	}

	b, err := datasets.Lookup(d.Split.Name)
	if err != nil {
		return datasets.Split{}, err
	}
	return b.Split(data.Labels, partition)
}

// evaluate scores the test rows under an embedding.
func (s *loadedDataset) evaluate(ctx context.Context, embed func(matrix.Matrix) (matrix.Matrix, error)) (*retrieval.Scores, error) {
	o := retrieval.Options{Ks: s.ks, MAPAtR: s.spec.Metrics.MAPAtR, Clustering: s.spec.Metrics.Clustering}
	query, err := embed(s.queryX)
	if err != nil {
		return nil, err
	}
	if s.split.GalleryIsQuery {
		return retrieval.Evaluate(ctx, retrieval.Float32(query), s.queryLabels, o)
	}

	gallery, err := embed(s.galleryX)
	if err != nil {
		return nil, err
	}
	return retrieval.EvaluateGallery(ctx, retrieval.Float32(query), s.queryLabels, retrieval.Float32(gallery), s.galleryLabels, o)
}
