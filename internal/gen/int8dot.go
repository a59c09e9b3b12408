package main

import (
	"log"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// panelRows is the number of rows of a panel of words, on both sides of a tile. Sixteen
// sums hide the latency of their products, and the sixteen words of a in a step are one
// cache line.
const panelRows = 16

// Predicates of VPCMPD.
const (
	notLess     = 5
	notLessSame = 6 // neither less nor the same
)

// int8dot writes two kernels: classify16 for words of two integers of 16 bits, and
// classify8 for words of four of 8 bits.
func (g generator) int8dot() {
	g.classify("classify16", false)
	g.classify("classify8", true)
}

// classify multiplies two panels of words and compares the sums while they are in
// registers.
func (g generator) classify(name string, bytes bool) {
	g.function(name, "func(a, b *int32, depth int, offsets, rows, cols *int32, cells *uint16, aboveRows, aboveCols *int32, open *uint16) (any uint16)",
		name+" multiplies the panels a and b of depth words and classifies the sums (i, j) for",
		"which bit j of cells[i] is set. The sums of row i begin with offsets[i]. depth > 0.",
		"",
		"It adds to aboveRows[i] and aboveCols[j] how many sums are above the high bounds of the",
		"row and of the column; rows and cols hold 16 low bounds and then 16 high ones. Bit j of",
		"open[i] says that a sum is within the bounds of its row, and that of open[16+i] that it",
		"is within those of its column. any is the union of open.")

	sums := g.panelProducts(bytes)

	rows := g.Load(g.Param("rows"), g.GP64())
	cols := g.Load(g.Param("cols"), g.GP64())
	aboveRows := g.Load(g.Param("aboveRows"), g.GP64())
	aboveCols := g.Load(g.Param("aboveCols"), g.GP64())
	open := g.Load(g.Param("open"), g.GP64())
	cells := g.Load(g.Param("cells"), g.GP64())

	some := g.K()
	g.KXORW(some, some, some)
	low, high, count, one := g.ZMM(), g.ZMM(), g.ZMM(), g.ZMM()
	g.VMOVDQU32(Mem{Base: cols}, low)
	g.VMOVDQU32(Mem{Base: cols, Disp: 4 * panelRows}, high)
	g.VMOVDQU32(Mem{Base: aboveCols}, count)
	g.VPTERNLOGD(U8(0xff), one, one, one) // −1: all bits set

	for i, sum := range sums {
		cell, reached, above, n := g.K(), g.K(), g.K(), g.GP32()
		g.KMOVW(Mem{Base: cells, Disp: 2 * i}, cell)
		g.VPCMPD_BCST(U8(notLess), Mem{Base: rows, Disp: 4 * i}, sum, cell, reached)
		g.VPCMPD_BCST(U8(notLessSame), Mem{Base: rows, Disp: 4 * (panelRows + i)}, sum, reached, above)
		g.KXORW(above, reached, reached)
		g.KMOVW(reached, Mem{Base: open, Disp: 2 * i})
		g.KORW(reached, some, some)
		g.KMOVW(above, n)
		g.POPCNTL(n, n)
		g.ADDL(n, Mem{Base: aboveRows, Disp: 4 * i})

		g.VPCMPD(U8(notLess), low, sum, cell, reached)
		g.VPCMPD(U8(notLessSame), high, sum, reached, above)
		g.KXORW(above, reached, reached)
		g.KMOVW(reached, Mem{Base: open, Disp: 2 * (panelRows + i)})
		g.KORW(reached, some, some)
		g.VPSUBD(one, count, above, count)
	}

	g.VMOVDQU32(count, Mem{Base: aboveCols})
	any := g.GP32()
	g.KMOVW(some, any)
	g.Store(any.As16(), g.ReturnIndex(0))
	g.VZEROUPPER()
	g.RET()
}

// panelProducts writes the loop over the depth of classify. It returns the sums: element
// j of sums[i] is that of row i of a and row j of b.
func (g generator) panelProducts(bytes bool) (sums [panelRows]reg.VecVirtual) {
	a := g.Load(g.Param("a"), g.GP64())
	b := g.Load(g.Param("b"), g.GP64())
	depth := g.Load(g.Param("depth"), g.GP64())

	offsets := g.Load(g.Param("offsets"), g.GP64())
	for i := range sums {
		sums[i] = g.ZMM()
		g.VPBROADCASTD(Mem{Base: offsets, Disp: 4 * i}, sums[i])
	}

	right, signs := g.ZMM(), g.ZMM()
	if bytes {
		sign := g.GP32()
		g.MOVL(U32(0x80808080), sign)
		g.VPBROADCASTD(sign, signs)
	}

	g.Label("loop")
	if bytes {
		g.VPXORD(Mem{Base: b}, signs, right) // 128 more, and unsigned
	} else {
		g.VMOVDQU32(Mem{Base: b}, right)
	}

	for i, sum := range sums {
		g.addProducts(bytes, Mem{Base: a, Disp: 4 * i}, right, sum)
	}

	g.ADDQ(Imm(4*panelRows), a)
	g.ADDQ(Imm(4*panelRows), b)
	g.DECQ(depth)
	g.JNZ(LabelRef("loop"))
	return sums
}

// addProducts adds to each word of sum the products of the parts of that word of b and of
// one word of a. A word has two integers, or four, which are unsigned in b.
//
// The library has neither instruction. Their operands are those of a float32
// multiplication, so that instruction is built and renamed.
func (g generator) addProducts(bytes bool, a Mem, b, sum reg.VecVirtual) {
	i, err := x86.VFMADD231PS_BCST(a, b, sum)
	if err != nil {
		log.Fatal(err)
	}
	i.Opcode, i.ISA = "VPDPWSSD", []string{"AVX512VNNI"}
	if bytes {
		i.Opcode = "VPDPBUSD"
	}
	g.Instruction(i)
}
