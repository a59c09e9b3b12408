package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// chains is the number of partial sums of a dot product: four vectors of four float64, as
// many as the latency of an addition requires.
const chains = 16

// dot adds in float64, in which the product of two float32 is exact. So fused or not, the
// bits are the same.
func (g generator) dot() {
	g.dotOf("dot16", "func(x, y *float32, blocks int, sums *float64)", func(x reg.Register, i int, a reg.VecVirtual) {
		g.VCVTPS2PD(Mem{Base: x, Disp: 16 * i}, a)
	}, 4, "dot16 adds the product of element k of x and y to sums[k%16], in float64; x and y have 16·blocks elements. blocks > 0.")
}

// dotWide is dot with x in float64, since some processors take as long to convert numbers
// as to multiply them.
func (g generator) dotWide() {
	g.dotOf("dotWide16", "func(x *float64, y *float32, blocks int, sums *float64)", func(x reg.Register, i int, a reg.VecVirtual) {
		g.VMOVUPD(Mem{Base: x, Disp: 32 * i}, a)
	}, 8, "dotWide16 is dot16 with x in float64.")
}

func (g generator) dotOf(name, signature string, load func(x reg.Register, i int, a reg.VecVirtual), size int, doc string) {
	g.function(name, signature, doc)
	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	sums := g.Load(g.Param("sums"), g.GP64())

	var sum [chains / 4]reg.VecVirtual
	for i := range sum {
		sum[i] = g.YMM()
		g.VMOVUPD(Mem{Base: sums, Disp: 32 * i}, sum[i])
	}

	a, b := g.YMM(), g.YMM()
	g.Label("loop")
	for i, s := range sum {
		load(x, i, a)
		g.VCVTPS2PD(Mem{Base: y, Disp: 16 * i}, b)
		g.VFMADD231PD(a, b, s)
	}

	g.ADDQ(Imm(uint64(size*chains)), x)
	g.ADDQ(Imm(4*chains), y)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	for i, s := range sum {
		g.VMOVUPD(s, Mem{Base: sums, Disp: 32 * i})
	}

	g.VZEROUPPER()
	g.RET()
}

// scale and reject round where the portable implementations do: no FMA.
func (g generator) scale() {
	g.function("scale8", "func(x *float32, blocks int, by float64)",
		"scale8 multiplies 8·blocks elements of x by a number, in float64. blocks > 0.")
	x := g.Load(g.Param("x"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	by := g.broadcast("by")
	v := g.YMM()
	g.Label("loop")
	for i := range 2 {
		at := Mem{Base: x, Disp: 16 * i}
		g.VCVTPS2PD(at, v)
		g.VMULPD(by, v, v)
		g.VCVTPD2PSY(v, v.AsX())
		g.VMOVUPS(v.AsX(), at)
	}

	g.ADDQ(Imm(4*lanes), x)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}

func (g generator) reject() {
	g.function("reject8", "func(x, y *float32, blocks int, along, by float64)",
		"reject8 sets 8·blocks elements of x to (x − along·y)·by, in float64. blocks > 0.")
	x := g.Load(g.Param("x"), g.GP64())
	y := g.Load(g.Param("y"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	along, by := g.broadcast("along"), g.broadcast("by")
	v, w := g.YMM(), g.YMM()
	g.Label("loop")
	for i := range 2 {
		at := Mem{Base: x, Disp: 16 * i}
		g.VCVTPS2PD(at, v)
		g.VCVTPS2PD(Mem{Base: y, Disp: 16 * i}, w)
		g.VMULPD(along, w, w)
		g.VSUBPD(w, v, v)
		g.VMULPD(by, v, v)
		g.VCVTPD2PSY(v, v.AsX())
		g.VMOVUPS(v.AsX(), at)
	}

	g.ADDQ(Imm(4*lanes), x)
	g.ADDQ(Imm(4*lanes), y)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))
	g.VZEROUPPER()
	g.RET()
}

// broadcast loads a float64 into every lane.
func (g generator) broadcast(name string) reg.VecVirtual {
	c, err := g.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := g.YMM()
	g.VBROADCASTSD(c.Addr, v)
	return v
}
