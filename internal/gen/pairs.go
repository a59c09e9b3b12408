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

// fastDot writes a product in the fastest order. Its bits are not those of a tile.
func (g generator) fastDot() {
	g.function("fastDot32", "func(x, y *float32, blocks int) float32",
		"fastDot32 returns the product of two vectors of 32·blocks elements.",
		"No product is rounded more than blocks+6 times. blocks > 0.")

	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	sum := g.fastChains(x, blocks, y)[0]
	g.Store(sum, g.ReturnIndex(0))
	g.VZEROUPPER()
	g.RET()
}

// fastDots writes the products of one vector with two, which load it once.
func (g generator) fastDots() {
	g.function("fastDots32", "func(x, y, z *float32, blocks int) (xy, xz float32)",
		"fastDots32 returns the products of x with y and with z, with the bits of fastDot32.")

	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	z := g.Load(g.Param("z"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	for k, sum := range g.fastChains(x, blocks, y, z) {
		g.Store(sum, g.ReturnIndex(k))
	}
	g.VZEROUPPER()
	g.RET()
}

// fastChains writes the products of x with other vectors.
func (g generator) fastChains(x, blocks reg.Register, others ...reg.Register) []reg.VecVirtual {
	sums := make([][pairsAtOnce]reg.VecVirtual, len(others))
	for o := range sums {
		for i := range sums[o] {
			sums[o][i] = g.YMM()
			g.VXORPS(sums[o][i], sums[o][i], sums[o][i])
		}
	}

	factor := g.YMM()
	g.Label("loop")
	for i := range pairsAtOnce {
		g.VMOVUPS(Mem{Base: x, Disp: 4 * lanes * i}, factor)
		for o, y := range others {
			g.VFMADD231PS(Mem{Base: y, Disp: 4 * lanes * i}, factor, sums[o][i])
		}
	}

	for _, pointer := range append([]reg.Register{x}, others...) {
		g.ADDQ(Imm(4*lanes*pairsAtOnce), pointer)
	}
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))

	var products []reg.VecVirtual
	half := g.XMM()
	for o := range sums {
		s := sums[o]
		g.VADDPS(s[1], s[0], s[0])
		g.VADDPS(s[3], s[2], s[2])
		g.VADDPS(s[2], s[0], s[0])
		g.VEXTRACTF128(U8(1), s[0], half)
		sum := g.XMM()
		g.VADDPS(half, s[0].AsX(), sum)
		g.VHADDPS(sum, sum, sum)
		g.VHADDPS(sum, sum, sum)
		products = append(products, sum)
	}
	return products
}

// prefetch has the processor load a row while it computes with others.
func (g generator) prefetch() {
	g.function("prefetchLines", "func(x *float32, lines int)",
		"prefetchLines begins to load so many lines of 64 bytes into the first-level cache. lines > 0.")
	x := g.Load(g.Param("x"), g.GP64())
	lines := g.Load(g.Param("lines"), g.GP64())
	g.Label("loop")
	g.PREFETCHT0(Mem{Base: x})
	g.ADDQ(Imm(64), x)
	g.DECQ(lines)
	g.JNZ(LabelRef("loop"))
	g.RET()
}
