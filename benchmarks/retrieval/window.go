package retrieval

import (
	"gpwbench/internal/f32"
	"gpwbench/matrix"
)

// A window is rows from to to-1 of a side, whose directions are in memory. All rows are,
// where they take little of it. Otherwise a search goes from one window to the next, so
// that its memory does not grow with the rows and their width. Outside of all windows the
// directions of a few rows are made where they are needed.
type window struct {
	side     side
	from, to int
	rows     matrix.Matrix
	held     bool
}

func wholeOf(s side) window {
	return window{side: s, to: len(s.rows), rows: s.x, held: s.x.Data != nil}
}

// Directions of heldBytes or fewer are all in memory. Tests set fewer.
var heldBytes = 256 << 20

// Two windows take no more than windowBytes, which are so many rows that making them
// again for every other window costs nothing beside the products.
const windowBytes = 64 << 20

// windowed reports whether the directions of so many rows are held by windows.
func windowed(rows, cols int) bool { return rows > heldBytes/4/max(cols, 1) }

// windowRows returns the number of rows in a window: whole blocks of queries.
func (t tiling) windowRows(cols int) int {
	if t.window > 0 {
		return t.window
	}
	return max(1, windowBytes/2/4/max(cols, 1)/t.rows) * t.rows
}

// queriesOf returns the directions of queries from to to-1. Outside of windows a worker
// keeps those that it has made until it goes on to others.
func (p *pass) queriesOf(w *worker, from, to int) matrix.Matrix {
	if p.q.held {
		return p.q.directions(nil, from, to)
	}
	if made := [2]int{from, to}; w.made != made {
		p.q.directions(&w.queries, from, to)
		w.made = made
	}
	return matrixOn(&w.queries, to-from, p.q.side.x.Cols)
}

// directions returns those of rows from to to-1, which are in the window or are made in
// memory.
func (v *window) directions(memory *[]float32, from, to int) matrix.Matrix {
	if v.held {
		return v.rows.Slice(from-v.from, to-v.from)
	}
	m := matrixOn(memory, to-from, v.side.x.Cols)
	v.side.roundTo(m, from)
	return m
}

// hold returns the window of rows from to to-1, in memory that grows as needed.
func (p *pass) hold(s side, memory *[]float32, from, to int) window {
	v := window{side: s, from: from, to: to, held: true}
	if s.x.Data != nil {
		v.rows = s.x.Slice(from, to)
		return v
	}

	v.rows = matrixOn(memory, to-from, s.x.Cols)
	p.parallel(to-from, p.tiling.rows, func(_ *worker, i, k int) { s.roundTo(v.rows.Slice(i, k), from+i) })
	return v
}

// eachWindow calls f for all pairs of a window of the queries and one of the gallery, or
// of the upper ones those on and above the diagonal.
func (p *pass) eachWindow(upper bool, f func()) {
	if p.q.held && p.g.held {
		f()
		return
	}

	var memory [2][]float32
	q, g := p.q, p.g
	rows := p.tiling.windowRows(q.side.x.Cols)
	for from := q.from; from < q.to && p.ctx.Err() == nil; from += rows {
		p.q = p.hold(q.side, &memory[0], from, min(from+rows, q.to))
		start := g.from
		if upper {
			start = from
		}
		for ; start < g.to && p.ctx.Err() == nil; start += rows {
			if upper && start == from {
				p.g = p.q
			} else {
				p.g = p.hold(g.side, &memory[1], start, min(start+rows, g.to))
			}
			f()
		}
	}
	p.q, p.g = q, g
}

// roundTo sets m to the directions of the rows from row from on, in float32.
func (s *side) roundTo(m matrix.Matrix, from int) {
	v := s.given
	for i := range m.Rows {
		unit, r, inverse := m.Row(i), s.rows[from+i], s.inverse[from+i]
		if v.wide == nil {
			copy(unit, v.narrow.Row(r))
			f32.Scale(unit, inverse)
			continue
		}

		for k, x := range v.wideRow(r) {
			unit[k] = float32(x * inverse)
		}
	}
}
