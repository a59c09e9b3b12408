package benchmarks

import (
	"fmt"
	"math"
	"slices"

	"gpwbench/internal/f32"
)

// A Neighbour is a row of the gallery with its similarity to a query.
type Neighbour struct {
	Row        int
	Similarity float32
}

// Neighbours returns of each row of x the k most similar others, the most similar first and equals in the order of their rows; fewer where
// there are no more. The rows should be L2-normalised. Results are the same to the bit for any number of cores. Beside the result it takes
// 16·k bytes a row and a tile for each core.
func Neighbours(x f32.Matrix, k int) ([][]Neighbour, error) {
	l, err := newLists(x, x, k)
	if err != nil {
		return nil, err
	}
	l.self = true
	l.half(l.take, func(w *worker, s f32.Matrix, from, start int) { l.take(w, w.turn(s), start, from) })
	return l.neighbours(), nil
}

// NeighboursIn returns of each row of q the k most similar rows of g. Otherwise it is as [Neighbours].
func NeighboursIn(q, g f32.Matrix, k int) ([][]Neighbour, error) {
	l, err := newLists(q, g, k)
	if err != nil {
		return nil, err
	}
	l.whole(l.take)
	return l.neighbours(), nil
}

// lists collects the k neighbours of every query, with room for twice as many: a full list is cut back to its first k, and from then on
// what does not come before the last of these needs no second look.
type lists struct {
	pass
	self  bool
	k     int
	keys  [][]uint64
	least []float32 // of each query, what a similarity must reach
}

func newLists(q, g f32.Matrix, k int) (*lists, error) {
	switch {
	case k < 1:
		return nil, fmt.Errorf("benchmarks: %d neighbours: ask for 1 at least", k)
	case q.Rows == 0 || g.Rows == 0:
		return nil, fmt.Errorf("benchmarks: %d queries and %d rows of gallery: there is nothing to retrieve", q.Rows, g.Rows)
	case q.Cols != g.Cols:
		return nil, fmt.Errorf("benchmarks: queries have %d dimensions, the gallery %d: they must come from one model", q.Cols, g.Cols)
	}
	if err := checkFinite("queries", q); err != nil {
		return nil, err
	}
	if err := checkFinite("gallery", g); err != nil {
		return nil, err
	}
	l := &lists{pass: newPass(q, g, tiles), k: min(k, g.Rows), keys: make([][]uint64, q.Rows), least: make([]float32, q.Rows)}
	room := make([]uint64, 2*l.k*q.Rows)
	for i := range l.keys {
		l.keys[i], room = room[:0:2*l.k], room[2*l.k:]
		l.least[i] = float32(math.Inf(-1))
	}
	return l, nil
}

// take adds the similarities of queries from and following with gallery rows start and following.
func (l *lists) take(_ *worker, s f32.Matrix, from, start int) {
	for i := range s.Rows {
		query := from + i
		keys, least := l.keys[query], l.least[query]
		for j, v := range s.Row(i) {
			if v < least || l.self && start+j == query {
				continue
			}
			if keys = append(keys, key(v, start+j)); len(keys) == 2*l.k {
				partition(keys, l.k)
				keys = keys[:l.k]
				least, _ = ofKey(slices.Max(keys))
			}
		}
		l.keys[query], l.least[query] = keys, least
	}
}

func (l *lists) neighbours() [][]Neighbour {
	all := make([][]Neighbour, len(l.keys))
	for i, keys := range l.keys {
		slices.Sort(keys)
		keys = keys[:min(l.k, len(keys))]
		all[i] = make([]Neighbour, len(keys))
		for k, key := range keys {
			similarity, row := ofKey(key)
			all[i][k] = Neighbour{row, similarity}
		}
	}
	return all
}

// key orders neighbours: the smaller key is the more similar, and of equals the earlier row. The bits of a float, of a negative one all
// turned over, ascend with it; here they must descend.
func key(similarity float32, row int) uint64 {
	bits := math.Float32bits(similarity + 0) // −0 is 0
	if bits>>31 == 0 {
		bits = ^bits &^ (1 << 31)
	}
	return uint64(bits)<<32 | uint64(row)
}

func ofKey(key uint64) (similarity float32, row int) {
	bits := uint32(key >> 32)
	if bits>>31 == 0 {
		bits = ^bits &^ (1 << 31)
	}
	return math.Float32frombits(bits), int(uint32(key))
}

// partition moves the k smallest keys, of which no two are equal, to the front.
func partition(keys []uint64, k int) {
	from, to := 0, len(keys)
	for to-from > 1 {
		a, b, c := keys[from], keys[(from+to)/2], keys[to-1]
		pivot := max(min(a, b), min(max(a, b), c)) // the middle one
		i, j := from, to-1
		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				i++
				j--
			}
		}
		switch { // keys from to j are at most the pivot, those from i on at least
		case k <= j:
			to = j + 1
		case k >= i:
			from = i
		default:
			return
		}
	}
}
