package plots

import (
	"fmt"
	"math"
	"testing"
)

// A number of an axis has its exponent raised, with characters that the font has.
func TestPowersOfTen(t *testing.T) {
	for v, want := range map[float64]string{1e-7: "10⁻⁷", 3e-5: "3·10⁻⁵", 2.5e-4: "2.5·10⁻⁴", 1: "10⁰", -200: "−2·10²", 1e12: "10¹²", 0: "0"} {
		if got := powerText(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
	if got := fmt.Sprint(numberRuns("3·10⁻¹²"), numberRuns("0.02")); got != "[{3·10 false} {−12 true}] [{0.02 false}]" {
		t.Errorf("runs %s", got)
	}
	if text := (style{size: tickSize}); !(text.numberWidth("10⁻⁷") < text.width("10−7")) || text.numberWidth("0.02") != text.width("0.02") {
		t.Error("a raised exponent is as wide as one that is not")
	}
}

// Values of a swept setting have one style: as they were written or, where one has an
// exponent, powers of ten. Words stay.
func TestSweptValuesHaveOneStyle(t *testing.T) {
	for _, test := range []struct {
		values []SensitivityValue
		want   string
	}{
		{[]SensitivityValue{{"3e-05", 3e-5}, {"0.0001", 1e-4}, {"none", math.NaN()}}, "[3·10⁻⁵ 10⁻⁴ none]"},
		{[]SensitivityValue{{"0.5", 0.5}, {"1", 1}, {"else", math.NaN()}}, "[0.5 1 else]"},
	} {
		d, got := &SensitivityPanel{Values: test.values}, []string(nil)
		for k := range test.values {
			got = append(got, d.valueText(k))
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%v, want %s", got, test.want)
		}
	}
}
