package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A shape describes the registers in which a tile keeps its sums. Panels of b are sixteen
// columns wide for all shapes.
type shape struct {
	name   string // of the functions, before the number of rows
	height int    // rows of the highest tile
	lanes  int    // of a register
	vector func() reg.VecVirtual
	clear  func(ops ...Op)
}

const (
	tileCols = 16
	lanes    = 8 // of AVX2
)

// tiles writes the tiles of every height for AVX2 (tile1 to tile6) and for AVX-512 (tall1
// to tall12).
//
// Two FMA units with a latency of four cycles need eight independent chains, so lower
// tiles run below the peak. Six rows of two vectors are 12 sums. With 2 vectors of b and
// 1 of a they fit the 16 registers of AVX2. AVX-512 has 32, but more than twelve sums
// would gain nothing: machines that double-pump it do one FMA a cycle, and a load of a
// takes as long.
func (g generator) tiles() {
	for _, s := range []shape{{"tile", 6, lanes, g.YMM, g.VXORPS}, {"tall", 12, 2 * lanes, g.ZMM, g.VPXORD}} {
		for rows := 1; rows <= s.height; rows++ {
			g.tile(s, rows)
		}
	}
}

// tile multiplies rows rows of a by a packed panel of b. Every element has its own
// accumulator, a chain of FMAs over k in order. So its value is the same for every shape
// of the tile.
func (g generator) tile(s shape, rows int) {
	name := fmt.Sprintf("%s%d", s.name, rows)
	g.function(name, "func(c *float32, rowC int, a *float32, rowA int, b *float32, k int, add bool)",
		fmt.Sprintf("%s writes a·b to the %d×%d tile c, or adds it.", name, rows, tileCols),
		fmt.Sprintf("Element (i, p) of a is a[i*rowA+p]; b is k×%d without gaps. k > 0.", tileCols))

	c := g.Load(g.Param("c"), g.GP64())
	rowC := g.stride("rowC")
	a := g.Load(g.Param("a"), g.GP64())
	rowA := g.stride("rowA")
	b := g.Load(g.Param("b"), g.GP64())
	k := g.Load(g.Param("k"), g.GP64())

	bases := g.rowBases(a, rowA, rows)
	left := func(i int) Mem {
		if i%3 == 0 {
			return Mem{Base: bases[i/3]}
		}
		return Mem{Base: bases[i/3], Index: rowA, Scale: uint8(i % 3)}
	}

	across := tileCols / s.lanes
	sums := s.zeros(rows, across)
	right := make([]reg.VecVirtual, across)
	for j := range right {
		right[j] = s.vector()
	}

	factor := s.vector()

	g.Label("loop")
	for j, v := range right {
		g.VMOVUPS(s.at(b, j), v)
	}

	for i := range rows {
		if across == 1 {
			g.VFMADD231PS_BCST(left(i), right[0], sums[i][0])
			continue
		}

		g.VBROADCASTSS(left(i), factor)
		for j, v := range right {
			g.VFMADD231PS(factor, v, sums[i][j])
		}
	}

	for _, base := range bases {
		g.ADDQ(Imm(4), base)
	}

	g.ADDQ(Imm(4*tileCols), b)
	g.DECQ(k)
	g.JNZ(LabelRef("loop"))

	g.storeTile(s, sums, c, rowC)
	g.VZEROUPPER()
	g.RET()
}

// rowBases returns the addresses of every third of some rows of a. Rows 0, 1, 2 are
// addressed from a, rows 3, 4, 5 from three rows on, and so forth: x86 scales an index by
// 1, 2, 4 or 8 only.
func (g generator) rowBases(a, rowA reg.Register, rows int) []reg.Register {
	bases := []reg.Register{a}
	for 3*len(bases) < rows {
		base := g.GP64()
		g.LEAQ(Mem{Base: bases[len(bases)-1], Index: rowA, Scale: 2}, base)
		g.ADDQ(rowA, base)
		bases = append(bases, base)
	}
	return bases
}

// zeros returns rows×cols vectors of zeros.
func (s shape) zeros(rows, cols int) [][]reg.VecVirtual {
	sums := make([][]reg.VecVirtual, rows)
	for i := range sums {
		for range cols {
			sum := s.vector()
			s.clear(sum, sum, sum)
			sums[i] = append(sums[i], sum)
		}
	}
	return sums
}

// at is the address of vector j of a row.
func (s shape) at(base reg.Register, j int) Mem { return Mem{Base: base, Disp: 4 * s.lanes * j} }

// storeTile stores the sums in the tile c, whose rows are rowC bytes apart. If the
// parameter add is set, it first adds the elements of c.
func (g generator) storeTile(s shape, sums [][]reg.VecVirtual, c, rowC reg.Register) {
	rows := len(sums)
	add := g.Load(g.Param("add"), g.GP8())
	g.TESTB(add, add)
	g.JZ(LabelRef("store"))

	row := g.GP64()
	g.MOVQ(c, row)
	for i := range rows {
		for j, v := range sums[i] {
			g.VADDPS(s.at(row, j), v, v)
		}
		if i < rows-1 {
			g.ADDQ(rowC, row)
		}
	}

	g.Label("store")
	for i := range rows {
		for j, v := range sums[i] {
			g.VMOVUPS(v, s.at(c, j))
		}
		if i < rows-1 {
			g.ADDQ(rowC, c)
		}
	}
}

// stride loads a distance in elements of float32 and converts it to bytes.
func (g generator) stride(name string) reg.Register {
	r := g.Load(g.Param(name), g.GP64())
	g.SHLQ(Imm(2), r)
	return r
}
