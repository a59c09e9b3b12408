package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS: ordered, so that a NaN meets neither, and quiet.
const (
	equalOrdered   = 0x00
	greaterOrdered = 0x1e
)

func (g generator) countAbove() {
	g.function("countAbove8", "func(row *float32, blocks int, t float32) (greater, equal int)",
		"countAbove8 counts the elements of row, which has 8·blocks of them, above t and equal to it. 0 < blocks < 1<<28.")
	row := g.Load(g.Param("row"), g.GP64())
	blocks := g.Load(g.Param("blocks"), g.GP64())
	threshold, err := g.Param("t").Resolve()
	if err != nil {
		panic(err)
	}
	t := g.YMM()
	g.VBROADCASTSS(threshold.Addr, t)

	greater, equal := g.YMM(), g.YMM()
	g.VPXOR(greater, greater, greater)
	g.VPXOR(equal, equal, equal)
	x, mask := g.YMM(), g.YMM()
	g.Label("loop")
	g.VMOVUPS(Mem{Base: row}, x)
	g.VCMPPS(U8(greaterOrdered), t, x, mask) // a lane that meets the predicate is all ones: −1 as an integer
	g.VPSUBD(mask, greater, greater)
	g.VCMPPS(U8(equalOrdered), t, x, mask)
	g.VPSUBD(mask, equal, equal)
	g.ADDQ(Imm(4*lanes), row)
	g.DECQ(blocks)
	g.JNZ(LabelRef("loop"))

	for i, count := range []reg.VecVirtual{greater, equal} {
		sum, total := g.XMM(), g.GP64()
		g.VEXTRACTI128(U8(1), count, sum)
		g.VPADDD(count.AsX(), sum, sum)
		g.VPHADDD(sum, sum, sum)
		g.VPHADDD(sum, sum, sum)
		g.VMOVD(sum, total.As32()) // clears the upper half too
		g.Store(total, g.ReturnIndex(i))
	}
	g.VZEROUPPER()
	g.RET()
}
