package output

import (
	"bytes"
	"errors"
	"iter"
	"math"
	"slices"
	"strconv"
	"testing"
)

// TestLines: rows that are written as they come have the bytes of a grid.
func TestLines(t *testing.T) {
	names := []string{"=1", "a,b", `"q"`, "", "x_ y", "-0.5", "a|b", " s", "Ħ", "Đ"} // the last need definitions in LaTeX
	for _, format := range GridFormats {
		for _, rows := range []int{0, 1, 3000} {
			g := &Grid{Header: []string{"a_b", "S", "positive", "=c"}}
			var got, want bytes.Buffer
			l, err := NewLines(&got, format, g.Header, slices.Values(names[:min(rows, len(names))]))
			if err != nil {
				t.Fatal(err)
			}
			for k := range rows {
				v := []float64{0, math.Copysign(0, -1), -1e-300, 1e21, 0.1, math.NaN(), math.Inf(-1)}[k%7]
				name := names[k%len(names)]
				g.Add(strconv.Itoa(k), Exact(v), strconv.FormatBool(k%2 == 0), name)
				l.Int(k)
				l.Float(v)
				l.Bool(k%2 == 0)
				l.Text(name)
			}
			if err := errors.Join(l.Close(), g.Write(&want, format)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("%d rows of %s differ: %.300s, want %.300s", rows, format, got.Bytes(), want.Bytes())
			}
		}
	}

	if _, err := NewLines(new(bytes.Buffer), "text", nil, nil); err == nil {
		t.Error("text is written as it comes, and its widths are not known")
	}
	l, _ := NewLines(new(bytes.Buffer), "csv", []string{"a", "b"}, nil)
	l.Int(1)
	if l.Close() == nil {
		t.Error("half a row is no error")
	}
}

// A fullAfter fails once it has so many bytes.
type fullAfter struct{ left int }

func (f *fullAfter) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errors.New("no space")
	}
	return len(b), nil
}

func TestPartsFail(t *testing.T) {
	l, err := NewLines(&fullAfter{1 << 16}, "csv", []string{"a"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 1 << 16 {
		l.Int(k)
	}
	if l.Err() == nil || l.Close() == nil {
		t.Error("a full disk is no error of lines")
	}

	parts := 0
	err = JSONList(&fullAfter{10}, func(yield func(any) bool) {
		for parts < 100 && yield([]int{parts}) {
			parts++
		}
	})
	if err == nil || parts > 10 {
		t.Errorf("a full disk is met after %d parts, error %v", parts, err)
	}
	if JSONList(new(bytes.Buffer), of([]float64{math.NaN()})) == nil {
		t.Error("NaN is JSON")
	}
}

func of[T any](parts ...[]T) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, p := range parts {
			if !yield(p) {
				return
			}
		}
	}
}

// TestObject: an object in parts has the bytes of the whole one.
func TestObject(t *testing.T) {
	type head struct {
		Name string  `json:"name"`
		Note string  `json:"note,omitempty"`
		V    float64 `json:"v"`
	}
	type tail struct {
		Last string `json:"last"`
	}
	type item struct {
		A int      `json:"a"`
		B *float64 `json:"b"`
	}
	type whole struct {
		head
		List []item `json:"list"`
		tail
		Empty []int `json:"empty"`
	}
	h, end := head{Name: "<\u202e&β", V: 1e-7}, tail{"}]"}
	items := []item{{1, nil}, {2, OrNull(0.5)}, {3, nil}}

	var got, want bytes.Buffer
	o := NewObject(&got)
	o.Members(h)
	o.List("list", of(items[:1], items[1:1], items[1:]))
	o.Members(end)
	o.List("empty", of([]int{}))
	if err := errors.Join(o.Close(), JSON(&want, whole{h, items, end, []int{}}, "")); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() {
		t.Errorf("%s, want %s", got.String(), want.String())
	}

	got.Reset()
	want.Reset()
	if err := errors.Join(JSONList(&got, of(items[:2], items[2:])), JSON(&want, slices.Clone(items), "")); err != nil || got.String() != want.String() {
		t.Errorf("%s, want %s, error %v", got.String(), want.String(), err)
	}
}
