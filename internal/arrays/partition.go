package arrays

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The parts of a partition, as the codes that an array of it has.
const (
	TrainPart = iota
	QueryPart
	GalleryPart
	TestPart // query and gallery at once: these rows search each other
)

// PartNames are the words for the parts, by their codes.
var PartNames = []string{"train", "query", "gallery", "test"}

// partWords are other words for parts. A validation that nothing divides further is
// searched by itself, as the test is.
var partWords = map[string]int{"training": TrainPart, "validation": TestPart, "valid": TestPart, "val": TestPart}

// partUsage says how a part is written, for an error about one that is not.
const partUsage = "use train, query, gallery or test, or 0, 1, 2, 3"

// ParsePart returns the part that a word names: train or training, query, gallery, and
// test, validation, valid or val, in capitals too.
func ParsePart(word string) (part int, ok bool) {
	word = strings.ToLower(word)
	if part = slices.Index(PartNames, word); part >= 0 {
		return part, true
	}
	part, ok = partWords[word]
	return part, ok
}

// Parts reads a partition: which part each row is of, as codes or as the words of
// [ParsePart].
func (a *Array) Parts() ([]int, error) {
	numbers, words, err := a.Labels()
	if err != nil {
		return nil, fmt.Errorf("%w; a partition has a number or a word for each row: 0 train, 1 query, 2 gallery, 3 test", err)
	}
	for row, p := range numbers {
		if p < TrainPart || p > TestPart {
			return nil, a.file.wrap(a, fmt.Errorf("has %d in row %d of the partition: %s", p, row, partUsage))
		}
	}
	if words == nil {
		return numbers, nil
	}

	parts := make([]int, len(words))
	for row, word := range words {
		part, ok := ParsePart(word)
		if code, err := strconv.Atoi(word); err == nil && code >= TrainPart && code <= TestPart {
			part, ok = code, true // a digit among words, or in an array of strings
		}
		if !ok {
			return nil, a.file.wrap(a, fmt.Errorf("has %.40q in row %d of the partition: %s", word, row, partUsage))
		}
		parts[row] = part
	}
	return parts, nil
}

// ReadParts reads the partition that a file holds; see [File.Partition] and
// [Array.Parts]. The error of a missing file satisfies errors.Is(err, fs.ErrNotExist).
func ReadParts(path string) ([]int, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := f.Partition()
	if err != nil {
		return nil, err
	}
	return a.Parts()
}
