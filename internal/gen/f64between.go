package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A selection is the elements of a vector that meet a condition: a predicate of AVX-512,
// or all ones in registers of AVX2.
type selection struct {
	predicate reg.OpmaskVirtual
	ones      float64x8
}

// selected selects the valid elements of v that meet a predicate with another vector.
func (o *vecGenerator) selected(v float64x8, predicate uint8, with float64x8) selection {
	if o.wide {
		s := selection{predicate: o.K()}
		o.VCMPPD(U8(predicate), with[0], v[0], s.predicate)
		if o.tail {
			o.KANDB(o.predicate, s.predicate, s.predicate)
		}
		return s
	}

	s := selection{ones: o.newVector()}
	o.doImmediate(o.VCMPPD, predicate, with, v, s.ones)
	o.clearTail(s.ones)
	return s
}

// and returns the elements that are in both selections; it changes s.
func (o *vecGenerator) and(s, t selection) selection {
	if o.wide {
		o.KANDB(s.predicate, t.predicate, s.predicate)
	} else {
		o.do(o.VANDPD, t.ones, s.ones, s.ones)
	}
	return s
}

// masked applies an instruction of two operands, v and to, to the selected elements of
// to.
func (o *vecGenerator) masked(s selection, instruction func(ops ...Op), v, to float64x8) {
	if o.wide {
		instruction(v[0], to[0], s.predicate, to[0])
		return
	}
	changed := o.newVector()
	o.do(instruction, v, to, changed)
	for part, ones := range s.ones {
		o.VBLENDVPD(ones, changed[part], to[part], to[part])
	}
}

// count returns the number of selected elements.
func (o *vecGenerator) count(s selection) reg.GPVirtual {
	bits := o.GP64()
	if o.wide {
		o.KMOVB(s.predicate, bits.As32())
	} else {
		high := o.GP64()
		o.VMOVMSKPD(s.ones[0], bits.As32())
		o.VMOVMSKPD(s.ones[1], high.As32())
		o.SHLQ(Imm(4), high)
		o.ORQ(high, bits)
	}

	o.POPCNTQ(bits, bits)
	return bits
}

func (o *vecGenerator) addBetween() {
	o.open("addBetween", "func(to, values *float64, n int, low, high, weight float64) (sum float64, count int)",
		"adds weight to those of the n elements of to whose values are above low and below high, and returns the sum of these values and "+
			"their number. n > 0.")

	to, values := o.Load(o.Param("to"), o.GP64()), o.Load(o.Param("values"), o.GP64())
	n := o.Load(o.Param("n"), o.GP64())
	low, high, weight := o.param("low"), o.param("high"), o.param("weight")
	count := o.GP64()
	o.XORQ(count, count)
	sum := o.zero()
	o.forEachVector(n, pointers(to, values), func() {
		v := o.load(values)
		s := o.and(o.selected(v, greaterOrdered, low()), o.selected(v, lessOrdered, high()))
		o.masked(s, o.VADDPD, v, sum)
		w := o.load(to)
		o.masked(s, o.VADDPD, weight(), w)
		o.store(w, to)
		o.ADDQ(o.count(s), count)
	})

	o.Store(count, o.ReturnIndex(1))
	o.reduceTo(o.VADDPD, sum)
}

func (o *vecGenerator) addNearer() {
	o.open("addNearer", "func(toX, toY, x, y *float64, n int, bound float64) int",
		"adds 1 to those of the n elements of toX for which x is below a bound and no more than y, and to those of toY for which y is "+
			"below the bound and x, and returns how many it adds to. n > 0.")

	toX, toY := o.Load(o.Param("toX"), o.GP64()), o.Load(o.Param("toY"), o.GP64())
	x, y := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("y"), o.GP64())
	n := o.Load(o.Param("n"), o.GP64())
	bound := o.param("bound")
	one := o.inRegister(NewDataAddr(Symbol{Name: "·one"}, 0))
	count := o.GP64()
	o.XORQ(count, count)
	o.forEachVector(n, pointers(toX, toY, x, y), func() {
		ofX, ofY := o.load(x), o.load(y)
		for _, side := range []struct {
			to reg.Register
			s  selection
		}{
			{toX, o.and(o.selected(ofX, lessOrdered, bound()), o.selected(ofX, lessOrEqualOrdered, ofY))},
			{toY, o.and(o.selected(ofY, lessOrdered, bound()), o.selected(ofY, lessOrdered, ofX))},
		} {
			w := o.load(side.to)
			o.masked(side.s, o.VADDPD, one(), w)
			o.store(w, side.to)
			o.ADDQ(o.count(side.s), count)
		}
	})

	o.Store(count, o.ReturnIndex(0))
	o.close()
}

func (o *vecGenerator) addWide() {
	o.open("addWide", "func(to, x, y, d *float64, n int, least, bound float64) int",
		"adds 1 to those of the n elements of to for which x+y is above least and d below bound, and returns their number. n > 0.")
	to, d := o.Load(o.Param("to"), o.GP64()), o.Load(o.Param("d"), o.GP64())
	x, y := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("y"), o.GP64())
	n := o.Load(o.Param("n"), o.GP64())
	least, bound := o.param("least"), o.param("bound")
	one := o.inRegister(NewDataAddr(Symbol{Name: "·one"}, 0))
	count := o.GP64()
	o.XORQ(count, count)
	o.forEachVector(n, pointers(to, x, y, d), func() {
		sum := o.load(x)
		o.do(o.VADDPD, o.load(y), sum, sum)
		s := o.and(o.selected(sum, greaterOrdered, least()), o.selected(o.load(d), lessOrdered, bound()))
		w := o.load(to)
		o.masked(s, o.VADDPD, one(), w)
		o.store(w, to)
		o.ADDQ(o.count(s), count)
	})

	o.Store(count, o.ReturnIndex(0))
	o.close()
}

func (o *vecGenerator) maxBelow() {
	o.open("maxBelow", "func(x *float64, n int, bound, most float64) float64",
		"returns the largest of most and those of the n elements of x that are below a bound. n > 0.")
	x, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	bound := o.param("bound")
	most := o.copy(o.param("most")())
	o.forEachVector(n, pointers(x), func() {
		v := o.load(x)
		o.masked(o.selected(v, lessOrdered, bound()), o.VMAXPD, v, most)
	})
	o.reduceTo(o.VMAXPD, most)
}

func (o *vecGenerator) index() {
	o.open("index", "func(x *float64, blocks int, value float64) int",
		"returns the place of the first of 8·blocks elements that is equal to value, 8·blocks if there is none. blocks > 0.")
	x, blocks := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("blocks"), o.GP64())
	value := o.param("value")
	at := o.GP64()
	o.XORQ(at, at)
	o.Label("loop")
	bits := o.bits(equalOrdered, o.load(x), value())
	o.TESTQ(bits, bits)
	o.JNZ(LabelRef("found"))
	o.ADDQ(Imm(8), at)
	o.ADDQ(Imm(64), x)
	o.DECQ(blocks)
	o.JNZ(LabelRef("loop"))
	o.JMP(LabelRef("done"))
	o.Label("found")
	o.BSFQ(bits, bits)
	o.ADDQ(bits, at)
	o.Label("done")
	o.Store(at, o.ReturnIndex(0))
	o.close()
}

func (o *vecGenerator) multiply() {
	o.open("multiply", "func(x, by *float64, n int)", "multiplies the n elements of x by those of by; a product −0 is 0. n > 0.")
	x, by, n := o.Load(o.Param("x"), o.GP64()), o.Load(o.Param("by"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	zero := o.zero()
	o.forEachVector(n, pointers(x, by), func() {
		v := o.load(x)
		o.do(o.VFMADD213PD, zero, o.load(by), v)
		o.store(v, x)
	})
	o.close()
}

const lessOrEqualOrdered = 0x12 // of VCMPPD, quiet
