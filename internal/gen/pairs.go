package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairsAtOnce is the number of chains that hides the latency of an FMA whose two factors
// are loaded.
const pairsAtOnce = 4

// chains writes the products of pairs. Each is a chain of FMAs over k, as in a tile, and
// so has the same bits.
func (g generator) chains() {
	g.function("chains4", "func(x, y **float32, k int, sums *float32)",
		"chains4 sets sums to the products of the 4 vectors x, of k elements each, with the 4 vectors y. k > 0.")
	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	var rows [2][pairsAtOnce]reg.GPVirtual
	var chain [pairsAtOnce]reg.VecVirtual
	for i := range pairsAtOnce {
		for side, from := range []reg.Register{x, y} {
			rows[side][i] = g.GP64()
			g.MOVQ(Mem{Base: from, Disp: 8 * i}, rows[side][i])
		}
		chain[i] = g.XMM()
		g.VXORPS(chain[i], chain[i], chain[i])
	}

	k, p, factor := g.Load(g.Param("k"), g.GP64()), g.GP64(), g.XMM()
	g.XORQ(p, p)
	g.Label("loop")
	for i, sum := range chain {
		g.VMOVSS(Mem{Base: rows[0][i], Index: p, Scale: 4}, factor)
		g.VFMADD231SS(Mem{Base: rows[1][i], Index: p, Scale: 4}, factor, sum)
	}

	g.INCQ(p)
	g.CMPQ(p, k)
	g.JLT(LabelRef("loop"))
	sums := g.Load(g.Param("sums"), g.GP64())
	for i, sum := range chain {
		g.VMOVSS(sum, Mem{Base: sums, Disp: 4 * i})
	}

	g.RET()
}

// approxDot writes a product in the fastest order. Its bits are not those of a tile.
func (g generator) approxDot() {
	g.function("approxDot32", "func(x, y *float32, blocks int) float32",
		"approxDot32 returns the product of two vectors of 32·blocks elements.",
		"No product is rounded more than blocks+6 times. blocks > 0.")

	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	var sums [pairsAtOnce]reg.VecVirtual
	for i := range sums {
		sums[i] = g.YMM()
		g.VXORPS(sums[i], sums[i], sums[i])
	}

	factor := g.YMM()
	g.Label("loop")
	for i, sum := range sums {
		g.VMOVUPS(Mem{Base: x, Disp: 4 * lanes * i}, factor)
		g.VFMADD231PS(Mem{Base: y, Disp: 4 * lanes * i}, factor, sum)
	}

	g.ADDQ(Imm(4*lanes*pairsAtOnce), x)
	g.ADDQ(Imm(4*lanes*pairsAtOnce), y)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))

	g.VADDPS(sums[1], sums[0], sums[0])
	g.VADDPS(sums[3], sums[2], sums[2])
	g.VADDPS(sums[2], sums[0], sums[0])
	half := g.XMM()
	g.VEXTRACTF128(U8(1), sums[0], half)
	sum := sums[0].AsX()
	g.VADDPS(half, sum, sum)
	g.VHADDPS(sum, sum, sum)
	g.VHADDPS(sum, sum, sum)
	g.Store(sum, g.ReturnIndex(0))
	g.VZEROUPPER()
	g.RET()
}
