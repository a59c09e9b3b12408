package f32

// tileGo is the Go twin of the tiles in assembly: the same chain over the depth for every element, but each product is rounded
// before it is added, unless the compiler fuses the two.
func tileGo(c []float32, rowC int, a []float32, rowA int, b []float32, depth, rows int, add bool) {
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
