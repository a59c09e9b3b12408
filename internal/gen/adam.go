package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// adam writes the update of Adam. It rounds after every product and sum, in the order of
// the portable implementation, and so agrees with it to the bit: no FMA.
func (g generator) adam() {
	g.function("adam8", "func(w, grad, m, v *float32, blocks int, f *float32)",
		"adam8 updates 8·blocks weights; f is the first field of an adamFactors. blocks > 0.")
	w := g.Load(g.Param("w"), g.GP64())
	grad := g.Load(g.Param("grad"), g.GP64())
	m := g.Load(g.Param("m"), g.GP64())
	v := g.Load(g.Param("v"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	f := g.Load(g.Param("f"), g.GP64())

	// In the order of the fields of adamFactors.
	var factors [9]reg.VecVirtual
	for i := range factors {
		factors[i] = g.YMM()
		g.VBROADCASTSS(Mem{Base: f, Disp: 4 * i}, factors[i])
	}

	shrink, coupled, keepM, takeM, keepV, takeV := factors[0], factors[1], factors[2], factors[3], factors[4], factors[5]
	root, epsilon, rate := factors[6], factors[7], factors[8]

	weight, d, moment, square, t := g.YMM(), g.YMM(), g.YMM(), g.YMM(), g.YMM()
	g.Label("loop")
	g.VMOVUPS(Mem{Base: w}, weight)
	g.VMULPS(weight, coupled, d)
	g.VADDPS(Mem{Base: grad}, d, d)

	g.VMULPS(Mem{Base: m}, keepM, moment)
	g.VMULPS(takeM, d, t)
	g.VADDPS(t, moment, moment)
	g.VMOVUPS(moment, Mem{Base: m})

	g.VMULPS(Mem{Base: v}, keepV, square)
	g.VMULPS(takeV, d, t)
	g.VMULPS(d, t, t)
	g.VADDPS(t, square, square)
	g.VMOVUPS(square, Mem{Base: v})

	g.VSQRTPS(square, t)
	g.VMULPS(root, t, t)
	g.VADDPS(epsilon, t, t)
	g.VMULPS(rate, moment, moment)
	g.VDIVPS(t, moment, moment)
	g.VMULPS(shrink, weight, weight)
	g.VSUBPS(moment, weight, weight)
	g.VMOVUPS(weight, Mem{Base: w})

	for _, p := range []reg.Register{w, grad, m, v} {
		g.ADDQ(Imm(4*lanes), p)
	}

	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}
