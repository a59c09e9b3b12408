package extract

import "math"

// A bitmap is an image of 8 bits a channel, red, green and blue, row by row.
type bitmap struct {
	width, height int
	pix           []uint8 // 3·width·height
}

func newBitmap(width, height int) *bitmap {
	return &bitmap{width, height, make([]uint8, 3*width*height)}
}

// A Filter is a kernel of resampling. Where an image becomes smaller the kernel is
// stretched by the ratio of the sizes, which is antialiasing.
type Filter string

// The filters that networks are trained with, as Pillow has them: bicubic with a = −½.
const (
	Bilinear Filter = "bilinear"
	Bicubic  Filter = "bicubic"
)

// Filters lists all of them.
var Filters = []Filter{Bilinear, Bicubic}

// kernel returns the value of the kernel at x, and the distance beyond which it is 0.
// Products are rounded before they are added, on every machine.
func (f Filter) kernel() (at func(x float64) float64, support float64) {
	if f == Bicubic {
		const a = -0.5
		return func(x float64) float64 {
			x = math.Abs(x)
			switch {
			case x < 1:
				return float64((float64((a+2)*x)-(a+3))*x*x) + 1
			case x < 2:
				return (float64((float64((x-5)*x)+8)*x) - 4) * a
			}
			return 0
		}, 2
	}
	return func(x float64) float64 { return max(0, 1-math.Abs(x)) }, 1
}

// weightBits is the precision of a weight of resampling, in bits below the point. A sum
// of weights times 8 bits then fits in 32 bits with a sign and an overshoot.
const weightBits = 32 - 8 - 2

// A tap is how one pixel of the result is made of neighbours from first on.
type tap struct {
	first   int
	weights []int32
}

// taps returns the weights that make `to` pixels of `from`.
func (f Filter) taps(from, to int) []tap {
	at, support := f.kernel()
	scale := float64(from) / float64(to)
	stretch := max(scale, 1)
	support *= stretch

	all := make([]tap, to)
	for k := range all {
		center := (float64(k) + 0.5) * scale
		first := max(int(center-support+0.5), 0)
		end := min(int(center+support+0.5), from)

		values, sum := make([]float64, end-first), 0.0
		for i := range values {
			values[i] = at((float64(i+first) - center + 0.5) * (1 / stretch))
			sum += values[i]
		}

		all[k] = tap{first, make([]int32, len(values))}
		for i, v := range values {
			if sum != 0 {
				v /= sum
			}
			all[k].weights[i] = int32(math.Copysign(0.5, v) + float64(v*(1<<weightBits)))
		}
	}
	return all
}

// resize returns the image at another size: first along the rows and then along the
// columns, rounded to 8 bits after each, as Pillow does it. Pillow 13 begins with the
// columns where the height loses more than twice as many pixels as the width, and its
// pixels then differ: with torchvision, of images more than twice as high as wide.
//
// It is our own because golang.org/x/image/draw rounds otherwise, and features should be
// those of Python.
func (b *bitmap) resize(width, height int, f Filter) *bitmap {
	if width != b.width {
		b = b.resizeRows(f.taps(b.width, width))
	}
	if height != b.height {
		b = b.resizeColumns(f.taps(b.height, height))
	}
	return b
}

func (b *bitmap) resizeRows(taps []tap) *bitmap {
	to := newBitmap(len(taps), b.height)
	for y := range b.height {
		row := b.pix[3*b.width*y:][:3*b.width]
		out := to.pix[3*to.width*y:][:3*to.width]
		for x, t := range taps {
			red, green, blue := half, half, half
			in := row[3*t.first:][:3*len(t.weights)]
			for _, w := range t.weights {
				red += w * int32(in[0])
				green += w * int32(in[1])
				blue += w * int32(in[2])
				in = in[3:]
			}
			out[3*x], out[3*x+1], out[3*x+2] = clip(red), clip(green), clip(blue)
		}
	}
	return to
}

func (b *bitmap) resizeColumns(taps []tap) *bitmap {
	to := newBitmap(b.width, len(taps))
	stride := 3 * b.width
	sums := make([]int32, stride)
	for y, t := range taps {
		for i := range sums {
			sums[i] = half
		}
		for k, w := range t.weights {
			for i, v := range b.pix[stride*(t.first+k):][:stride] {
				sums[i] += w * int32(v)
			}
		}
		for i, out := 0, to.pix[stride*y:][:stride]; i < stride; i++ {
			out[i] = clip(sums[i])
		}
	}
	return to
}

// half is added before the bits below the point are dropped.
const half int32 = 1 << (weightBits - 1)

// clip rounds a sum of weighted pixels to 8 bits.
func clip(sum int32) uint8 { return uint8(min(max(sum>>weightBits, 0), 255)) }

// crop returns the part from (left, top) on.
func (b *bitmap) crop(left, top, width, height int) *bitmap {
	to := newBitmap(width, height)
	for y := range height {
		copy(to.pix[3*width*y:][:3*width], b.pix[3*(b.width*(top+y)+left):])
	}
	return to
}
