package extract

import "image"

// fromYCbCr converts the planes of a JPEG, the colours at full size first. Colours at
// half the size are interpolated with the weights ¾ and ¼, as libjpeg does it by default
// ("fancy upsampling"), and with it Pillow, OpenCV and browsers. The decoder of the
// standard library repeats them instead, which differs by tens of levels at edges of
// colour.
func fromYCbCr(b *bitmap, img *image.YCbCr) {
	wide, high := 1, 1
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		wide = 2
	case image.YCbCrSubsampleRatio420:
		wide, high = 2, 2
	case image.YCbCrSubsampleRatio440:
		high = 2
	case image.YCbCrSubsampleRatio411:
		wide = 4
	case image.YCbCrSubsampleRatio410:
		wide, high = 4, 2
	}

	c := chroma{
		wide: wide, high: high,
		columns: (b.width + wide - 1) / wide, rows: (b.height + high - 1) / high,
		stride: img.CStride, full: b.width,
	}
	blues, reds := make([]uint8, c.columns*wide), make([]uint8, c.columns*wide)
	for y := range b.height {
		c.row(blues, img.Cb, y)
		c.row(reds, img.Cr, y)
		line, to := img.Y[img.YStride*y:], b.pix[3*b.width*y:]
		for x := range b.width {
			toRGB(to[3*x:3*x+3], line[x], blues[x], reds[x])
		}
	}
}

// toRGB is the conversion of JFIF, in the fixed point of libjpeg.
func toRGB(to []uint8, luma, blue, red uint8) {
	const r, b, greenRed, greenBlue, half = 91881, 116130, 46802, 22554, 1 << 15 // times 2⁻¹⁶
	y, cb, cr := int32(luma), int32(blue)-128, int32(red)-128
	to[0] = level(y + (r*cr+half)>>16)
	to[1] = level(y + (half-greenBlue*cb-greenRed*cr)>>16)
	to[2] = level(y + (b*cb+half)>>16)
}

func level(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// A chroma says how a plane of colours is enlarged.
type chroma struct {
	wide, high    int // factors
	columns, rows int // of the plane
	stride        int
	full          int // columns of the image
}

// row writes a row of the image.
func (c *chroma) row(to, plane []uint8, y int) {
	near := plane[c.stride*(y/c.high):][:c.columns]
	narrow := c.wide == 2 && c.columns <= 2 // libjpeg repeats these
	switch {
	case c.wide == 1 && c.high == 1:
		copy(to, near)
	case c.wide == 2 && c.high == 1 && !narrow:
		widen(to, near)
	case c.wide == 2 && c.high == 2 && !narrow:
		widenSums(to, near, c.other(plane, y))
	case c.wide == 1 && c.high == 2:
		other, bias := c.other(plane, y), 1+uint16(y%2)
		for x, v := range near {
			to[x] = uint8((3*uint16(v) + uint16(other[x]) + bias) >> 2)
		}
	default:
		for x := range to {
			to[x] = near[x/c.wide]
		}
	}
}

// other is the row of the plane that is next nearest to the row y of the image: the one
// above for even rows, and else the one below.
func (c *chroma) other(plane []uint8, y int) []uint8 {
	k := y/2 - 1 + y%2*2
	return plane[c.stride*min(max(k, 0), c.rows-1):][:c.columns]
}

// widen doubles a row.
func widen(to, from []uint8) {
	last := len(from) - 1
	for x, v := range from {
		left, right := from[max(x-1, 0)], from[min(x+1, last)]
		to[2*x] = uint8((3*uint16(v) + uint16(left) + 1) >> 2)
		to[2*x+1] = uint8((3*uint16(v) + uint16(right) + 2) >> 2)
	}
	to[0], to[2*last+1] = from[0], from[last]
}

// widenSums doubles the sum of a row, with the weight ¾, and another.
func widenSums(to, near, other []uint8) {
	last := len(near) - 1
	sum := func(x int) uint16 {
		x = min(max(x, 0), last)
		return 3*uint16(near[x]) + uint16(other[x])
	}
	for x := range near {
		s := 3 * sum(x)
		to[2*x] = uint8((s + sum(x-1) + 8) >> 4)
		to[2*x+1] = uint8((s + sum(x+1) + 7) >> 4)
	}
}
