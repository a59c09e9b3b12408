package main

import (
	. "github.com/mmcloughlin/avo/operand"
)

// panels writes the packing of rows that already lie as the tiles need them.
func (g generator) panels() {
	g.function("copyPanels", "func(dst, src *float32, rowSrc, depth, panels int)",
		"copyPanels packs the depth×16·panels matrix src into panels that are depth×16 and follow each other. depth, panels > 0.")
	dst := g.Load(g.Param("dst"), g.GP64())
	src := g.Load(g.Param("src"), g.GP64())
	rowSrc := g.stride("rowSrc")
	depth := g.Load(g.Param("depth"), g.GP64())
	panels := g.Load(g.Param("panels"), g.GP64())

	size := g.GP64() // of a panel in bytes
	g.MOVQ(depth, size)
	g.SHLQ(Imm(6), size)
	from, to, left := g.GP64(), g.GP64(), g.GP64()
	low, high := g.YMM(), g.YMM()
	g.Label("row")
	g.MOVQ(src, from)
	g.MOVQ(dst, to)
	g.MOVQ(panels, left)
	g.Label("panel")
	g.VMOVUPS(Mem{Base: from}, low)
	g.VMOVUPS(Mem{Base: from, Disp: 4 * lanes}, high)
	g.VMOVUPS(low, Mem{Base: to})
	g.VMOVUPS(high, Mem{Base: to, Disp: 4 * lanes})
	g.ADDQ(Imm(4*tileCols), from)
	g.ADDQ(size, to)
	g.DECQ(left)
	g.JNZ(LabelRef("panel"))
	g.ADDQ(rowSrc, src)
	g.ADDQ(Imm(4*tileCols), dst)
	g.DECQ(depth)
	g.JNZ(LabelRef("row"))
	g.VZEROUPPER()
	g.RET()
}
