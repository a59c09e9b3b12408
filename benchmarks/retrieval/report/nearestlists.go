package report

import (
	"math"
	"slices"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/arrays"
)

// Lists are in memory up to so many neighbours, of eight bytes each.
var mostInMemory = 4 << 20

// NearestLists are the neighbours of every query, in memory or in a temporary file.
type nearestLists struct {
	words  []uint64
	ends   []int64 // of the lists, in words
	file   *arrays.Words
	filed  int64 // words in the file
	buffer []uint64
	err    error // of reading the file
}

// add adds the list of the next query. The error is of the file.
func (l *nearestLists) add(list []retrieval.Neighbour) error {
	for _, n := range list {
		l.words = append(l.words, uint64(n.Row)<<32|uint64(math.Float32bits(n.Similarity)))
	}
	l.ends = append(l.ends, l.filed+int64(len(l.words)))
	if len(l.words) <= mostInMemory {
		return nil
	}

	if l.file == nil {
		var err error
		if l.file, err = arrays.NewWords(); err != nil {
			return err
		}
	}
	if err := l.file.Write(l.words, l.filed); err != nil {
		return err
	}
	l.filed += int64(len(l.words))
	l.words = l.words[:0]
	return nil
}

// each yields the list of every query, which is valid until the next. If the file cannot
// be read, it ends with err.
func (l *nearestLists) each(yield func(query int, list []retrieval.Neighbour) bool) {
	var list []retrieval.Neighbour
	from := int64(0)
	for query, end := range l.ends {
		words, ok := l.read(from, end)
		if !ok {
			return
		}
		list = list[:0]
		for _, w := range words {
			list = append(list, retrieval.Neighbour{Row: int(w >> 32), Similarity: math.Float32frombits(uint32(w))})
		}
		if !yield(query, list) {
			return
		}
		from = end
	}
}

func (l *nearestLists) read(from, end int64) ([]uint64, bool) {
	if from >= l.filed {
		return l.words[from-l.filed : end-l.filed], true
	}
	n := int(end - from)
	l.buffer = slices.Grow(l.buffer[:0], n)[:n]
	if err := l.file.Read(l.buffer, from); err != nil {
		l.err = err
		return nil, false
	}
	return l.buffer, true
}
