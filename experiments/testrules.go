package experiments

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/retrieval"
	"gpwbench/experiments/spec"
)

// testRules are the rules of a data set's spec, of all its rows and of those of each
// part. They are those of gpw eval, and hold for held-out classes as for the test.
type testRules struct {
	ignored     []bool // of all rows; nil for none
	groups      []int  // of all rows, in the order of first occurrence; nil for none
	groupsSum   string // their checksum, "" for none
	withIgnored []int  // the test rows with those that are ignored, which embeddings may hold too

	trainGroups, queryGroups, galleryGroups []int
}

// A keyError is of a key of a data set.
type keyError struct {
	key string
	error
}

// placed gives the error of a key its place in the spec.
func placed(s *spec.Spec, dataset int, err error) error {
	if of := new(keyError); errors.As(err, &of) {
		at := s.Where(fmt.Sprintf("datasets.%d.%s", dataset, of.key))
		return &spec.SpecError{Problems: []string{at + ": " + of.Error()}}
	}
	return err
}

// readRules finds the rows that are ignored, and the groups. A stand-in that runs in the
// place of missing files has neither.
func (s *loadedDataset) readRules() error {
	if s.data.Synthetic {
		return nil
	}
	if err := s.findIgnored(); err != nil {
		return &keyError{"ignore", fmt.Errorf("%s: %w", s.spec.Name, err)}
	}
	if s.spec.Groups == "" {
		return nil
	}

	path, _ := expand(s.spec.Groups)
	groups, err := new(datasets.Naming).LoadLabels(path)
	if err == nil && len(groups) != len(s.data.Labels) {
		err = fmt.Errorf("%s has %d groups, and the data set %d rows: they must agree, one group a row in the order of the labels", path, len(groups), len(s.data.Labels))
	}
	if err != nil {
		return &keyError{"groups", fmt.Errorf("%s: %w", s.spec.Name, err)}
	}
	number := map[int]int{}
	var sum []byte
	for i, g := range groups {
		if _, known := number[g]; !known {
			number[g] = len(number)
		}
		groups[i] = number[g]
		sum = binary.LittleEndian.AppendUint64(sum, uint64(groups[i]))
	}
	hash := sha256.Sum256(sum)
	s.groups, s.groupsSum = groups, hex.EncodeToString(hash[:])
	return nil
}

// findIgnored finds the rows with a label to ignore.
func (s *loadedDataset) findIgnored() error {
	if len(s.spec.Ignore) == 0 {
		return nil
	}
	naming, left := datasets.NamingOf(s.data.Names), len(s.data.Labels)
	s.ignored = make([]bool, left)
	for _, text := range s.spec.Ignore {
		label, known := naming.Label(text)
		if !known || !slices.Contains(s.data.Labels, label) {
			return fmt.Errorf("no row has the label %s%s", text, spec.DidYouMean(text, s.data.Names))
		}
		for row, l := range s.data.Labels {
			if l == label && !s.ignored[row] {
				s.ignored[row] = true
				left--
			}
		}
	}
	if left == 0 {
		return fmt.Errorf("%s leaves no row", strings.Join(s.spec.Ignore, ", "))
	}
	return nil
}

// ignore are the labels that are ignored, nil for none.
func (s *loadedDataset) ignore() []string {
	if s.ignored == nil {
		return nil
	}
	return s.spec.Ignore
}

// divide splits the rows that are not ignored. The classes of the others are not counted,
// as in a half.
func (s *loadedDataset) divide(partition []int) (datasets.Split, error) {
	if s.ignored == nil {
		return splitRows(s.spec, s.data, partition)
	}
	if partition != nil && len(partition) != len(s.data.Labels) {
		_, err := splitRows(s.spec, s.data, partition)
		return datasets.Split{}, err
	}

	var kept []int
	for row, out := range s.ignored {
		if !out {
			kept = append(kept, row)
		}
	}
	some := *s.data
	some.Labels = pick(s.data.Labels, kept)
	split, err := splitRows(s.spec, &some, pick(partition, kept))
	if err != nil {
		return split, err
	}
	for _, rows := range []*[]int{&split.Train, &split.Query, &split.Gallery} {
		*rows = pick(kept, *rows)
	}

	test := split.Test()
	for row, out := range s.ignored {
		_, is := slices.BinarySearch(test, row)
		inTest := s.spec.Split.Name == spec.All || partition != nil && partition[row] != datasets.TrainPart
		if is || out && inTest {
			s.withIgnored = append(s.withIgnored, row)
		}
	}
	return split, nil
}

// pick returns the values of rows, nil of none.
func pick(values, rows []int) []int {
	if values == nil {
		return nil
	}
	picked := make([]int, len(rows))
	for i, row := range rows {
		picked[i] = values[row]
	}
	return picked
}

// takeGroups divides the groups as the rows are.
func (s *loadedDataset) takeGroups() {
	s.trainGroups, s.queryGroups = pick(s.groups, s.split.Train), pick(s.groups, s.split.Query)
	s.galleryGroups = pick(s.groups, s.split.Gallery)
}

// rules are those by which test rows, or held-out ones, are searched.
func (s *loadedDataset) rules() retrieval.Rules {
	r := retrieval.Rules{Groups: s.queryGroups}
	if !s.split.GalleryIsQuery {
		r.GalleryGroups = s.galleryGroups
	}
	return r
}

// measurable counts the queries that have a positive, and of these the ones that have a
// negative too, under groups; nil for none.
func (s *loadedDataset) measurable(query, gallery []int) (positives, negatives int) {
	type pair struct{ class, group int }
	classes, groups, both := counts(s.galleryLabels), counts(gallery), map[pair]int{}
	for j, g := range gallery {
		both[pair{s.galleryLabels[j], g}]++
	}
	for i, class := range s.queryLabels {
		found, others := classes[class], len(s.galleryLabels)-classes[class]
		switch {
		case query != nil: // the query itself is of its group
			same := both[pair{class, query[i]}]
			found, others = found-same, others-(groups[query[i]]-same)
		case s.split.GalleryIsQuery:
			found--
		}
		if found > 0 {
			positives++
			if others > 0 {
				negatives++
			}
		}
	}
	return positives, negatives
}

// noneOfAnotherGroup is the error of groups that leave nothing to measure.
func (s *loadedDataset) noneOfAnotherGroup(positives int) error {
	what := "positive"
	if positives > 0 {
		what = "negative"
	}
	return &keyError{"groups", fmt.Errorf("%s: no query has a %s of another group than its own in %s, and rows of one group do not find each other; give groups that classes share, such as cameras, or leave groups out",
		s.spec.Name, what, s.spec.Groups)}
}

// apart reports whether two of some training rows are of one class and, where there are
// groups, of two of them.
func (s *loadedDataset) apart(rows []int) bool {
	if s.trainGroups == nil {
		return true
	}
	first := map[int]int{} // the group of a class
	for _, row := range rows {
		g, met := first[s.trainLabels[row]]
		if met && g != s.trainGroups[row] {
			return true
		}
		first[s.trainLabels[row]] = s.trainGroups[row]
	}
	return false
}

// rulesText says behind a provenance which rules hold, "" for none.
func (s *loadedDataset) rulesText() string {
	text := ""
	if s.ignored != nil {
		text += ", ignoring " + s.ignoredText()
	}
	if s.groups != nil {
		text += ", grouped by " + s.spec.Groups
	}
	return text
}

func (s *loadedDataset) ignoredText() string {
	n := 0
	for _, out := range s.ignored {
		if out {
			n++
		}
	}
	return fmt.Sprintf("%s of the label %s", counted(n, "row", "rows"), strings.Join(s.spec.Ignore, ", "))
}

// rulesNote tells before a run what rules do.
func (s *loadedDataset) rulesNote() []string {
	var notes []string
	if s.ignored != nil {
		notes = append(notes, "left out, from training, queries and gallery: "+s.ignoredText())
	}
	if s.groups != nil {
		notes = append(notes, fmt.Sprintf("%s: a row of the query's group is neither positive nor negative, in the test and on held-out classes",
			counted(len(datasets.Classes(s.groups)), "group", "groups")))
	}
	return notes
}
