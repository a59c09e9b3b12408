package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// addTranspose computes sum = left + acrossᵀ in float64 and mirrored = sumᵀ, four by four
// elements at a time. Where left and across lie on either side of the diagonal of one
// matrix G, these are both halves of the symmetric G + Gᵀ.
func (g generator) addTranspose() {
	g.function("addTranspose4", "func(sum, mirrored *float32, rowSum int, left, across *float64, rowLeft, blocks int)",
		"addTranspose4 writes sum = left + acrossᵀ and mirrored = sumᵀ.",
		"left and sum are 4×4·blocks, across and mirrored 4·blocks×4. blocks > 0.")

	sum := g.rows4("sum", "rowSum", 4)
	mirrored := g.rows4("mirrored", "rowSum", 4)
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

	g.storeColumns(row, mirrored)

	g.ADDQ(Imm(4*4), sum.base)
	g.ADDQ(Imm(8*4), left.base)
	g.LEAQ(Mem{Base: mirrored.base, Index: mirrored.row, Scale: 4}, mirrored.base)
	g.LEAQ(Mem{Base: across.base, Index: across.row, Scale: 4}, across.base)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}

// storeColumns stores the columns of a 4×4 block, given by its rows, as the rows of to.
func (g generator) storeColumns(row [4]reg.Register, to rows4) {
	// Columns 0 and 1 of rows 0 and 1, then of rows 2 and 3; after these, columns 2 and
	// 3.
	var half [4]reg.VecVirtual
	for i := range half {
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
		g.VMOVUPS(column, to.at(i))
	}
}

// rows4 addresses four rows that are row bytes apart; row3 is three times as many.
type rows4 struct{ base, row, row3 reg.Register }

// rows4 loads the address of the first of four rows and their distance. The parameter
// gives the distance in elements of size bytes.
func (g generator) rows4(base, distance string, size int) rows4 {
	r := rows4{g.Load(g.Param(base), g.GP64()), g.Load(g.Param(distance), g.GP64()), g.GP64()}
	g.SHLQ(Imm(map[int]uint64{4: 2, 8: 3}[size]), r.row)
	g.LEAQ(Mem{Base: r.row, Index: r.row, Scale: 2}, r.row3)
	return r
}

// at is the address of row i.
func (r rows4) at(i int) Mem {
	switch i {
	case 0:
		return Mem{Base: r.base}
	case 3:
		return Mem{Base: r.base, Index: r.row3, Scale: 1}
	}
	return Mem{Base: r.base, Index: r.row, Scale: uint8(i)}
}
