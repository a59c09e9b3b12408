package plots

import (
	"fmt"
	"math"
	"testing"
)

// Twenty losses have twenty colours, in figures and in reports, and as many as are lines
// of one figure; a hundred have 100 pairs of colour and marker; 25 differ without
// colours; ten variants of a loss differ too, and have its colour and marker.
func TestSeriesDiffer(t *testing.T) {
	look := func(s series, colors bool) string {
		text := fmt.Sprint(s.form, s.hollow)
		if colors {
			return text + fmt.Sprint(s.line.Color)
		}
		return text + fmt.Sprint(s.line.Dashes)
	}
	for _, c := range []struct {
		losses int
		colors bool
	}{{100, true}, {25, false}} {
		seen := map[string]int{}
		for k := range c.losses {
			at := look(seriesOf(k, 0), c.colors)
			if other, twice := seen[at]; twice {
				t.Errorf("losses %d and %d look alike (colours: %v)", other, k, c.colors)
			}
			seen[at] = k
		}
	}

	colors := map[string]bool{}
	for k := range TrainingLosses {
		colors[fmt.Sprint(trainingSeries(k).Color)] = true
	}
	if len(colors) != TrainingLosses || TrainingLosses < 10 {
		t.Errorf("%d losses have %d colours", TrainingLosses, len(colors))
	}

	css := map[string]bool{}
	for k := range 20 {
		css[LookOf(k).Color] = true
	}
	if len(css) != 20 {
		t.Errorf("20 rows of a report have %d colours", len(css))
	}

	seen, first := map[string]bool{}, seriesOf(7, 0)
	for v := range 10 {
		s := seriesOf(7, v)
		if s.line.Color != first.line.Color || s.form != first.form || seen[look(s, false)] {
			t.Errorf("variant %d is %+v, the first %+v", v, s, first)
		}
		seen[look(s, false)] = true
	}
}

// Colours of lines have contrast with white paper, 2 or more as the light end of a scale.
// Colours that are used together differ for people with either common colour blindness:
// by 15 or more in L*a*b* after the projections of Viénot, Brettel & Mollon, 1999.
func TestSeriesColorsForTheColourBlind(t *testing.T) {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	kinds := map[string][9]float64{ // rows of the matrix on linear RGB
		"deuteranopia": {0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1},
		"protanopia":   {0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1},
		"none":         {1, 0, 0, 0, 1, 0, 0, 0, 1},
	}
	lab := func(r, g, b float64) [3]float64 {
		f := func(x float64) float64 {
			if x > 0.008856 {
				return math.Cbrt(x)
			}
			return 7.787*x + 16.0/116
		}
		x, y, z := f((0.4124*r+0.3576*g+0.1805*b)/0.9505), f(0.2126*r+0.7152*g+0.0722*b), f((0.0193*r+0.1192*g+0.9505*b)/1.089)
		return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
	}
	for k, c := range seriesColors {
		if got := contrast(c); got < 2 {
			t.Errorf("colour %d has contrast %.2f with white", k, got)
		}
	}
	for name, m := range kinds {
		var all [][3]float64
		for _, c := range seriesColors {
			r, g, b := linear(c.R), linear(c.G), linear(c.B)
			all = append(all, lab(m[0]*r+m[1]*g+m[2]*b, m[3]*r+m[4]*g+m[5]*b, m[6]*r+m[7]*g+m[8]*b))
		}
		for i := range all {
			for j := range i {
				d := math.Sqrt(math.Pow(all[i][0]-all[j][0], 2) + math.Pow(all[i][1]-all[j][1], 2) + math.Pow(all[i][2]-all[j][2], 2))
				if d < 15 {
					t.Errorf("%s: colours %d and %d differ by %.1f", name, i, j, d)
				}
			}
		}
	}
}
