package extract

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"testing"
)

// A PNG of a few bytes that claims more pixels than the limit is refused before they are
// allocated, and so is a line of pixels that resizing would make longer than that.
func TestBounds(t *testing.T) {
	header := append([]byte("IHDR"), 0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0)
	file := append(append([]byte{}, pngMagic...), 0, 0, 0, 13)
	file = binary.BigEndian.AppendUint32(append(file, header...), crc32.ChecksumIEEE(header))
	_, err := decode(file)
	wantError(t, err, "claims 65536×65536 pixels, the limit is 89478485")

	var line bytes.Buffer
	if err := png.Encode(&line, image.NewGray(image.Rect(0, 0, 4000, 1))); err != nil {
		t.Fatal(err)
	}
	p := Preprocessings[0].Preprocessing
	_, err = p.Apply(make([]float32, p.floats()), line.Bytes())
	wantError(t, err, "has 4000×1 pixels, and resized 1024000×256")
	p.Resize = 0
	if _, err = p.Apply(make([]float32, p.floats()), line.Bytes()); err != nil {
		t.Errorf("squeezed: %v", err)
	}
}

// Files that are damaged anywhere give an error or an image, and never a panic.
func FuzzDecode(f *testing.F) {
	for name := range references(&testing.T{}).Decoded {
		f.Add(data(&testing.T{}, name))
	}
	p := Preprocessings[0].Preprocessing
	p.Resize, p.Crop = 4, [2]int{4, 4}
	to := make([]float32, p.floats())
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<14 {
			t.Skip()
		}
		if c, err := png.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<22 {
			t.Skip()
		}
		p.Apply(to, file)
		orientation(file)
	})
}

// The named preprocessings can be used as they are, and their names differ.
func TestPreprocessings(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Preprocessings {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if seen[p.Name] || p.Title == "" {
			t.Errorf("%q has no name or title of its own", p.Name)
		}
		seen[p.Name] = true
	}
	p := Preprocessings[0].Preprocessing
	if want := "shorter side to 256 pixels, bilinear; centre of 224×224; rgb, mean [0.485 0.456 0.406], std [0.229 0.224 0.225]"; p.String() != want {
		t.Errorf("%s, want %s", p, want)
	}
}
