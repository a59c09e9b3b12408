package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A tile of six rows and two vectors keeps 12 accumulators, 2 vectors of b and 1 of a in the 16 registers of AVX2. Two FMA units
// with a latency of four cycles need eight independent chains, so tiles of fewer than four rows run below the peak.
const (
	tileRows = 6
	tileCols = 16
	lanes    = 8
)

// tile multiplies rows rows of a by a packed panel of b. Every element has its accumulator, a chain of FMAs over k in order, so
// that its value is the same whatever the height of the tile.
func (g generator) tile(rows int) {
	g.function(fmt.Sprintf("tile%d", rows), "func(c *float32, rowC int, a *float32, rowA int, b *float32, k int, add bool)",
		fmt.Sprintf("tile%d writes a·b, or adds it, to the %d×%d tile c. Element (i, p) of a is a[i*rowA+p]; b is k×%d without gaps. k > 0.", rows, rows, tileCols, tileCols))
	c := g.Load(g.Param("c"), g.GP64())
	rowC := g.stride("rowC")
	a := g.Load(g.Param("a"), g.GP64())
	rowA := g.stride("rowA")
	b := g.Load(g.Param("b"), g.GP64())
	k := g.Load(g.Param("k"), g.GP64())

	// Rows 0, 1, 2 are addressed from a, rows 3, 4, 5 from a3: x86 scales an index by 1, 2, 4 or 8 only.
	a3 := a
	if rows > 3 {
		a3 = g.GP64()
		g.LEAQ(Mem{Base: a, Index: rowA, Scale: 2}, a3)
		g.ADDQ(rowA, a3)
	}
	left := func(i int) Mem {
		base := a
		if i >= 3 {
			base = a3
		}
		if i%3 == 0 {
			return Mem{Base: base}
		}
		return Mem{Base: base, Index: rowA, Scale: uint8(i % 3)}
	}

	var sums [tileRows][tileCols / lanes]reg.VecVirtual
	for i := range rows {
		for j := range sums[i] {
			sums[i][j] = g.YMM()
			g.VXORPS(sums[i][j], sums[i][j], sums[i][j])
		}
	}

	right := [tileCols / lanes]reg.VecVirtual{g.YMM(), g.YMM()}
	factor := g.YMM()
	g.Label("loop")
	for j, v := range right {
		g.VMOVUPS(Mem{Base: b, Disp: 4 * lanes * j}, v)
	}
	for i := range rows {
		g.VBROADCASTSS(left(i), factor)
		for j, v := range right {
			g.VFMADD231PS(factor, v, sums[i][j])
		}
	}
	g.ADDQ(Imm(4), a)
	if rows > 3 {
		g.ADDQ(Imm(4), a3)
	}
	g.ADDQ(Imm(4*tileCols), b)
	g.DECQ(k)
	g.JNZ(LabelRef("loop"))

	add := g.Load(g.Param("add"), g.GP8())
	g.TESTB(add, add)
	g.JZ(LabelRef("store"))
	row := g.GP64()
	g.MOVQ(c, row)
	for i := range rows {
		for j, v := range sums[i] {
			g.VADDPS(Mem{Base: row, Disp: 4 * lanes * j}, v, v)
		}
		if i < rows-1 {
			g.ADDQ(rowC, row)
		}
	}
	g.Label("store")
	for i := range rows {
		for j, v := range sums[i] {
			g.VMOVUPS(v, Mem{Base: c, Disp: 4 * lanes * j})
		}
		if i < rows-1 {
			g.ADDQ(rowC, c)
		}
	}
	g.VZEROUPPER()
	g.RET()
}

// stride loads a distance in elements and makes it one in bytes.
func (g generator) stride(name string) reg.Register {
	r := g.Load(g.Param(name), g.GP64())
	g.SHLQ(Imm(2), r)
	return r
}
