package plots

import (
	"image/color"
	"math"
	"testing"
)

// luminance is the relative luminance of WCAG 2.1, from 0 to 1.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// lightness is CIE L*, from 0 to 100.
func lightness(c color.NRGBA) float64 { return 116*math.Cbrt(luminance(c)) - 16 }

// contrast with white paper, from 1 to 21.
func contrast(c color.NRGBA) float64 { return 1.05 / (luminance(c) + 0.05) }

// TestScaleIsEven: lightness falls all along, by nearly the same amount each step, and its light end is far from white.
func TestScaleIsEven(t *testing.T) {
	s := viridisScale{-0.4, 0.6}
	const steps = 24
	mean := (lightness(s.color(-0.4)) - lightness(s.color(0.6))) / steps
	for k := range steps {
		from, to := s.color(-0.4+float64(k)/steps), s.color(-0.4+float64(k+1)/steps)
		if fall := lightness(from) - lightness(to); math.Abs(fall-mean) > 0.25*mean {
			t.Errorf("step %d is %.2f darker, the mean step %.2f", k, fall, mean)
		}
	}
	if c := contrast(s.color(-0.4)); c < 2 {
		t.Errorf("the light end has contrast %.2f with white", c)
	}
	if s.color(-9) != s.color(-0.4) || s.color(9) != s.color(0.6) {
		t.Error("values beyond the scale do not have the colour of its end")
	}
}

func TestNoValueIsGrey(t *testing.T) {
	got := viridisScale{0, 1}.color(math.NaN())
	if got != undefinedColor || got.R != got.G || got.G != got.B || contrast(got) < 3 {
		t.Errorf("got %v", got)
	}
}

func TestKindsDifferInLightnessToo(t *testing.T) {
	p, n := color.NRGBA(positiveColor), color.NRGBA(negativeColor)
	if contrast(p) < 3 || contrast(n) < 3 {
		t.Errorf("contrast with white: %.2f and %.2f, want 3", contrast(p), contrast(n))
	}
	if d := math.Abs(lightness(p) - lightness(n)); d < 5 {
		t.Errorf("lightness differs by %.1f", d)
	}
}
