package matrix

import "testing"

func TestCheck(t *testing.T) {
	good, err := Of(2, 3, make([]float32, 6))
	if err != nil || good.Check() != nil || New(0, 4).Check() != nil || good.Columns(1, 3).Check() != nil {
		t.Errorf("a good matrix is refused: %v, %v", err, good.Check())
	}
	for _, size := range [][2]int{{2, 3}, {-1, -5}, {1 << 32, 1 << 32}, {1 << 62, 8}} {
		if _, err := Of(size[0], size[1], make([]float32, 5)); err == nil {
			t.Errorf("5 numbers are taken for %d×%d", size[0], size[1])
		}
	}
	if _, err := Of(1<<32, 1<<32, nil); err == nil {
		t.Error("no numbers are taken for 2⁶⁴")
	}
	for _, bad := range []Matrix{
		New(-1, 3), New(3, -1), New(-1, -1), New(-1, 0), New(1<<32, 1<<32), {Rows: 1 << 62, Cols: 1, Stride: 4},
		{Rows: 6, Cols: 3, Stride: 3}, {Rows: -1, Cols: 3}, {Rows: 2, Cols: 3, Stride: 2, Data: make([]float32, 6)},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v is taken", bad)
		}
		if bad.Clone().Check() == nil {
			t.Errorf("a copy of %+v is taken", bad)
		}
	}
}
