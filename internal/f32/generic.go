package f32

// This file has the portable implementations of the kernels of products and counts. The
// others are beside the functions that use them. All their names end in Generic.

// tileGeneric computes a tile as the assembly does: every element is the same chain over
// the depth. But each product is rounded before it is added, unless the compiler fuses
// the two.
func tileGeneric(c []float32, rowC int, a []float32, rowA int, b []float32, depth, rows int, add bool) {
	for i := range rows {
		a := a[i*rowA : i*rowA+depth]
		for j := 0; j < tileCols; j += 8 {
			var s0, s1, s2, s3, s4, s5, s6, s7 float32
			for p, x := range a {
				b := (*[8]float32)(b[p*tileCols+j:])
				s0 += x * b[0]
				s1 += x * b[1]
				s2 += x * b[2]
				s3 += x * b[3]
				s4 += x * b[4]
				s5 += x * b[5]
				s6 += x * b[6]
				s7 += x * b[7]
			}

			c := (*[8]float32)(c[i*rowC+j:])
			if add {
				s0, s1, s2, s3 = c[0]+s0, c[1]+s1, c[2]+s2, c[3]+s3
				s4, s5, s6, s7 = c[4]+s4, c[5]+s5, c[6]+s6, c[7]+s7
			}
			*c = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
		}
	}
}

// chainsGeneric computes the chains of chains4. It rounds as tileGeneric does.
func chainsGeneric(x, y *[pairsAtOnce][]float32) (sums [pairsAtOnce]float32) {
	for k, x := range x {
		var s float32
		for p, v := range x {
			s += v * y[k][p]
		}
		sums[k] = s
	}
	return sums
}

// fastDotGeneric adds the products of as many chains as fastDot32 does, in another order.
func fastDotGeneric(x, y []float32) float32 {
	var sums [fastBlock]float32
	for ; len(x) > 0; x, y = x[fastBlock:], y[fastBlock:] {
		a, b := (*[fastBlock]float32)(x), (*[fastBlock]float32)(y)
		for k := range sums {
			sums[k] += a[k] * b[k]
		}
	}
	for half := fastBlock / 2; half > 0; half /= 2 {
		for k := range half {
			sums[k] += sums[k+half]
		}
	}
	return sums[0]
}

// classifyGeneric computes what classify8 and classify16 do.
func classifyGeneric(x, y *quantized, first, other int, rows, cols *bounds, inspected *cells, aboveRows, aboveCols []int32, open *[2]cells) (any uint16) {
	a, b := x.panel(first), y.panel(other)
	*open = [2]cells{}
	for i := range panelRows {
		for j := range panelRows {
			bit := uint16(1) << j
			if inspected[i]&bit == 0 {
				continue
			}

			sum := int32(0)
			for p := 0; p < len(a); p += panelRows {
				sum += mulWords(a[p+i], b[p+j], x.bits)
			}

			if sum > rows.high[i] {
				aboveRows[i]++
			} else if sum >= rows.low[i] {
				open[0][i] |= bit
			}

			if sum > cols.high[j] {
				aboveCols[j]++
			} else if sum >= cols.low[j] {
				open[1][i] |= bit
			}
		}
		any |= open[0][i] | open[1][i]
	}

	return any
}

// mulWords returns the product of two words of signed integers of that many bits.
func mulWords(x, y int32, bits int) int32 {
	sum := int32(0)
	for at := 0; at < 32; at += bits {
		up := 32 - bits - at
		sum += x << up >> (32 - bits) * (y << up >> (32 - bits))
	}
	return sum
}
