package plots

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func dataRows() DataRows {
	d := DataRows{Name: "x.npy", Sizes: []int{162, 8, 4, 4, 1}}
	for k := range 100 {
		d.Norms = append(d.Norms, 10+float64(k%10))
		d.Within = append(d.Within, 0.5+0.004*float64(k))
		d.Between = append(d.Between, 0.004*float64(k))
		d.Spectrum = append(d.Spectrum, 1/float64((k+1)*(k+1)))
	}
	return d
}

// Every number is in the data of the figure, and shares sum to 1.
func TestData(t *testing.T) {
	f := Data(Column, dataRows(), "Drawn of 100 rows.")
	table, err := f.CSV()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"x.npy,class size,,1,1,162", "x.npy,spectrum,,2,2,0.25", "x.npy,length,,10,10.225,0.1", "x.npy,similarity,between,0,0.0224,0.06"} {
		if !strings.Contains(string(table), line+"\n") {
			t.Errorf("the data lack %s:\n%s", line, table)
		}
	}
	if !IsFigure("csv", table) {
		t.Error("the data are not taken for those of a figure")
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Rows of x.npy", "spectrum, % of variance", "Drawn of 100 rows. Dashed: pairs of one"} {
		if !strings.Contains(string(svg), text) {
			t.Errorf("the figure lacks %q", text)
		}
	}
}

// Data of nothing, of one value and of numbers that are not finite are drawn without NaN.
func TestDataEdges(t *testing.T) {
	for name, d := range map[string]DataRows{
		"nothing": {Name: "x"}, "one": {Name: "x", Sizes: []int{1}, Norms: []float64{1}, Spectrum: []float64{1}, Within: []float64{1}},
		"infinite": {Name: "x", Sizes: []int{0, 0}, Norms: []float64{math.Inf(1), math.NaN()}, Spectrum: []float64{math.NaN()}, Between: []float64{math.NaN()}},
		"huge":     {Name: "x", Norms: []float64{1e308, 1e-300}, Spectrum: []float64{1, 1e-300}},
	} {
		for _, width := range []Width{Page, Column, 7} {
			f := Data(width, d)
			svg, err := f.SVG()
			if err != nil || bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
				at := max(bytes.Index(svg, []byte("NaN")), bytes.Index(svg, []byte("Inf")))
				t.Errorf("%s: %v, or a number that is none: %s", name, err, svg[max(0, at-200):min(len(svg), at+50)])
			}
			if strings.Contains(string(svg), "Dashed") != (len(d.Within)+len(d.Between) > 0) {
				t.Errorf("%s: it says which line is which", name)
			}
		}
	}
}
