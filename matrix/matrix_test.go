package matrix

import "testing"

func TestCheck(t *testing.T) {
	good, err := Of(2, 3, make([]float32, 6))
	if err != nil || good.Check() != nil || New(0, 4).Check() != nil || good.Columns(1, 3).Check() != nil {
		t.Errorf("a good matrix is refused: %v, %v", err, good.Check())
	}
	if _, err := Of(2, 3, make([]float32, 5)); err == nil {
		t.Error("5 numbers are taken for 2×3")
	}
	for _, bad := range []Matrix{
		{Rows: 6, Cols: 3, Stride: 3}, {Rows: -1, Cols: 3}, {Rows: 2, Cols: 3, Stride: 2, Data: make([]float32, 6)},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
