package datasets

import (
	"fmt"
	"strings"

	"gpwbench/internal/arrays"
)

// partWords are the words of a partition, by the numbers that stand for them.
var partWords = []string{"train", "query", "gallery"}

// LoadPartition reads which part each row of a data set is of: 0 train, 1 query, 2
// gallery. The file is of any format of [Load] and has N integers, or N of the words
// train, query and gallery, in capitals too. Another word is an error that names its row,
// counted from 0; another number is refused by [ByPartition]. The error of a missing file
// satisfies errors.Is(err, fs.ErrNotExist).
func LoadPartition(path string) ([]int, error) {
	f, err := arrays.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	a, err := f.Partition()
	if err != nil {
		return nil, err
	}
	parts, words, err := a.Labels()
	if err != nil {
		return nil, fmt.Errorf("%w; a partition has a number or a word for each row: 0 train, 1 query, 2 gallery", err)
	}

	for row, word := range words {
		part, ok := partOf(word)
		if !ok {
			return nil, fmt.Errorf("datasets: %s: row %d of the partition is %.40q: use train, query or gallery, or 0, 1, 2", path, row, word)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// partOf is the number of a word, or of its digit in a file of strings.
func partOf(word string) (part int, ok bool) {
	for k, known := range partWords {
		if strings.EqualFold(word, known) || word == fmt.Sprint(k) {
			return k, true
		}
	}
	return 0, false
}
