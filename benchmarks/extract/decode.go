package extract

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
)

// maxPixels bounds the memory of one image, because a PNG of a kilobyte may claim any
// size. It is the size from which Pillow warns of a decompression bomb.
const maxPixels = 89_478_485

var (
	pngMagic  = []byte("\x89PNG\r\n\x1a\n")
	jpegMagic = []byte("\xff\xd8\xff")
)

// decode decodes a JPEG or PNG file. Grey becomes three equal channels, 16 bits lose
// their lower 8, CMYK is converted without a colour profile, and transparency is dropped,
// as Pillow's convert("RGB") does. The orientation of EXIF is not applied.
func decode(file []byte) (*bitmap, error) {
	var config func(io.Reader) (image.Config, error)
	var pixels func(io.Reader) (image.Image, error)
	switch {
	case len(file) == 0:
		return nil, errors.New("is empty")
	case bytes.HasPrefix(file, jpegMagic):
		config, pixels = jpeg.DecodeConfig, jpeg.Decode
	case bytes.HasPrefix(file, pngMagic):
		config, pixels = png.DecodeConfig, png.Decode
	default:
		return nil, errors.New("is neither JPEG nor PNG: convert it")
	}

	c, err := config(bytes.NewReader(file))
	if err != nil {
		return nil, damaged(err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("claims %d×%d pixels, the limit is %d: make it smaller", c.Width, c.Height, maxPixels)
	}
	img, err := pixels(bytes.NewReader(file))
	if err != nil {
		return nil, damaged(err)
	}
	return toBitmap(img)
}

// damaged says what a decoder found.
func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, jpeg.FormatError("short Huffman data")) {
		return errors.New("is cut short or damaged: copy it again")
	}
	return fmt.Errorf("cannot be decoded (%w): save it again as JPEG or PNG", err)
}

// toBitmap copies what a decoder made.
func toBitmap(img image.Image) (*bitmap, error) {
	size := img.Bounds().Size()
	b := newBitmap(size.X, size.Y)
	switch img := img.(type) {
	case *image.YCbCr:
		fromYCbCr(b, img)
	case *image.CMYK:
		b.each(img.Pix, img.Stride, 4, fromCMYK)
	case *image.Gray:
		b.each(img.Pix, img.Stride, 1, func(to, from []uint8) { to[0], to[1], to[2] = from[0], from[0], from[0] })
	case *image.Gray16:
		b.each(img.Pix, img.Stride, 2, func(to, from []uint8) { to[0], to[1], to[2] = from[0], from[0], from[0] })
	case *image.RGBA: // without transparency: PNG and JPEG have it in NRGBA
		b.each(img.Pix, img.Stride, 4, func(to, from []uint8) { copy(to, from) })
	case *image.NRGBA:
		b.each(img.Pix, img.Stride, 4, func(to, from []uint8) { copy(to, from) })
	case *image.RGBA64:
		b.each(img.Pix, img.Stride, 8, func(to, from []uint8) { to[0], to[1], to[2] = from[0], from[2], from[4] })
	case *image.NRGBA64:
		b.each(img.Pix, img.Stride, 8, func(to, from []uint8) { to[0], to[1], to[2] = from[0], from[2], from[4] })
	case *image.Paletted:
		colours := make([]color.NRGBA, 256) // an index beyond the palette is black
		for k, c := range img.Palette {
			colours[k] = color.NRGBAModel.Convert(c).(color.NRGBA)
			if c, ok := c.(color.NRGBA); ok { // as it is, also where it cannot be seen
				colours[k] = c
			}
		}
		b.each(img.Pix, img.Stride, 1, func(to, from []uint8) {
			c := colours[from[0]]
			to[0], to[1], to[2] = c.R, c.G, c.B
		})
	default:
		return nil, fmt.Errorf("has pixels of the kind %T, for which there is no conversion: save it again as JPEG or PNG", img)
	}
	return b, nil
}

// each converts all pixels, of size bytes.
func (b *bitmap) each(pix []uint8, stride, size int, convert func(to, from []uint8)) {
	for y := range b.height {
		from, to := pix[stride*y:], b.pix[3*b.width*y:]
		for x := range b.width {
			convert(to[3*x:3*x+3], from[size*x:size*x+size])
		}
	}
}

// fromCMYK is Pillow's conversion.
func fromCMYK(to, from []uint8) {
	light := 255 - uint32(from[3])
	for k := range 3 {
		t := uint32(from[k])*light + 128
		to[k] = uint8(light - (t>>8+t)>>8)
	}
}
