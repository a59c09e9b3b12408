package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columnBlocks is how many vectors of columns are counted at a time: each needs two counts and its thresholds in registers, and
// together they read a whole line of the cache of every row.
const columnBlocks = 2

func (g generator) countColumns() {
	g.function("countColumns16", "func(m *float32, stride, rows int, t *float32, greater, equal *int32)",
		"countColumns16 adds to greater and equal, of each of 16 columns of m, the number of elements above its t and equal to it. rows > 0.")
	m := g.Load(g.Param("m"), g.GP64())
	stride := g.stride("stride")
	rows := g.Load(g.Param("rows"), g.GP64())
	t := g.Load(g.Param("t"), g.GP64())
	greater := g.Load(g.Param("greater"), g.GP64())
	equal := g.Load(g.Param("equal"), g.GP64())

	var thresholds, above, same [columnBlocks]reg.VecVirtual
	for b := range columnBlocks {
		thresholds[b], above[b], same[b] = g.YMM(), g.YMM(), g.YMM()
		at := 4 * lanes * b
		g.VMOVUPS(Mem{Base: t, Disp: at}, thresholds[b])
		g.VMOVDQU(Mem{Base: greater, Disp: at}, above[b])
		g.VMOVDQU(Mem{Base: equal, Disp: at}, same[b])
	}
	x, mask := g.YMM(), g.YMM()
	g.Label("loop")
	for b := range columnBlocks {
		g.VMOVUPS(Mem{Base: m, Disp: 4 * lanes * b}, x)
		g.VCMPPS(U8(greaterOrdered), thresholds[b], x, mask)
		g.VPSUBD(mask, above[b], above[b])
		g.VCMPPS(U8(equalOrdered), thresholds[b], x, mask)
		g.VPSUBD(mask, same[b], same[b])
	}
	g.ADDQ(stride, m)
	g.DECQ(rows)
	g.JNZ(LabelRef("loop"))
	for b := range columnBlocks {
		at := 4 * lanes * b
		g.VMOVDQU(above[b], Mem{Base: greater, Disp: at})
		g.VMOVDQU(same[b], Mem{Base: equal, Disp: at})
	}
	g.VZEROUPPER()
	g.RET()
}
