package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/metrics"
	"gpwbench/experiments/protocol"
	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// elsewhereRuns are the runs of a row of embeddings: one for each of its seeds where each
// has a file of its own, and else one.
func elsewhereRuns(s *spec.Spec, data *spec.Dataset, e *spec.Elsewhere) []PlannedRun {
	var runs []PlannedRun
	for _, seed := range e.SeedsOf(s.Seeds) {
		runs = append(runs, PlannedRun{Dataset: data, Elsewhere: e, Protocol: protocol.None{}, Seed: uint64(seed)})
	}
	return runs
}

// embeddingsPath is the file of a run, its $VARIABLES replaced.
func (c PlannedRun) embeddingsPath() string {
	path, _ := expand(c.Elsewhere.Path(c.Dataset.Name, c.Seed))
	return path
}

// withElsewhere goes on with a data set that was read, or not with an error: it reads the
// embeddings that the spec has of it. Files that are missing are reported together with
// those of the data set.
func withElsewhere(ctx context.Context, s *spec.Spec, d *spec.Dataset, src *loadedDataset, err error) error {
	if missing := new(MissingError); err == nil || errors.As(err, &missing) {
		missing.Lines = append(missing.Lines, missingEmbeddings(s, d)...)
		if len(missing.Lines) > 0 {
			return missing
		}
	}
	if err != nil || len(s.Elsewhere) == 0 {
		return err
	}
	if src.data.Synthetic && d.HasFiles() {
		return fmt.Errorf("%s: %s is not there, and of a stand-in there are no embeddings; give the data set its files, or leave out %s",
			d.Name, d.Origin(), s.Elsewhere[0].Label)
	}

	var wrong []error
	for k := range s.Elsewhere {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wrong = append(wrong, src.readElsewhere(ctx, s, k))
	}
	return errors.Join(wrong...)
}

// missingEmbeddings says of each row of embeddings which file of a data set is missing,
// the first if several are, how to make it, and how many are.
func missingEmbeddings(s *spec.Spec, d *spec.Dataset) []string {
	var lines []string
	for k := range s.Elsewhere {
		e := &s.Elsewhere[k]
		first, missing, there := "", 0, []string{}
		for _, c := range elsewhereRuns(s, d, e) {
			path := e.Path(d.Name, c.Seed)
			if missingFile("", neededFile{path: path}) == "" {
				there = append(there, strconv.FormatUint(c.Seed, 10))
				continue
			}
			if missing++; missing == 1 {
				first = path
			}
		}
		if missing == 0 {
			continue
		}
		rows := ", the test rows in the order of the labels" + missingSeeds(missing, there)
		lines = append(lines, missingFile(d.Name+": "+e.Label, neededFile{first, asEmbeddings, rows}))
	}
	return lines
}

// missingSeeds counts the missing files of a row of several seeds, and says what to do
// where they were never trained. It is "" for a row of one file.
func missingSeeds(missing int, there []string) string {
	all, are := missing+len(there), "are"
	switch {
	case all == 1:
		return ""
	case len(there) == 0:
		return fmt.Sprintf("; all %d files of the row are missing", all)
	case missing == 1:
		are = "is"
	}
	return fmt.Sprintf("; %d of the %d files of the row %s missing; if never trained, give the row the seeds it has: seeds: [%s]",
		missing, all, are, strings.Join(there, ", "))
}

// readElsewhere reads the files of row k of the spec's embeddings, refuses what a run
// could not evaluate, and keeps their checksums. The seeds of a row are repetitions of
// one training, so that they differ, and have the same number of columns.
func (s *loadedDataset) readElsewhere(ctx context.Context, of *spec.Spec, k int) error {
	e := &of.Elsewhere[k]
	var wrong []error
	cols, firstPath := 0, ""
	paths := map[string]string{} // by checksum
	for _, c := range elsewhereRuns(of, s.spec, e) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		path := c.embeddingsPath()
		x, err := datasets.LoadEmbeddings(path)
		if err == nil {
			err = s.checkRows(path, x.Rows)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", s.spec.Name, err))
			continue
		}

		s.embeddings[path] = x.Checksum
		if firstPath == "" {
			cols, firstPath = x.Cols, path
		}
		if x.Cols != cols {
			wrong = append(wrong, fmt.Errorf("%s: %s has %d columns, %s %d: the seeds of %s must be of one training; give the others a label of their own",
				s.spec.Name, path, x.Cols, firstPath, cols, e.Label))
		}
		if same := paths[x.Checksum]; same != "" {
			wrong = append(wrong, fmt.Errorf("%s: %s holds the same embeddings as %s, and would count as another seed of %s; save those of each seed, or lower seeds",
				s.spec.Name, path, same, e.Label))
		}
		paths[x.Checksum] = path
	}
	return errors.Join(wrong...)
}

// checkRows refuses a file of embeddings of another number of rows than the test has.
func (s *loadedDataset) checkRows(path string, rows int) error {
	test := s.testRows()
	if rows == len(test) || rows == len(s.withIgnored) {
		return nil
	}

	err := fmt.Errorf("%s has %d rows, want the %s of %s (split %s) in the order of its labels", path, rows, s.describeTest(), s.spec.Name, s.spec.Split)
	all := len(s.data.Labels)
	switch {
	case rows == all && s.spec.Partition == "" && s.divided:
		return fmt.Errorf("%w; it seems to hold all %d rows, training ones too: save those of the test alone", err, all)
	case rows == all && s.divided && s.split.GalleryIsQuery:
		return fmt.Errorf("%w; it seems to hold all %d rows, training ones too: save embeddings[partition == 3]", err, all)
	case rows == all && !s.split.GalleryIsQuery:
		return fmt.Errorf("%w; it seems to hold all %d rows, training ones too: save embeddings[partition > 0]", err, all)
	case rows == all:
		return fmt.Errorf("%w; it seems to hold all %d rows, training ones too: save embeddings[np.isin(labels, np.unique(labels)[%d:])]", err, all, s.info.TrainClasses)
	case !s.split.GalleryIsQuery && rows == len(s.split.Query):
		return fmt.Errorf("%w; it seems to hold the queries alone", err)
	case !s.split.GalleryIsQuery && rows == len(s.split.Gallery):
		return fmt.Errorf("%w; it seems to hold the gallery alone", err)
	case rows == s.info.TrainRows:
		return fmt.Errorf("%w; it seems to hold the training rows", err)
	}
	if len(s.withIgnored) > len(test) {
		return fmt.Errorf("%w; save one row for each of them, or for each of the %d with those that are ignored", err, len(s.withIgnored))
	}
	return fmt.Errorf("%w; save one row for each of them", err)
}

// elsewhereSettings are what the numbers of embeddings depend on, beside the data set.
func (s *loadedDataset) elsewhereSettings(c PlannedRun) *results.ElsewhereSettings {
	set := &results.ElsewhereSettings{Embeddings: s.embeddings[c.embeddingsPath()]}
	switch {
	case !s.split.GalleryIsQuery:
		set.Partition = s.partitionChecksum()
	case s.divided: // which rows are test rows does not follow from the labels
		set.Partition = s.partsChecksum()
	}
	return set
}

// partitionChecksum is over a byte for each test row, 1 of a query and 2 of the gallery,
// behind the rows of each as uint64, little-endian.
func (s *loadedDataset) partitionChecksum() string {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(s.split.Query)))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(s.split.Gallery)))
	for _, row := range s.testRows() {
		part := byte(2)
		if _, query := slices.BinarySearch(s.split.Query, row); query {
			part = 1
		}
		b = append(b, part)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// elsewhere evaluates embeddings that were trained elsewhere.
func (s *loadedDataset) elsewhere(ctx context.Context, j job) (results.Record, *answer, error) {
	rec, path := j.record, j.embeddingsPath()
	x, err := datasets.LoadEmbeddings(path)
	if err != nil {
		return rec, nil, fmt.Errorf("%s: %w", s.spec.Name, err)
	}
	if x.Checksum != s.embeddings[path] {
		return rec, nil, fmt.Errorf("%s: %s was changed while the experiment ran; the same command goes on with what it holds now", s.spec.Name, path)
	}

	scores, err := s.scoreEmbeddings(ctx, x)
	if err != nil {
		return rec, nil, err
	}
	rec.Head, rec.Preprocess = fmt.Sprintf("trained elsewhere, %d-d", x.Cols), preprocessCaption(nil)
	rec.TestEvaluations, rec.ProtocolNote = 1, "evaluated once, trained elsewhere"
	s.score(&rec, scores)
	return rec, scores, nil
}

// scoreEmbeddings evaluates embeddings of the test rows, in the order of the labels.
func (s *loadedDataset) scoreEmbeddings(ctx context.Context, x *datasets.Embeddings) (*answer, error) {
	q, held := s.testQuestion(), s.testRows()
	q.Rules = s.rules()
	if x.Rows != len(held) {
		held = s.withIgnored
	}
	query, err := x.Vectors(placesAmong(held, s.split.Query))
	if err != nil {
		return nil, err
	}
	if s.split.GalleryIsQuery {
		return ask(ctx, metrics.Set{Vectors: query, Labels: s.queryLabels}, nil, q)
	}
	gallery, err := x.Vectors(placesAmong(held, s.split.Gallery))
	if err != nil {
		return nil, err
	}
	return ask(ctx, metrics.Set{Vectors: query, Labels: s.queryLabels}, &metrics.Set{Vectors: gallery, Labels: s.galleryLabels}, q)
}

// placesAmong are the places of rows among ascending ones that contain them, nil for all
// of these.
func placesAmong(all, rows []int) []int {
	if len(all) == len(rows) {
		return nil
	}
	places := make([]int, len(rows))
	for i, row := range rows {
		places[i], _ = slices.BinarySearch(all, row)
	}
	return places
}
