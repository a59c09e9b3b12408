package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columnBlocks is how many vectors of columns are counted at a time. Each needs two
// counts and its thresholds in registers, and together they read a whole line of the
// cache of every row.
const columnBlocks = 2

func (g generator) countColumns() {
	g.function("countColumns16", "func(m *float32, stride, rows int, low, high *float32, above, reach *int32)",
		"countColumns16 adds to above and reach, of each of 16 columns of m, the number of elements above its high and those at least its low. rows > 0.")
	m := g.Load(g.Param("m"), g.GP64())
	stride := g.stride("stride")
	rows := g.Load(g.Param("rows"), g.GP64())
	low := g.Load(g.Param("low"), g.GP64())
	high := g.Load(g.Param("high"), g.GP64())
	above := g.Load(g.Param("above"), g.GP64())
	reach := g.Load(g.Param("reach"), g.GP64())

	var lows, highs, over, from [columnBlocks]reg.VecVirtual
	for b := range columnBlocks {
		lows[b], highs[b], over[b], from[b] = g.YMM(), g.YMM(), g.YMM(), g.YMM()
		at := 4 * lanes * b
		g.VMOVUPS(Mem{Base: low, Disp: at}, lows[b])
		g.VMOVUPS(Mem{Base: high, Disp: at}, highs[b])
		g.VMOVDQU(Mem{Base: above, Disp: at}, over[b])
		g.VMOVDQU(Mem{Base: reach, Disp: at}, from[b])
	}

	x, mask := g.YMM(), g.YMM()
	g.Label("loop")
	for b := range columnBlocks {
		g.VMOVUPS(Mem{Base: m, Disp: 4 * lanes * b}, x)
		g.VCMPPS(U8(greaterOrdered), highs[b], x, mask)
		g.VPSUBD(mask, over[b], over[b])
		g.VCMPPS(U8(atLeastOrdered), lows[b], x, mask)
		g.VPSUBD(mask, from[b], from[b])
	}

	g.ADDQ(stride, m)
	g.DECQ(rows)
	g.JNZ(LabelRef("loop"))
	for b := range columnBlocks {
		at := 4 * lanes * b
		g.VMOVDQU(over[b], Mem{Base: above, Disp: at})
		g.VMOVDQU(from[b], Mem{Base: reach, Disp: at})
	}

	g.VZEROUPPER()
	g.RET()
}
