package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes the kernel that packs panels of b and mirrors the symmetric product,
// eight by eight elements at a time.
func (g generator) transpose() {
	g.function("transpose8", "func(dst *float32, rowDst int, src *float32, rowSrc, blocks int)",
		"transpose8 writes dst = srcᵀ; src is 8×8·blocks, dst 8·blocks×8. blocks > 0.")
	dst := g.Load(g.Param("dst"), g.GP64())
	rowDst := g.stride("rowDst")
	src := g.Load(g.Param("src"), g.GP64())
	rowSrc := g.stride("rowSrc")
	blocks := g.Load(g.Param("blocks"), g.GP64())

	to := g.rows8(dst, rowDst)
	from := g.rows8(src, rowSrc)

	g.Label("loop")
	var in, pair, quad [8]reg.VecVirtual
	for i := range in {
		in[i] = g.YMM()
		g.VMOVUPS(from.at(i), in[i])
	}

	for i := 0; i < 8; i += 2 {
		pair[i], pair[i+1] = g.YMM(), g.YMM()
		g.VUNPCKLPS(in[i+1], in[i], pair[i])
		g.VUNPCKHPS(in[i+1], in[i], pair[i+1])
	}

	// quad[i] holds column i of the rows 0 to 3 and, in the upper half, their column i+4;
	// quad[i+4] holds the same of the rows 4 to 7.
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
		g.VMOVUPS(out, to.at(i))
	}

	for i := range 4 {
		g.VPERM2F128(U8(0x31), quad[4+i], quad[i], out)
		g.VMOVUPS(out, to.at(4+i))
	}

	g.ADDQ(Imm(4*lanes), from.base)
	g.ADDQ(Imm(4*lanes), from.base4)
	g.LEAQ(Mem{Base: to.base, Index: to.row, Scale: 8}, to.base)
	g.LEAQ(Mem{Base: to.base4, Index: to.row, Scale: 8}, to.base4)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}

// rows8 addresses eight rows that are row bytes apart: base4 is the address of the fifth,
// and row3 is three times row.
type rows8 struct{ base, base4, row, row3 reg.Register }

// rows8 computes what addresses the eight rows that begin at base.
func (g generator) rows8(base, row reg.Register) rows8 {
	r := rows8{base, g.GP64(), row, g.GP64()}
	g.LEAQ(Mem{Base: base, Index: row, Scale: 4}, r.base4)
	g.LEAQ(Mem{Base: row, Index: row, Scale: 2}, r.row3)
	return r
}

// at is the address of row i.
func (r rows8) at(i int) Mem {
	base := r.base
	if i >= 4 {
		base = r.base4
	}

	switch i % 4 {
	case 0:
		return Mem{Base: base}
	case 3:
		return Mem{Base: base, Index: r.row3, Scale: 1}
	}
	return Mem{Base: base, Index: r.row, Scale: uint8(i % 4)}
}
