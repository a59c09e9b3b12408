package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// addTurned adds in float64 what stands across the diagonal, four by four elements at a time, and writes both halves of the symmetric sum.
func (g generator) addTurned() {
	g.function("addTurned4", "func(sum, turned *float32, rowSum int, left, across *float64, rowLeft, blocks int)",
		"addTurned4 writes the 4×4·blocks matrix left plus the transpose of the 4·blocks×4 matrix across to sum, and its transpose to turned. blocks > 0.")
	sum := g.rows4("sum", "rowSum", 4)
	turned := g.rows4("turned", "rowSum", 4)
	left := g.rows4("left", "rowLeft", 8)
	across := g.rows4("across", "rowLeft", 8)
	blocks := g.Load(g.Param("blocks"), g.GP64())

	g.Label("loop")
	var in, pair, wide [4]reg.VecVirtual
	for i := range in {
		in[i] = g.YMM()
		g.VMOVUPD(across.at(i), in[i])
	}
	for i := 0; i < 4; i += 2 { // rows i and i+1: columns 0 and 2, columns 1 and 3
		pair[i], pair[i+1] = g.YMM(), g.YMM()
		g.VUNPCKLPD(in[i+1], in[i], pair[i])
		g.VUNPCKHPD(in[i+1], in[i], pair[i+1])
	}
	var row [4]reg.Register
	for i := range wide {
		wide[i] = g.YMM()
		g.VPERM2F128(U8(0x20+0x11*(i/2)), pair[2+i%2], pair[i%2], wide[i])
		g.VADDPD(left.at(i), wide[i], wide[i])
		row[i] = g.XMM()
		g.VCVTPD2PSY(wide[i], row[i])
		g.VMOVUPS(row[i], sum.at(i))
	}
	var half [4]reg.VecVirtual
	for i := range half { // columns 0 and 1 of rows 0 and 1, of rows 2 and 3, and columns 2 and 3
		half[i] = g.XMM()
		if i < 2 {
			g.VUNPCKLPS(row[2*i+1], row[2*i], half[i])
		} else {
			g.VUNPCKHPS(row[2*(i-2)+1], row[2*(i-2)], half[i])
		}
	}
	column := g.XMM()
	for i := range 4 {
		if i%2 == 0 {
			g.VUNPCKLPD(half[i/2*2+1], half[i/2*2], column)
		} else {
			g.VUNPCKHPD(half[i/2*2+1], half[i/2*2], column)
		}
		g.VMOVUPS(column, turned.at(i))
	}
	g.ADDQ(Imm(4*4), sum.base)
	g.ADDQ(Imm(8*4), left.base)
	g.LEAQ(Mem{Base: turned.base, Index: turned.row, Scale: 4}, turned.base)
	g.LEAQ(Mem{Base: across.base, Index: across.row, Scale: 4}, across.base)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}

// rows4 are four rows so many bytes apart, and three times as many.
type rows4 struct{ base, row, row3 reg.Register }

// rows4 loads the address of the first of four rows, and their distance, which the parameter has in elements of so many bytes.
func (g generator) rows4(base, distance string, size int) rows4 {
	r := rows4{g.Load(g.Param(base), g.GP64()), g.Load(g.Param(distance), g.GP64()), g.GP64()}
	g.SHLQ(Imm(map[int]uint64{4: 2, 8: 3}[size]), r.row)
	g.LEAQ(Mem{Base: r.row, Index: r.row, Scale: 2}, r.row3)
	return r
}

func (r rows4) at(i int) Mem {
	switch i {
	case 0:
		return Mem{Base: r.base}
	case 3:
		return Mem{Base: r.base, Index: r.row3, Scale: 1}
	}
	return Mem{Base: r.base, Index: r.row, Scale: uint8(i)}
}
