package extract

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// A picture is the channels of an image, as Pillow gave them.
type picture struct {
	Height, Width int
	RGB           []byte
}

// pillow is testdata/pillow.json.
type pillow struct {
	Decoded, Upright map[string]picture
	Resized          []struct {
		picture
		Filter Filter
	}
	Inputs []struct {
		Image     string
		Resize    int
		Crop      [2]int
		Filter    Filter
		Mean, Std [3]float32
		Floats    []byte
	}
}

func references(t *testing.T) (p pillow) {
	t.Helper()
	text, err := os.ReadFile("testdata/pillow.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func data(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// apart is the greatest difference of two images of one size, in levels.
func apart(t *testing.T, got *bitmap, want picture) int {
	t.Helper()
	if got.width != want.Width || got.height != want.Height || len(got.pix) != len(want.RGB) {
		t.Fatalf("%d×%d pixels, want %d×%d", got.width, got.height, want.Width, want.Height)
	}
	most := 0
	for k, v := range got.pix {
		most = max(most, int(math.Abs(float64(v)-float64(want.RGB[k]))))
	}
	return most
}

// PNG is decoded to the bytes of Pillow. JPEG may differ by the rounding of its
// transform, which the standard leaves open, and what conversions make of it.
func TestDecodesAsPillow(t *testing.T) {
	p := references(t)
	if len(p.Decoded) < 15 {
		t.Fatalf("%d references", len(p.Decoded))
	}
	for name, want := range p.Decoded {
		b, err := decode(data(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		limit := 0
		if filepath.Ext(name) == ".jpg" {
			limit = 3
		}
		if d := apart(t, b, want); d > limit {
			t.Errorf("%s: differs by %d levels, at most %d are expected", name, d, limit)
		}
	}
}

// All eight orientations are applied as Pillow's exif_transpose applies them.
func TestOrientation(t *testing.T) {
	p := references(t)
	if len(p.Upright) != 9 {
		t.Fatalf("%d references", len(p.Upright))
	}
	for name, want := range p.Upright {
		file := data(t, name)
		b, err := decode(file)
		if err != nil {
			t.Fatal(err)
		}
		limit := 0
		if filepath.Ext(name) == ".jpg" {
			limit = 3
		}
		if d := apart(t, b.upright(orientation(file)), want); d > limit {
			t.Errorf("%s: differs by %d levels", name, d)
		}
	}

	file := data(t, "turned.jpg")
	if o := orientation(file); o != 6 {
		t.Errorf("orientation %d, want 6", o)
	}
	for cut := range len(file) { // never a panic
		orientation(file[:cut])
	}
	file = data(t, "turned6.png")
	for cut := range len(file) {
		orientation(file[:cut])
	}
}

// Resampling gives the bytes of Pillow: smaller and larger, in one direction or both.
func TestResizesAsPillow(t *testing.T) {
	p := references(t)
	from, err := decode(data(t, "rgb.png"))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Resized) != 16 {
		t.Fatalf("%d references", len(p.Resized))
	}
	for _, want := range p.Resized {
		if d := apart(t, from.resize(want.Width, want.Height, want.Filter), want.picture); d != 0 {
			t.Errorf("%s to %d×%d: differs by %d levels", want.Filter, want.Width, want.Height, d)
		}
	}
}

// The input of a network has the bits that torchvision's transforms give it.
func TestInputs(t *testing.T) {
	for _, want := range references(t).Inputs {
		p := Preprocessing{Resize: want.Resize, Crop: want.Crop, Filter: want.Filter, Channels: "rgb", Mean: want.Mean, Std: want.Std}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		floats := make([]float32, len(want.Floats)/4)
		if err := binary.Read(bytes.NewReader(want.Floats), binary.LittleEndian, floats); err != nil {
			t.Fatal(err)
		}
		got := make([]float32, p.floats())
		if _, err := p.Apply(got, data(t, want.Image)); err != nil {
			t.Fatal(err)
		}
		for k, v := range got {
			if v != floats[k] {
				t.Fatalf("%s, %v: element %d is %v, want %v", want.Image, p, k, v, floats[k])
			}
		}

		p.Channels = "bgr"
		p.Mean[0], p.Mean[2], p.Std[0], p.Std[2] = p.Mean[2], p.Mean[0], p.Std[2], p.Std[0]
		turned := make([]float32, len(got))
		if _, err := p.Apply(turned, data(t, want.Image)); err != nil {
			t.Fatal(err)
		}
		plane := len(got) / 3
		for k, v := range turned {
			if v != got[(2-k/plane)*plane+k%plane] {
				t.Fatalf("bgr: element %d is not that of the other channel", k)
			}
		}
	}
}
