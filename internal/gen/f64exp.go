package main

import (
	. "github.com/mmcloughlin/avo/operand"
)

// constants returns the first numbers of a variable of package f64, a struct or an array,
// in their order. get is inRegister or inMemory.
func (o *vecGenerator) constants(variable string, count int, get func(Mem) broadcast) []broadcast {
	var numbers []broadcast
	for i := range count {
		numbers = append(numbers, get(NewDataAddr(Symbol{Name: "·" + variable}, 8*i)))
	}
	return numbers
}

// exponential writes the steps of expElement, the portable implementation.
type exponential struct {
	*vecGenerator
	low, high, log2e, shifter, ln2, ln2Rest, bias, one broadcast
	terms                                              []broadcast
}

func (o *vecGenerator) exponential() exponential {
	get := o.inMemory
	if o.wide {
		get = o.inRegister
	}
	n := o.constants("exponential", 19, get)
	return exponential{o, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8:]}
}

// apply turns x into e^x and returns it.
func (e exponential) apply(x float64x8) float64x8 {
	// A NaN in x stays, because it is the second operand of Intel's manual.
	e.do(e.VMINPD, x, e.high(), x)
	e.do(e.VMAXPD, x, e.low(), x)

	shifted := e.copy(e.shifter())
	e.do(e.VFMADD231PD, e.log2e(), x, shifted)
	k := e.newVector()
	e.do(e.VSUBPD, e.shifter(), shifted, k)
	e.do(e.VFNMADD231PD, e.ln2(), k, x)
	e.do(e.VFNMADD231PD, e.ln2Rest(), k, x)

	p := e.horner(x, e.terms)
	square := e.newVector()
	e.do(e.VMULPD, x, x, square)
	e.do(e.VFMADD213PD, x, square, p)
	e.do(e.VADDPD, e.one(), p, p)
	if e.wide {
		e.do(e.VSCALEFPD, k, p, p)
		return p
	}

	// 2^k in two factors, because it may not be a normal number.
	half := e.newVector()
	for part := range half {
		e.VPSRAD(Imm(1), shifted[part], half[part])
		e.VPSUBD(half[part], shifted[part], shifted[part])
		for _, k := range []float64x8{half, shifted} {
			e.VPADDD(e.bias()[part], k[part], k[part])
			e.VPSLLQ(Imm(52), k[part], k[part])
			e.VMULPD(k[part], p[part], p[part])
		}
	}

	return p
}

// horner returns the polynomial of x whose coefficients these are, the constant first.
func (o *vecGenerator) horner(x float64x8, terms []broadcast) float64x8 {
	last := len(terms) - 1
	p := o.copy(terms[last]())
	for k := last - 1; k >= 0; k-- {
		o.do(o.VFMADD213PD, terms[k](), x, p)
	}
	return p
}

// hornerOf is horner with coefficients in memory.
func (o *vecGenerator) hornerOf(x float64x8, terms Mem, count int) float64x8 {
	p := o.copy(o.inMemory(terms.Offset(8 * (count - 1)))())
	for k := count - 2; k >= 0; k-- {
		if term := terms.Offset(8 * k); o.wide {
			o.VFMADD213PD_BCST(term, x[0], p[0])
		} else {
			o.do(o.VFMADD213PD, o.inMemory(term)(), x, p)
		}
	}
	return p
}

func (o *vecGenerator) exp() {
	o.open("exp", "func(dst, src *float64, n int)", "sets the n elements of dst to e^src. n > 0.")
	dst, src, n := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	e := o.exponential()
	o.forEachVector(n, pointers(dst, src), func() {
		o.store(e.apply(o.load(src)), dst)
	})
	o.close()
}

func (o *vecGenerator) expSum() {
	o.open("expSum", "func(dst, src *float64, n int, shift float64) float64",
		"sets the n elements of dst to e^(src−shift) and returns their sum. n > 0.")
	dst, src, n := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	shift := o.param("shift")
	e := o.exponential()
	sum := o.zero()
	o.forEachVector(n, pointers(dst, src), func() {
		x := o.load(src)
		o.do(o.VSUBPD, shift(), x, x)
		v := e.apply(x)
		o.store(v, dst)
		o.clearTail(v)
		o.do(o.VADDPD, v, sum, sum)
	})

	o.reduceTo(o.VADDPD, sum)
}

// expNegAbs returns e^−|z| of z, which stays.
func (e exponential) expNegAbs(z float64x8, sign broadcast) float64x8 {
	v := e.newVector()
	e.do(e.VORPD, sign(), z, v)
	return e.apply(v)
}

// inverse returns 1/(1+e^−|z|), the part of the sigmoid that divides.
func (e exponential) inverse(fall float64x8) float64x8 {
	v := e.newVector()
	e.do(e.VADDPD, e.one(), fall, v)
	e.do(e.VDIVPD, v, e.one(), v)
	return v
}

// sigmoid returns 1/(1+e^−z) of e^−|z| and the inverse.
func (e exponential) sigmoid(z, fall, inverse float64x8) float64x8 {
	v := e.newVector()
	e.do(e.VMULPD, fall, inverse, v)
	if e.wide {
		negative := e.K()
		e.VPMOVQ2M(z[0], negative)
		e.VBLENDMPD(v[0], inverse[0], negative, v[0])
	} else {
		for part := range v {
			e.VBLENDVPD(z[part], v[part], inverse[part], v[part])
		}
	}

	return v
}

func (o *vecGenerator) sigmoid() {
	o.open("sigmoid", "func(value, slope, src *float64, n int) (values, slopes float64)",
		"sets the n elements of value to 1/(1+e^−src) and those of slope to its derivative, and returns their sums. n > 0.")
	value, slope := o.Load(o.Param("value"), o.GP64()), o.Load(o.Param("slope"), o.GP64())
	src, n := o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	e := o.exponential()
	sign := o.constants("logarithm", 1, o.inMemory)[0]
	values, slopes := o.zero(), o.zero()
	o.forEachVector(n, pointers(value, slope, src), func() {
		z := o.load(src)
		fall := e.expNegAbs(z, sign)
		inverse := e.inverse(fall)
		v := e.sigmoid(z, fall, inverse)
		o.store(v, value)
		o.clearTail(v)
		o.do(o.VADDPD, v, values, values)
		o.do(o.VMULPD, inverse, fall, fall)
		o.do(o.VMULPD, inverse, fall, fall)
		o.store(fall, slope)
		o.clearTail(fall)
		o.do(o.VADDPD, fall, slopes, slopes)
	})

	o.reduceTo(o.VADDPD, values, slopes)
}

func (o *vecGenerator) softplus() {
	o.open("softplus", "func(value, slope, src *float64, n int) (values, slopes float64)",
		"sets the n elements of value to log(1+e^src) and those of slope to its derivative, and returns their sums. n > 0.")
	value, slope := o.Load(o.Param("value"), o.GP64()), o.Load(o.Param("slope"), o.GP64())
	src, n := o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("n"), o.GP64())
	e := o.exponential()
	c := o.constants("logarithm", 3, o.inMemory)
	sign, half, two := c[0], c[1], c[2]
	values, slopes := o.zero(), o.zero()
	o.forEachVector(n, pointers(value, slope, src), func() {
		z := o.load(src)
		f := e.expNegAbs(z, sign)
		share := e.sigmoid(z, f, e.inverse(f))
		o.store(share, slope)
		o.clearTail(share)
		o.do(o.VADDPD, share, slopes, slopes)

		// log(1+f) = f − (f²/2 − s(f²/2 + R(s²))) with s = f/(2+f).
		s := o.newVector()
		o.do(o.VADDPD, two(), f, s)
		o.do(o.VDIVPD, s, f, s)
		square := o.newVector()
		o.do(o.VMULPD, s, s, square)
		r := o.hornerOf(square, NewDataAddr(Symbol{Name: "·logarithm"}, 24), 10)

		// One part at a time: for both at once, AVX2 has a register too few.
		for part := range f {
			f, s, square, r := f[part:part+1], s[part:part+1], square[part:part+1], r[part:part+1]
			halfSquare := o.newVector()[:1]
			o.do(o.VMULPD, f, f, halfSquare)
			o.do(o.VMULPD, half()[:1], halfSquare, halfSquare)
			o.do(o.VFMADD213PD, halfSquare, square, r)
			o.do(o.VFNMADD213PD, halfSquare, s, r)
		}

		o.do(o.VSUBPD, r, f, f)
		o.do(o.VMAXPD, z, o.zero(), z)
		o.do(o.VADDPD, f, z, z)
		o.store(z, value)
		o.clearTail(z)
		o.do(o.VADDPD, z, values, values)
	})

	o.reduceTo(o.VADDPD, values, slopes)
}
