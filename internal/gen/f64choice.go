package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels of this file process blocks of eight elements, and the Go code that calls
// them the rest. A choice is a byte for each element, 0 or 1.

const lessOrdered = 0x11 // of VCMPPD, quiet

// compare writes the kernels above and below.
func (o *vecGenerator) compare() {
	for _, of := range []struct {
		name      string
		predicate U8
	}{{"above", greaterOrdered}, {"below", lessOrdered}} {
		o.open(of.name, "func(keep *bool, src *float64, blocks int, threshold float64)",
			"says of each of 8·blocks elements whether it is "+of.name+" a threshold. blocks > 0.")
		keep, src := o.Load(o.Param("keep"), o.GP64()), o.Load(o.Param("src"), o.GP64())
		blocks := o.Load(o.Param("blocks"), o.GP64())
		threshold := o.param("threshold")

		// Byte i of the product has all eight bits. Bit i of it is kept, raised to the
		// highest place if it is set, and shifted to the lowest.
		copies, diagonal := o.word(0x0101010101010101), o.word(0x8040201008040201)
		raise, lowest := o.word(0x7f7f7f7f7f7f7f7f), o.word(0x0101010101010101)

		o.Label("loop")
		bits := o.bits(of.predicate, o.load(src), threshold())
		o.IMULQ(copies, bits)
		o.ANDQ(diagonal, bits)
		o.ADDQ(raise, bits)
		o.SHRQ(Imm(7), bits)
		o.ANDQ(lowest, bits)
		o.MOVQ(bits, Mem{Base: keep})
		o.ADDQ(Imm(8), keep)
		o.ADDQ(Imm(64), src)
		o.DECQ(blocks)
		o.JNZ(LabelRef("loop"))
		o.close()
	}
}

// word returns a constant in a register.
func (o *vecGenerator) word(v uint64) reg.Register {
	r := o.GP64()
	o.MOVQ(U64(v), r)
	return r
}

// bits returns a register with a bit for each element that meets the predicate.
func (o *vecGenerator) bits(predicate U8, v, with float64x8) reg.GPVirtual {
	bits := o.GP64()
	if o.wide {
		k := o.K()
		o.VCMPPD(predicate, with[0], v[0], k)
		o.KMOVB(k, bits.As32())
		return bits
	}

	high := o.GP64()
	for part := range v {
		o.VCMPPD(predicate, with[part], v[part], v[part])
	}

	o.VMOVMSKPD(v[0], bits.As32())
	o.VMOVMSKPD(v[1], high.As32())
	o.SHLQ(Imm(4), high)
	o.ORQ(high, bits)
	return bits
}

// compress writes the kernel that moves the selected elements to the front. Each register
// loads its own bytes of the choice.
func (o *vecGenerator) compress() {
	o.open("compress", "func(dst, src *float64, keep *bool, blocks int) int",
		"copies those of 8·blocks elements that are kept and returns their number. It may overwrite the places of the others too. blocks > 0.")
	dst, src, keep := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("keep"), o.GP64())
	blocks := o.Load(o.Param("blocks"), o.GP64())
	start, choose := o.GP64(), o.chooser(keep, "gathering")
	o.MOVQ(dst, start)
	o.Label("loop")
	for part, v := range o.load(src) {
		c := choose(part)
		if o.wide {
			o.VPCOMPRESSQ_Z(v, c.predicate, v)
		} else {
			o.VPERMD(v, c.order, v)
		}

		o.VMOVUPD(v, Mem{Base: dst})
		o.LEAQ(Mem{Base: dst, Index: c.count, Scale: 8}, dst)
	}

	o.ADDQ(Imm(8), keep)
	o.ADDQ(Imm(64), src)
	o.DECQ(blocks)
	o.JNZ(LabelRef("loop"))
	o.SUBQ(start, dst)
	o.SHRQ(Imm(3), dst)
	o.Store(dst, o.ReturnIndex(0))
	o.close()
}

// expand writes the inverse of compress.
func (o *vecGenerator) expand() {
	o.open("expand", "func(dst, src *float64, keep *bool, blocks int) int",
		"sets those of 8·blocks elements that are kept to the elements of src in turn and the others to 0, and returns how many are kept. "+
			"It reads as many of src as there are of dst. blocks > 0.")

	dst, src, keep := o.Load(o.Param("dst"), o.GP64()), o.Load(o.Param("src"), o.GP64()), o.Load(o.Param("keep"), o.GP64())
	blocks := o.Load(o.Param("blocks"), o.GP64())
	start, choose := o.GP64(), o.chooser(keep, "spreading")
	o.MOVQ(src, start)
	o.Label("loop")
	v := o.newVector()
	for part, v := range v {
		c := choose(part)
		o.VMOVUPD(Mem{Base: src}, v)
		o.LEAQ(Mem{Base: src, Index: c.count, Scale: 8}, src)
		if o.wide {
			o.VPEXPANDQ_Z(v, c.predicate, v)
		} else {
			o.VPERMD(v, c.order, v)
			bytes := o.YMM()
			o.VPMOVSXBQ(Mem{Base: keep, Disp: 4 * part}, bytes) // 0 or 1
			none := o.YMM()
			o.VPXOR(none, none, none)
			o.VPSUBQ(bytes, none, bytes)
			o.VPAND(bytes, v, v)
		}
	}

	o.store(v, dst)
	o.ADDQ(Imm(8), keep)
	o.ADDQ(Imm(64), dst)
	o.DECQ(blocks)
	o.JNZ(LabelRef("loop"))
	o.SUBQ(start, src)
	o.SHRQ(Imm(3), src)
	o.Store(src, o.ReturnIndex(0))
	o.close()
}

// A choice has the selected elements of a register, and their number.
type choice struct {
	predicate reg.OpmaskVirtual
	order     reg.VecVirtual // for VPERMD
	count     reg.GPVirtual
}

// chooser returns a function that loads the choice of a part of a vector. AVX2 reads the
// order of the elements from a table.
func (o *vecGenerator) chooser(keep reg.Register, table string) func(part int) choice {
	// The lowest bits of eight bytes, moved to the highest byte of the product.
	gather := o.word(0x0102040810204080)
	orders := o.GP64()
	if !o.wide {
		o.LEAQ(NewDataAddr(Symbol{Name: table, Static: true}, 0), orders)
	}

	return func(part int) choice {
		c := choice{count: o.GP64()}
		bits := o.GP64()
		if o.wide {
			o.MOVQ(Mem{Base: keep}, bits)
		} else {
			o.MOVL(Mem{Base: keep, Disp: 4 * part}, bits.As32())
		}

		o.POPCNTQ(bits, c.count)
		o.IMULQ(gather, bits)
		o.SHRQ(Imm(56), bits)
		if o.wide {
			c.predicate = o.K()
			o.KMOVB(bits.As32(), c.predicate)
			return c
		}

		o.SHLQ(Imm(5), bits)
		c.order = o.YMM()
		o.VMOVDQU(Mem{Base: orders, Index: bits, Scale: 1}, c.order)
		return c
	}
}

// orders writes the tables for AVX2. For each choice of four elements they have, for each
// place, the two of eight halves that move there.
func (g generator) orders() {
	var gathering, spreading [16][4]int
	for choice := range 16 {
		next := 0
		for i := range 4 {
			if choice>>i&1 == 1 {
				gathering[choice][next], spreading[choice][i] = i, next
				next++
			}
		}
	}

	for _, table := range []struct {
		name   string
		orders [16][4]int
	}{{"gathering", gathering}, {"spreading", spreading}} {
		g.StaticGlobal(table.name)
		g.DataAttributes(attr.RODATA | attr.NOPTR)
		for _, order := range table.orders {
			for _, from := range order {
				g.AppendDatum(U32(2 * from))
				g.AppendDatum(U32(2*from + 1))
			}
		}
	}
}
