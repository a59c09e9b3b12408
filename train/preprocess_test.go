package train

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/matrix"
)

func TestPreprocess(t *testing.T) {
	// Column means 2 and 5, deviations 1 (divisor N) and none: it is constant.
	x := rowsOf([]float32{1, 5}, []float32{3, 5})
	other := rowsOf([]float32{4, 9}, []float32{16, 0})
	r := float32(math.Sqrt2 / 2)

	for _, c := range []struct {
		name                 string
		steps                []string
		train, want, wantNew matrix.Matrix
	}{
		{"none", nil, x, x, other},
		{"center", []string{"center"}, x, rowsOf([]float32{-1, 0}, []float32{1, 0}), rowsOf([]float32{2, 4}, []float32{14, -5})},
		{"scale", []string{"scale"}, rowsOf([]float32{1, 5}, []float32{5, 5}), rowsOf([]float32{.5, 5}, []float32{2.5, 5}), rowsOf([]float32{2, 9}, []float32{8, 0})},
		{"sqrt", []string{"sqrt"}, rowsOf([]float32{1, 4}), rowsOf([]float32{1, 2}), rowsOf([]float32{2, 3}, []float32{4, 0})},
		{"l2", []string{"l2"}, rowsOf([]float32{3, 4}), rowsOf([]float32{.6, .8}), rowsOf([]float32{4 / float32(math.Sqrt(97)), 9 / float32(math.Sqrt(97))}, []float32{1, 0})},
		// Each step sees what the one before it leaves: square roots 1 and 3 have the
		// mean 2 and the deviation 1.
		{"all in order", []string{"sqrt", "center", "scale", "l2"}, rowsOf([]float32{1, 0}, []float32{9, 0}), rowsOf([]float32{-1, 0}, []float32{1, 0}),
			rowsOf([]float32{0, 1}, []float32{1, 0})},
		{"the other order", []string{"l2", "center"}, rowsOf([]float32{1, 0}, []float32{0, 7}), rowsOf([]float32{.5, -.5}, []float32{-.5, .5}),
			rowsOf([]float32{4/float32(math.Sqrt(97)) - .5, 9/float32(math.Sqrt(97)) - .5}, []float32{.5, -.5})},
		{"scale after center", []string{"center", "scale", "l2"}, rowsOf([]float32{1, 1}, []float32{3, 5}), rowsOf([]float32{-r, -r}, []float32{r, r}),
			rowsOf([]float32{2 / float32(math.Sqrt(13)), 3 / float32(math.Sqrt(13))}, []float32{14 / float32(math.Sqrt(198.25)), -1.5 / float32(math.Sqrt(198.25))})},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, beforeNew := c.train.Clone(), other.Clone()
			p, err := FitPreprocess(c.steps, c.train)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Apply(c.train)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "training rows", got, c.want, 1e-6)
			if got, err = p.Apply(other); err != nil {
				t.Fatal(err)
			}
			near(t, "other rows", got, c.wantNew, 2e-6)
			near(t, "the caller's training rows", c.train, before, 0)
			near(t, "the caller's other rows", other, beforeNew, 0)
		})
	}
}

// A constant that float32 does not hold exactly has a mean that rounding may move; it
// must not be divided by that.
func TestScaleConstant(t *testing.T) {
	x := matrix.New(1000, 1)
	for i := range x.Rows {
		x.Row(i)[0] = 0.1
	}

	p, err := FitPreprocess([]string{"scale"}, x)
	if err != nil {
		t.Fatal(err)
	}

	y, err := p.Apply(x)
	if err != nil {
		t.Fatal(err)
	}

	near(t, "a constant feature", y, x, 0)
}

func TestPreprocessErrors(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name  string
		steps []string
		x     matrix.Matrix
		want  []string
	}{
		{"unknown", []string{"center", "centre"}, rowsOf([]float32{1}), []string{`unknown step "centre"`, "center, scale, sqrt, l2"}},
		{"negative", []string{"sqrt"}, rowsOf([]float32{1, 2}, []float32{3, -4}), []string{"sqrt needs features ≥ 0", "-4", "row 1", "column 1", "before center"}},
		{"zero row", []string{"center", "l2"}, rowsOf([]float32{1, 2}, []float32{1, 2}), []string{"l2", "row 0"}},
		{"empty", []string{"center"}, matrix.Matrix{}, []string{"0×0"}},
		{"no rows", nil, matrix.Matrix{Cols: 3, Stride: 3}, []string{"0×3"}},
		{"NaN", []string{"center"}, rowsOf([]float32{1, 2}, []float32{3, nan}), []string{"row 1", "column 1", "NaN"}},
		{"infinity", nil, rowsOf([]float32{float32(math.Inf(-1)), 2}), []string{"row 0", "column 0", "-Inf"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := FitPreprocess(c.steps, c.x)
			wantError(t, err, c.want...)
		})
	}

	p, err := FitPreprocess([]string{"sqrt"}, rowsOf([]float32{1, 2}))
	if err != nil {
		t.Fatal(err)
	}

	_, err = p.Apply(rowsOf([]float32{1, 2}, []float32{-3, 2}))
	wantError(t, err, "sqrt", "row 1", "column 0")

	if p, err = FitPreprocess([]string{"center"}, rowsOf([]float32{1, 2})); err != nil {
		t.Fatal(err)
	}
	_, err = p.Apply(rowsOf([]float32{1, 2, 3}))
	wantError(t, err, "fitted on 2 columns, applied to 3")
}

// Rows are preprocessed into memory that is there, to the same bits.
func TestApplyTo(t *testing.T) {
	x := matrix.New(3, 2)
	copy(x.Data, []float32{1, 4, 9, 16, 25, 49})
	p, err := FitPreprocess([]string{"sqrt", "l2", "center"}, x)
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.Apply(x)
	if err != nil {
		t.Fatal(err)
	}
	y := matrix.New(3, 2)
	if err := p.ApplyTo(y, x); err != nil || !slices.Equal(y.Data, want.Data) {
		t.Errorf("%v, want %v, error %v", y.Data, want.Data, err)
	}
	for k := range 2 {
		if sum := y.Row(0)[k] + y.Row(1)[k] + y.Row(2)[k]; math.Abs(float64(sum)) > 1e-6 {
			t.Errorf("column %d is not centred: %v", k, sum)
		}
	}
	if err := p.ApplyTo(matrix.New(2, 2), x); err == nil || !strings.Contains(err.Error(), "3×2 features into 2×2: the shapes must agree") {
		t.Errorf("another shape: %v", err)
	}
}
