package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairsAtOnce is how many chains hide the latency of an FMA whose two factors are loaded.
const pairsAtOnce = 4

// chains has a chain of FMAs over k for each pair, as a tile has, and so its bits.
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
