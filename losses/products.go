package losses

// products sets z, k×k, to E·Eᵀ of the k rows of e, each of length n. Four rows go at once: one sum would wait for its own additions.
func products(z, e []float64, k, n int) {
	for i := range k {
		x := e[i*n : (i+1)*n]
		j := 0
		for ; j+4 <= i+1; j += 4 {
			a, b, c, d := e[j*n:][:len(x)], e[(j+1)*n:][:len(x)], e[(j+2)*n:][:len(x)], e[(j+3)*n:][:len(x)]
			var sa, sb, sc, sd float64
			for l, v := range x {
				sa += v * a[l]
				sb += v * b[l]
				sc += v * c[l]
				sd += v * d[l]
			}
			z[i*k+j], z[i*k+j+1], z[i*k+j+2], z[i*k+j+3] = sa, sb, sc, sd
		}
		for ; j <= i; j++ {
			a, sum := e[j*n:][:len(x)], 0.0
			for l, v := range x {
				sum += v * a[l]
			}
			z[i*k+j] = sum
		}
		for j := range i {
			z[j*k+i] = z[i*k+j]
		}
	}
}

// combine sets dst to Σ_j w_j times row j of e, whose rows have the length of dst.
func combine(dst, w, e []float64) {
	clear(dst)
	n, j := len(dst), 0
	for ; j+4 <= len(w); j += 4 {
		a, b, c, d := e[j*n:][:n], e[(j+1)*n:][:n], e[(j+2)*n:][:n], e[(j+3)*n:][:n]
		wa, wb, wc, wd := w[j], w[j+1], w[j+2], w[j+3]
		for l := range dst {
			dst[l] += (wa*a[l] + wb*b[l]) + (wc*c[l] + wd*d[l])
		}
	}
	for ; j < len(w); j++ {
		for l, v := range e[j*n:][:n] {
			dst[l] += w[j] * v
		}
	}
}
