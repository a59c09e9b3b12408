package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A float64x8 is a vector of eight float64: one register of AVX-512, or two of AVX2. The
// kernels of f64 are written once, in such vectors.
type float64x8 []reg.VecVirtual

// A vecGenerator writes kernels with the registers of one instruction set.
type vecGenerator struct {
	generator
	wide bool

	// tail says that the loop part being written is for fewer than eight elements. maskAt
	// is their mask, and predicate the same mask for AVX-512.
	tail      bool
	maskAt    Mem
	predicate reg.OpmaskVirtual
}

// open opens a kernel whose name ends in that of the instruction set.
func (o *vecGenerator) open(name, signature, doc string) {
	set := "AVX2"
	if o.wide {
		set = "AVX512"
	}
	o.function(name+set, signature, name+set+" "+doc)
}

func (o *vecGenerator) newVector() float64x8 {
	if o.wide {
		return float64x8{o.ZMM()}
	}
	return float64x8{o.YMM(), o.YMM()}
}

// do writes an instruction for each register of its vectors.
func (o *vecGenerator) do(instruction func(ops ...Op), operands ...float64x8) {
	for part := range operands[0] {
		var ops []Op
		for _, v := range operands {
			ops = append(ops, v[part])
		}
		instruction(ops...)
	}
}

// doImmediate is do for an instruction with an immediate operand.
func (o *vecGenerator) doImmediate(instruction func(ops ...Op), n uint8, operands ...float64x8) {
	o.do(func(ops ...Op) { instruction(append([]Op{U8(n)}, ops...)...) }, operands...)
}

func (o *vecGenerator) copy(v float64x8) float64x8 {
	w := o.newVector()
	o.do(o.VMOVAPD, v, w)
	return w
}

func (o *vecGenerator) zero() float64x8 {
	v := o.newVector()
	o.do(o.xor, v, v, v)
	return v
}

// xor is the exclusive or, which has another name in AVX-512.
func (o *vecGenerator) xor(ops ...Op) {
	if o.wide {
		o.VPXORQ(ops...)
		return
	}
	o.VPXOR(ops[0], ops[1], ops[2])
}

// A broadcast is a constant or a parameter in all lanes.
type broadcast func() float64x8

// inRegister returns a number that stays in a register.
func (o *vecGenerator) inRegister(at Mem) broadcast {
	v := o.newVector()[:1]
	o.VBROADCASTSD(at, v[0])
	return func() float64x8 {
		if o.wide {
			return v
		}
		return float64x8{v[0], v[0]}
	}
}

// inMemory returns a number that is loaded at each use.
func (o *vecGenerator) inMemory(at Mem) broadcast {
	return func() float64x8 {
		v := o.newVector()[:1]
		o.VBROADCASTSD(at, v[0])
		if o.wide {
			return v
		}
		return float64x8{v[0], v[0]}
	}
}

// param returns a parameter in a register.
func (o *vecGenerator) param(name string) broadcast {
	p, err := o.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return o.inRegister(p.Addr)
}

// forEachVector writes body twice: for all vectors of eight of the n elements, and for
// the remaining elements. It advances the pointers.
func (o *vecGenerator) forEachVector(n reg.Register, pointers []reg.Register, body func()) {
	o.SUBQ(Imm(8), n)
	o.JL(LabelRef("tail"))
	o.Label("loop")
	body()
	for _, p := range pointers {
		o.ADDQ(Imm(64), p)
	}

	o.SUBQ(Imm(8), n)
	o.JGE(LabelRef("loop"))
	o.Label("tail")
	o.ADDQ(Imm(8), n)
	o.JZ(LabelRef("done"))
	masks := o.GP64()
	o.LEAQ(NewDataAddr(Symbol{Name: "masks", Static: true}, 0), masks)
	o.NEGQ(n)
	o.maskAt = Mem{Base: masks, Index: n, Scale: 8, Disp: 64}
	if o.wide {
		o.predicate = o.K()
		o.VPMOVQ2M(o.mask()[0], o.predicate)
	}

	o.tail = true
	body()
	o.tail = false
	o.Label("done")
}

// mask returns the mask of the remaining elements. It is loaded at each use, because AVX2
// has sixteen registers and softplus needs all of them.
func (o *vecGenerator) mask() float64x8 {
	v := o.newVector()
	for part := range v {
		o.VMOVUPD(o.maskAt.Offset(32*part), v[part])
	}
	return v
}

// load returns the vector at p; elements beyond the end are 0.
func (o *vecGenerator) load(p reg.Register) float64x8 {
	v := o.newVector()
	var mask float64x8
	if o.tail && !o.wide {
		mask = o.mask()
	}

	for part := range v {
		at := Mem{Base: p, Disp: 32 * part}
		switch {
		case !o.tail:
			o.VMOVUPD(at, v[part])
		case o.wide:
			o.VMOVUPD_Z(at, o.predicate, v[part])
		default:
			o.VMASKMOVPD(at, mask[part], v[part])
		}
	}

	return v
}

func (o *vecGenerator) store(v float64x8, p reg.Register) {
	var mask float64x8
	if o.tail && !o.wide {
		mask = o.mask()
	}

	for part := range v {
		at := Mem{Base: p, Disp: 32 * part}
		switch {
		case !o.tail:
			o.VMOVUPD(v[part], at)
		case o.wide:
			o.VMOVUPD(v[part], o.predicate, at)
		default:
			o.VMASKMOVPD(v[part], mask[part], at)
		}
	}
}

// clearTail clears the elements of v beyond the end.
func (o *vecGenerator) clearTail(v float64x8) {
	switch {
	case !o.tail:
	case o.wide:
		o.VMOVAPD_Z(v[0], o.predicate, v[0])
	default:
		o.do(o.VANDPD, o.mask(), v, v)
	}
}

// fillTail sets the elements of v beyond the end to those of other.
func (o *vecGenerator) fillTail(v, other float64x8) float64x8 {
	if !o.tail {
		return v
	}
	w := o.copy(other)
	if o.wide {
		o.VMOVAPD(v[0], o.predicate, w[0])
	} else {
		o.do(func(ops ...Op) { o.VBLENDVPD(ops[0], ops[1], ops[2], ops[3]) }, o.mask(), v, other, w)
	}
	return w
}

func (o *vecGenerator) close() {
	o.VZEROUPPER()
	o.RET()
}

// reduceTo reduces the eight lanes of each vector to a result of the function, by halves.
func (o *vecGenerator) reduceTo(reduce func(ops ...Op), results ...float64x8) {
	var ones []reg.VecVirtual
	for _, v := range results {
		four, high := o.YMM(), o.YMM()
		if o.wide {
			o.VEXTRACTF64X4(U8(1), v[0], high)
			o.VMOVAPD(v[0].AsY(), four)
		} else {
			o.VMOVAPD(v[0], four)
			o.VMOVAPD(v[1], high)
		}

		reduce(four, high, four)
		two, one := o.XMM(), o.XMM()
		o.VEXTRACTF128(U8(1), four, two)
		reduce(four.AsX(), two, two)
		o.VPERMILPD(U8(1), two, one)
		reduce(two, one, one)
		ones = append(ones, one)
	}

	o.VZEROUPPER()
	for k, one := range ones {
		o.Store(one, o.ReturnIndex(k))
	}
	o.RET()
}

// masks writes the table of the masks of tails: eight times all ones and eight times 0.
func (g generator) masks() {
	g.StaticGlobal("masks")
	g.DataAttributes(attr.RODATA | attr.NOPTR)
	for i := range 16 {
		v := U64(0)
		if i < 8 {
			v = ^U64(0)
		}
		g.AppendDatum(v)
	}
}
