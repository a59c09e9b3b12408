package extract

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera was held, 1 to 8 of the tag 0x0112 of EXIF, of a JPEG
// or PNG file. It is 1, upright, where the file does not say so or is damaged.
func orientation(file []byte) int {
	tiff := jpegExif(file)
	if bytes.HasPrefix(file, pngMagic) {
		tiff = pngExif(file)
	}

	var order binary.ByteOrder = binary.BigEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case !bytes.HasPrefix(tiff, []byte("MM\x00*")):
		return 1
	}
	if len(tiff) < 8 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}

	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		const short = 3
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == short {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// jpegExif returns the TIFF structure in the APP1 segment of a JPEG, or nil.
func jpegExif(file []byte) []byte {
	const soi, app1, sos = 0xD8, 0xE1, 0xDA
	if !bytes.HasPrefix(file, []byte{0xFF, soi}) {
		return nil
	}
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xFF; {
		if rest[1] == 0xFF { // a fill byte
			rest = rest[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if rest[1] == sos || length < 2 || len(rest) < 2+length {
			return nil
		}
		if tiff, ok := bytes.CutPrefix(rest[4:2+length], []byte("Exif\x00\x00")); ok && rest[1] == app1 {
			return tiff
		}
		rest = rest[2+length:]
	}
	return nil
}

// pngExif returns the TIFF structure in the eXIf chunk of a PNG, or nil.
func pngExif(file []byte) []byte {
	for rest := file[len(pngMagic):]; len(rest) >= 12; {
		length := int64(binary.BigEndian.Uint32(rest))
		if 12+length > int64(len(rest)) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+length]
		}
		rest = rest[12+length:]
	}
	return nil
}

// upright turns and mirrors an image that was taken with an orientation of EXIF.
func (b *bitmap) upright(orientation int) *bitmap {
	if orientation <= 1 {
		return b
	}
	to := newBitmap(b.width, b.height)
	if orientation >= 5 {
		to = newBitmap(b.height, b.width)
	}

	for y := range to.height {
		for x := range to.width {
			fromX, fromY := x, y
			if orientation >= 5 { // the transposed image, mirrored or not
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = b.width - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = b.height - 1 - fromY
			}
			copy(to.pix[3*(to.width*y+x):][:3], b.pix[3*(b.width*fromY+fromX):])
		}
	}
	return to
}
