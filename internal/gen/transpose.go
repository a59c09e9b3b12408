package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose packs panels of b and mirrors the symmetric product, eight by eight elements at a time.
func (g generator) transpose() {
	g.function("transpose8", "func(dst *float32, rowDst int, src *float32, rowSrc, blocks int)",
		"transpose8 writes the transpose of the 8×8·blocks matrix src to the 8·blocks×8 matrix dst. blocks > 0.")
	dst := g.Load(g.Param("dst"), g.GP64())
	rowDst := g.stride("rowDst")
	src := g.Load(g.Param("src"), g.GP64())
	rowSrc := g.stride("rowSrc")
	blocks := g.Load(g.Param("blocks"), g.GP64())

	// Eight rows at a base, a base plus four rows, and multiples 1, 2 and 3 of the stride.
	four := func(base, row reg.Register) (high, row3 reg.Register) {
		high, row3 = g.GP64(), g.GP64()
		g.LEAQ(Mem{Base: base, Index: row, Scale: 4}, high)
		g.LEAQ(Mem{Base: row, Index: row, Scale: 2}, row3)
		return high, row3
	}
	at := func(i int, base, high, row, row3 reg.Register) Mem {
		if i >= 4 {
			base = high
		}
		switch i % 4 {
		case 0:
			return Mem{Base: base}
		case 3:
			return Mem{Base: base, Index: row3, Scale: 1}
		}
		return Mem{Base: base, Index: row, Scale: uint8(i % 4)}
	}
	dst4, rowDst3 := four(dst, rowDst)
	src4, rowSrc3 := four(src, rowSrc)

	g.Label("loop")
	var in, pair, quad [8]reg.VecVirtual
	for i := range in {
		in[i] = g.YMM()
		g.VMOVUPS(at(i, src, src4, rowSrc, rowSrc3), in[i])
	}
	for i := 0; i < 8; i += 2 {
		pair[i], pair[i+1] = g.YMM(), g.YMM()
		g.VUNPCKLPS(in[i+1], in[i], pair[i])
		g.VUNPCKHPS(in[i+1], in[i], pair[i+1])
	}
	// quad[i] and quad[i+4] hold column i and, in the upper half, column i+4 of the rows 0 to 3 and 4 to 7.
	for half := 0; half < 8; half += 4 {
		for i := range 4 {
			quad[half+i] = g.YMM()
			low, high := pair[half+i/2], pair[half+2+i/2]
			g.VSHUFPS(U8(0x44+0xaa*(i%2)), high, low, quad[half+i])
		}
	}
	out := g.YMM()
	for i := range 4 {
		g.VPERM2F128(U8(0x20), quad[4+i], quad[i], out)
		g.VMOVUPS(out, at(i, dst, dst4, rowDst, rowDst3))
	}
	for i := range 4 {
		g.VPERM2F128(U8(0x31), quad[4+i], quad[i], out)
		g.VMOVUPS(out, at(4+i, dst, dst4, rowDst, rowDst3))
	}
	g.ADDQ(Imm(4*lanes), src)
	g.ADDQ(Imm(4*lanes), src4)
	g.LEAQ(Mem{Base: dst, Index: rowDst, Scale: 8}, dst)
	g.LEAQ(Mem{Base: dst4, Index: rowDst, Scale: 8}, dst4)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}
