package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func pointers(p ...reg.Register) []reg.Register { return p }

func (o *vecGenerator) scaled() {
	o.open("scaled", "func(dst, src *float64, n int, scale, shift float64)", "sets the n elements of dst to scale·(src−shift). n > 0.")
	dst, src, n := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	scale, shift := o.param("scale"), o.param("shift")
	o.forEachVector(n, pointers(dst, src), func() {
		v := o.load(src)
		o.do(o.VSUBPD, shift(), v, v)
		o.do(o.VMULPD, scale(), v, v)
		o.store(v, dst)
	})
	o.close()
}

func (o *vecGenerator) addScaled() {
	o.open("addScaled", "func(dst, src *float64, n int, by float64)", "adds by·src to the n elements of dst. n > 0.")
	dst, src, n := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	by := o.param("by")
	o.forEachVector(n, pointers(dst, src), func() {
		v := o.load(dst)
		o.do(o.VFMADD231PD, by(), o.load(src), v)
		o.store(v, dst)
	})
	o.close()
}

func (o *vecGenerator) dot() {
	o.open("dot", "func(x, y *float64, n int) float64", "returns the sum of the n products of x and y. n > 0.")
	x, y, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("y"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	sum := o.zero()
	o.forEachVector(n, pointers(x, y), func() {
		o.do(o.VFMADD231PD, o.load(x), o.load(y), sum)
	})
	o.reduceTo(o.VADDPD, sum)
}

func (o *vecGenerator) sum() {
	o.open("sum", "func(x *float64, n int) float64", "returns the sum of the n elements of x. n > 0.")
	x, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	sum := o.zero()
	o.forEachVector(n, pointers(x), func() {
		o.do(o.VADDPD, o.load(x), sum, sum)
	})
	o.reduceTo(o.VADDPD, sum)
}

func (o *vecGenerator) ramp() {
	o.open("ramp", "func(dst, src *float64, n int, from float64) float64", "sets the n elements of dst to [src−from]₊ and returns their sum. n > 0.")
	dst, src, n := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	from := o.param("from")
	sum, zero := o.zero(), o.zero()
	o.forEachVector(n, pointers(dst, src), func() {
		v := o.load(src)
		o.do(o.VSUBPD, from(), v, v)
		o.do(o.VMAXPD, v, zero, v)
		o.store(v, dst)
		o.clearTail(v)
		o.do(o.VADDPD, v, sum, sum)
	})

	o.reduceTo(o.VADDPD, sum)
}

func (o *vecGenerator) divide() {
	o.open("divide", "func(x *float64, n int, by float64)", "divides the n elements of x. n > 0.")
	x, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	by := o.param("by")
	o.forEachVector(n, pointers(x), func() {
		v := o.load(x)
		o.do(o.VDIVPD, by(), v, v)
		o.store(v, x)
	})
	o.close()
}

// extremes writes max and min. They ignore a NaN: if one of two operands is NaN, the
// instruction returns the second of Intel's manual.
func (o *vecGenerator) extremes() {
	for _, of := range []struct {
		name, what string
		take       func(ops ...Op)
	}{{"max", "largest", o.VMAXPD}, {"min", "smallest", o.VMINPD}} {
		o.open(of.name, "func(x *float64, n int, most float64) float64", "returns the "+of.what+" of most and the n elements of x. n > 0.")
		x, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("n"), o.GP64())
		most := o.copy(o.param("most")())
		o.forEachVector(n, pointers(x), func() {
			o.do(of.take, most, o.fillTail(o.load(x), most), most)
		})
		o.reduceTo(of.take, most)
	}
}

// finite multiplies by 0, which keeps a NaN and makes one of an infinity.
func (o *vecGenerator) finite() {
	o.open("finite", "func(x *float64, n int) float64", "returns 0, or NaN if one of the n elements of x is not finite. n > 0.")
	x, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	zero, sum := o.zero(), o.zero()
	o.forEachVector(n, pointers(x), func() {
		o.do(o.VFMADD231PD, zero, o.load(x), sum)
	})
	o.reduceTo(o.VADDPD, sum)
}

func (o *vecGenerator) distance() {
	o.open("distance", "func(d, slope, s *float64, n int)", "sets the n elements of d to √(2−2s) and those of slope to −1/d, or 0 for 0. n > 0.")
	d, slope := o.Load(o.Param("d"), o.GP64()), o.Load(o.Param("slope"), o.GP64())
	s, n := o.Load(o.Param("s"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	two, minus := o.inRegister(NewDataAddr(Symbol{Name: "·two"}, 0)), o.inRegister(NewDataAddr(Symbol{Name: "·minus"}, 0))
	zero := o.zero()
	o.forEachVector(n, pointers(d, slope, s), func() {
		v, root, inverse := o.load(s), o.newVector(), o.newVector()
		o.do(o.VADDPD, v, v, v)
		o.do(o.VSUBPD, v, two(), v)
		o.do(o.VMAXPD, v, zero, v)
		o.do(o.VSQRTPD, v, root)
		o.store(root, d)
		if o.wide {
			away := o.K()
			o.VCMPPD(U8(unequal), zero[0], root[0], away)
			o.VDIVPD_Z(root[0], minus()[0], away, inverse[0])
		} else {
			o.do(o.VDIVPD, root, minus(), inverse)
			away := o.newVector()
			for part := range away {
				o.VCMPPD(U8(unequal), zero[part], root[part], away[part])
			}
			o.do(o.VANDPD, away, inverse, inverse)
		}

		o.store(inverse, slope)
	})

	o.close()
}

const unequal = 0x04 // of VCMPPD: a NaN is unequal
