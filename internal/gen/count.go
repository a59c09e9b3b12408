package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS: ordered, so that NaN meets neither, and quiet.
const (
	equalOrdered   = 0x00
	atLeastOrdered = 0x1d
	greaterOrdered = 0x1e
)

func (g generator) countAbove() {
	g.function("countAbove8", "func(row *float32, blocks int, low, high float32) (above, reach int)",
		"countAbove8 counts the elements of row, which has 8·blocks of them, above high and those at least low. 0 < blocks < 1<<28.")
	row := g.Load(g.Param("row"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	low, high := g.broadcastParam("low"), g.broadcastParam("high")

	above, reach := g.YMM(), g.YMM()
	g.VPXOR(above, above, above)
	g.VPXOR(reach, reach, reach)
	x, mask := g.YMM(), g.YMM()
	g.Label("loop")
	g.VMOVUPS(Mem{Base: row}, x)

	// A lane that meets the predicate is all ones, which is −1 as an integer.
	g.VCMPPS(U8(greaterOrdered), high, x, mask)
	g.VPSUBD(mask, above, above)
	g.VCMPPS(U8(atLeastOrdered), low, x, mask)
	g.VPSUBD(mask, reach, reach)
	g.ADDQ(Imm(4*lanes), row)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))

	for i, count := range []reg.VecVirtual{above, reach} {
		sum, total := g.XMM(), g.GP64()
		g.VEXTRACTI128(U8(1), count, sum)
		g.VPADDD(count.AsX(), sum, sum)
		g.VPHADDD(sum, sum, sum)
		g.VPHADDD(sum, sum, sum)
		g.VMOVD(sum, total.As32()) // clears the upper half as well
		g.Store(total, g.ReturnIndex(i))
	}

	g.VZEROUPPER()
	g.RET()
}

// broadcastParam returns a parameter, a float32, in all lanes of a vector.
func (g generator) broadcastParam(param string) reg.VecVirtual {
	p, err := g.Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	v := g.YMM()
	g.VBROADCASTSS(p.Addr, v)
	return v
}

// reaching writes a comparison of every element with its own bound. The bounds of the
// next eight elements are step bytes on, so with 0 all are compared with the same.
func (g generator) reaching() {
	g.function("reaching8", "func(row, low *float32, step, blocks int, found *uint8)",
		"reaching8 sets bit k of found[i] if element 8·i+k of row is at least its bound, and clears it otherwise. The bounds of block i begin step·i bytes after low. blocks > 0.")
	row := g.Load(g.Param("row"), g.GP64())
	low := g.Load(g.Param("low"), g.GP64())
	step := g.Load(g.Param("step"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	found := g.Load(g.Param("found"), g.GP64())

	x, mask := g.YMM(), g.GP32()
	g.Label("loop")
	g.VMOVUPS(Mem{Base: row}, x)
	g.VCMPPS(U8(atLeastOrdered), Mem{Base: low}, x, x)
	g.VMOVMSKPS(x, mask)
	g.MOVB(mask.As8(), Mem{Base: found})
	g.ADDQ(Imm(4*lanes), row)
	g.ADDQ(step, low)
	g.INCQ(found)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))

	g.VZEROUPPER()
	g.RET()
}
