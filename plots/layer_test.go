package plots

import (
	"image/color"
	"math"
	"testing"
)

func TestGrow(t *testing.T) {
	for name, form := range map[string]shape{"disc": disc, "triangle": triangle} {
		t.Run(name, func(t *testing.T) { testGrow(t, form) })
	}
}

func testGrow(t *testing.T, form shape) {
	r := newRaster(41, 41)
	r.add(20, 20, 3)
	r.add(20, 20, 5)
	r.add(0, 0, math.NaN())
	g := r.grow(form, 6)
	area := 0.0
	for k, n := range g.dots {
		if g.valued[k] > 0 {
			area += n / 2
			if mean := g.total[k] / g.valued[k]; math.Abs(mean-4) > 1e-12 {
				t.Fatalf("pixel %d has mean %v, want 4", k, mean)
			}
		}
	}
	if want := math.Pi * 36; math.Abs(area-want) > 0.03*want {
		t.Errorf("a dot covers %.1f pixels, want %.1f", area, want)
	}
	if form == triangle && (g.dots[12*41+20] == 0 || g.dots[28*41+20] != 0) {
		t.Error("the triangle does not point upwards")
	}
	if g.dots[0] != 1 || g.valued[0] != 0 {
		t.Errorf("the dot without a value: %v dots, %v values", g.dots[0], g.valued[0])
	}
}

func TestImage(t *testing.T) {
	r := newRaster(4, 1)
	r.add(0, 0, 0.5)
	for range 1000 {
		r.add(1, 0, 0.5)
	}
	r.add(2, 0, math.NaN())
	img := r.image(viridisScale{0, 1})
	at := func(x int) color.NRGBA { return img.NRGBAAt(x, 0) }
	opaque := func(c color.NRGBA) color.NRGBA { c.A = 255; return c }
	if want := (viridisScale{0, 1}).color(0.5); opaque(at(0)) != want || at(1) != want {
		t.Errorf("one dot is %v and a thousand %v, want the colour %v and the many opaque", at(0), at(1), want)
	}
	if a := at(0).A; a < 200 || a == 255 {
		t.Errorf("a single dot has opacity %d of 255", a)
	}
	if opaque(at(2)) != undefinedColor || at(3).A != 0 {
		t.Errorf("no value is %v, no dot %v", at(2), at(3))
	}
}
