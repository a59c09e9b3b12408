package retrieval

import (
	"math"

	"gpwbench/internal/f32"
)

// Doubles compare similarities in float64, from the rows as they were given, where those
// in float32 are too close. They compare t = 1 − S, half of the squared distance of two
// unit vectors. Computed from the difference of the vectors, t has many correct digits
// even where S is so near to 1 that its own digits are lost.
//
// Let ε = 2⁻⁵³, D the number of coordinates and c = (D/8 + 16)·ε. Sums have eight chains
// or more, so that no product in them is rounded more than D/8 + 6 times. A squared
// length is then known to within (D/8 + 6)·ε of itself, its root to half of that and one
// more rounding, and the inverse to (D/16 + 5)·ε. So t from the inner product is within
// (D/8 + 6)·ε + 2·(D/16 + 5)·ε + 4·ε < 2c of the exact value.
//
// A coordinate of the unit vector has one more rounding, and the vector is off by at most
// (D/16 + 6)·ε. So the distance d of two is off by at most (D/8 + 12)·ε < c, before its
// own rounding, and its square by at most 2d·c + c². The sum of squares is rounded by
// less than 2c·t in all. So t from the difference is within c·(d + t + 2c) of the exact
// value, with d = √(2t).
//
// If two rows have the same bits, t is 0. If two gallery rows have the same bits, their t
// is the same for every query.
type doubles struct {
	q, g  side
	kind  Similarity
	unit  float64   // c
	exact bool      // pairs that are too close to order are equal
	moved *reranked // rows that are ordered anew; nil for none
}

// newDoubles detects small integers, such as binary codes. The squares of two
// similarities of a query are then quotients of integers, n²/(a·b) and m²/(a·c) with
// squared lengths a, b and c. Unless they are equal they differ by 1/(abc), and the
// similarities, which are at most 1, by half of that, which float64 resolves.
func newDoubles(q, g side) doubles {
	d := doubles{q: q, g: g, unit: (float64(q.x.Cols)/8 + 16) * 0x1p-53}
	a, b := q.given.integral(), g.given.integral()
	d.exact = 2*a*b*b*16*d.unit < 1
	return d
}

// equals reports whether two gallery rows that are too close to order are proved equal.
func (d *doubles) equals(row, other int) bool {
	return d.exact || d.g.given.same(d.g.rows[row], d.g.rows[other])
}

// An interval contains the exact t of a pair, or the least of several. at is the computed
// value.
type interval struct{ low, at, high float64 }

// alike is the t below which the difference is more accurate than the product.
const alike = 0.01

// product returns t from the inner product, or the difference where t is no function of
// that.
func (d *doubles) product(query, row int) interval {
	if d.kind == Euclidean {
		return d.difference(query, row)
	}
	q, g := d.q.rows[query], d.g.rows[row]
	sum := 0.0
	switch x, y := d.q.given, d.g.given; {
	case x.wide == nil && y.wide == nil:
		sum = f32.Dot(x.narrow.Row(q), y.narrow.Row(g))
	case x.wide != nil && y.wide != nil:
		sum = dot64(x.wideRow(q), y.wideRow(g))
	case x.wide != nil:
		sum = dot64(x.wideRow(q), y.narrow.Row(g))
	default:
		sum = dot64(x.narrow.Row(q), y.wideRow(g))
	}

	return d.ofProduct(query, row, sum)
}

// ofProduct returns t from the inner product of the rows as they were given.
func (d *doubles) ofProduct(query, row int, sum float64) interval {
	t := 1 - sum*d.q.inverse[query]*d.g.inverse[row]
	return interval{t - 2*d.unit, t, t + 2*d.unit}
}

// difference returns t from the difference of the unit vectors.
func (d *doubles) difference(query, row int) interval {
	q, g := d.q.rows[query], d.g.rows[row]
	a, b := d.q.inverse[query], d.g.inverse[row]
	square := 0.0

	switch x, y := d.q.given, d.g.given; {
	case x.wide == nil && y.wide == nil:
		square = distance(x.narrow.Row(q), y.narrow.Row(g), a, b)
	case x.wide != nil && y.wide != nil:
		square = distance(x.wideRow(q), y.wideRow(g), a, b)
	case x.wide != nil:
		square = distance(x.wideRow(q), y.narrow.Row(g), a, b)
	default:
		square = distance(x.narrow.Row(q), y.wideRow(g), a, b)
	}

	t := square / 2
	r := d.radius(t)
	return interval{t - r, t, t + r}
}

// radius returns the half-width of an interval around t.
func (d *doubles) radius(t float64) float64 {
	switch {
	case d.moved != nil:
		return d.moved.wide
	case d.kind == Dot:
		return 2 * d.unit
	case d.kind == Euclidean: // lengths are scaled by a power of two, so only the sum is rounded
		return d.unit * t
	}
	if t > alike-8*d.unit {
		return 2 * d.unit
	}
	return d.unit * (math.Sqrt(2*t) + t + 2*d.unit)
}

// best returns the narrower of the two intervals, or that of a row that is moved.
func (d *doubles) best(query, row int) interval {
	if d.moved != nil {
		return d.moved.interval(query, row)
	}
	if p := d.product(query, row); d.kind != Cosine || p.at >= alike {
		return p
	}
	return d.difference(query, row)
}

// An order is that of a pair and an interval.
type order int

const (
	nearer   order = iota - 1 // surely more similar
	together                  // equal, or too close to tell
	farther                   // surely less similar
)

// compare orders a pair and an interval that several pairs may share.
func (d *doubles) compare(query, row int, with interval) order {
	if d.moved != nil {
		return d.best(query, row).beside(with)
	}
	p := d.product(query, row)
	o := p.beside(with)
	if o == together && d.kind == Cosine && p.at < alike {
		o = d.difference(query, row).beside(with)
	}
	return o
}

func (p interval) beside(with interval) order {
	switch {
	case p.high < with.low:
		return nearer
	case p.low > with.high:
		return farther
	}
	return together
}

// similarity returns S in float64, between −1 and 1, and 1 for rows with the same bits.
func (d *doubles) similarity(t float64) float64 { return max(-1, min(1-t, 1)) }

// error32 bounds the difference of a similarity in float32 from the exact one. A
// direction rounded to float32 is off by at most η = 2⁻²⁴ and its error in float64,
// denormal numbers by 2⁻¹⁵⁰ a coordinate. So a product of two is off by 2η + η², and the
// sum is rounded as well. Eight c are added, so that pairs that float32 has decided are
// not too close in float64.
func error32(cols int) float64 { return errorOf(f32.Gamma(cols), cols) }

// errorOf is error32 where gamma bounds the rounding of a sum.
func errorOf(gamma float64, cols int) float64 {
	d := float64(cols)
	off := 0x1p-24 + (d/8+16)*0x1p-53 + d*0x1p-149
	return gamma*(1+off)*(1+off) + 2*off + off*off + 8*(d/8+16)*0x1p-53
}

// below and above return the float32 next to x, on that side of it.
func below(x float64) float32 { return math.Nextafter32(float32(x), float32(math.Inf(-1))) }
func above(x float64) float32 { return math.Nextafter32(float32(x), float32(math.Inf(1))) }

type float interface{ float32 | float64 }

// dot64 returns the inner product in float64, in eight chains.
func dot64[X, Y float](x []X, y []Y) float64 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	y = y[:len(x)]
	for ; len(x) >= 8; x, y = x[8:], y[8:] {
		a, b := (*[8]X)(x), (*[8]Y)(y)
		s0 += float64(a[0]) * float64(b[0])
		s1 += float64(a[1]) * float64(b[1])
		s2 += float64(a[2]) * float64(b[2])
		s3 += float64(a[3]) * float64(b[3])
		s4 += float64(a[4]) * float64(b[4])
		s5 += float64(a[5]) * float64(b[5])
		s6 += float64(a[6]) * float64(b[6])
		s7 += float64(a[7]) * float64(b[7])
	}

	for k, v := range x {
		s0, s1, s2, s3, s4, s5, s6, s7 = s1, s2, s3, s4, s5, s6, s7, s0+float64(v)*float64(y[k])
	}
	return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
}

// distance returns the squared length of a·x − b·y, in eight chains.
func distance[X, Y float](x []X, y []Y, a, b float64) float64 {
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	y = y[:len(x)]
	for ; len(x) >= 8; x, y = x[8:], y[8:] {
		u, v := (*[8]X)(x), (*[8]Y)(y)
		s0 += square(float64(a*float64(u[0])) - float64(b*float64(v[0])))
		s1 += square(float64(a*float64(u[1])) - float64(b*float64(v[1])))
		s2 += square(float64(a*float64(u[2])) - float64(b*float64(v[2])))
		s3 += square(float64(a*float64(u[3])) - float64(b*float64(v[3])))
		s4 += square(float64(a*float64(u[4])) - float64(b*float64(v[4])))
		s5 += square(float64(a*float64(u[5])) - float64(b*float64(v[5])))
		s6 += square(float64(a*float64(u[6])) - float64(b*float64(v[6])))
		s7 += square(float64(a*float64(u[7])) - float64(b*float64(v[7])))
	}

	for k, v := range x { // the conversions prevent fusing, with which a·x − a·x would not be 0
		s0, s1, s2, s3, s4, s5, s6, s7 = s1, s2, s3, s4, s5, s6, s7, s0+square(float64(a*float64(v))-float64(b*float64(y[k])))
	}
	return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
}

func square(x float64) float64 { return x * x }
