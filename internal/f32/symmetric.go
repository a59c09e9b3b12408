package f32

import (
	"fmt"
	"runtime"
	"sync"
)

// AddTranspose writes sum = G + Gᵀ, added in float64; g has G row by row. sum is m×m. It
// panics if g does not have m² elements. The result does not depend on the instruction
// set.
func AddTranspose(sum Matrix, g []float64) {
	check("AddTranspose", sum.Rows == sum.Cols, sum)
	m := sum.Rows
	if len(g) != m*m {
		panic(fmt.Sprintf("f32: AddTranspose: %d elements for a %d×%d sum", len(g), m, m))
	}

	cores := 1
	if m >= splitSum {
		cores = runtime.GOMAXPROCS(0)
	}

	s := sums.Get().(*symmetricSum)
	*s = symmetricSum{sum, g}
	split(s, ceil(m, sumStrip), cores)
	*s = symmetricSum{}
	sums.Put(s)
}

// A symmetricSum is a G + Gᵀ, cut into strips of rows. A strip reaches from the diagonal
// to the left, and gives the columns from the diagonal up as well. It is computed in
// squares, because whole rows of a large G against its columns would miss the cache at
// every element.
type symmetricSum struct {
	sum Matrix
	g   []float64
}

const (
	sumStrip = 16
	splitSum = 512 // rows; with fewer the whole takes about 50 µs
)

var sums = sync.Pool{New: func() any { return new(symmetricSum) }}

func (s *symmetricSum) chunk(k int) {
	m, to := s.sum.Rows, s.sum.Stride
	i0 := k * sumStrip
	if m-i0 < sumStrip { // the last rows
		for i := i0; i < m; i++ {
			for j := range i + 1 {
				v := float32(s.g[i*m+j] + s.g[j*m+i])
				s.sum.Data[i*to+j], s.sum.Data[j*to+i] = v, v
			}
		}
		return
	}

	for j0 := 0; j0 <= i0; j0 += sumStrip {
		for i := i0; i < i0+sumStrip; i += 4 {
			addTransposeBlocks(s.sum.Data[i*to+j0:], s.sum.Data[j0*to+i:], to, s.g[i*m+j0:], s.g[j0*m+i:], m, sumStrip/4)
		}
	}
}

// addTransposeGeneric computes sum = left + acrossᵀ and mirrored = sumᵀ, as addTranspose4
// does.
func addTransposeGeneric(sum, mirrored []float32, rowSum int, left, across []float64, rowLeft, blocks int) {
	for i := range 4 {
		for j := range 4 * blocks {
			v := float32(left[i*rowLeft+j] + across[j*rowLeft+i])
			sum[i*rowSum+j], mirrored[j*rowSum+i] = v, v
		}
	}
}
