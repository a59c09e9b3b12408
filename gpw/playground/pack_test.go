package playground

import (
	"math"
	"slices"
	"testing"
)

// Read by the names of the layout, as the page does, a packed frame is the frame.
func TestPack(t *testing.T) {
	p := loaded(t, Arrangement{Sphere, 3, 3, 2}, "multi_similarity")
	if err := p.Step(); err != nil {
		t.Fatal(err)
	}
	f, err := p.Frame(0)
	if err != nil {
		t.Fatal(err)
	}
	const n = 9
	packed := f.Pack(nil)
	weighted := 0
	for _, g := range f.G {
		if g != 0 {
			weighted++
		}
	}
	if want := len(Packed.Header) + n*len(Packed.Point) + n*n*len(Packed.Planes); len(packed) != want {
		t.Fatalf("%d numbers are packed, want %d", len(packed), want)
	}

	for name, want := range map[string]float64{
		"loss": f.Loss, "steps": 1, "pairs": n * (n - 1), "kept": float64(f.KeptPairs), "weighted": float64(weighted), "violations": float64(f.Violations),
		"weights": f.Weights, "lines": f.Lines, "forces": f.Forces,
	} {
		if got := packed[slices.Index(Packed.Header, name)]; got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}

	point := func(i int, name string) float64 {
		return packed[len(Packed.Header)+i*len(Packed.Point)+slices.Index(Packed.Point, name)]
	}
	for i, want := range f.Points {
		got := Point{
			At: [3]float64{point(i, "x"), point(i, "y"), point(i, "z")}, Force: [3]float64{point(i, "fx"), point(i, "fy"), point(i, "fz")},
			Size: point(i, "size"), Azimuth: point(i, "azimuth"), Elevation: point(i, "elevation"),
		}
		if got != want {
			t.Errorf("point %d is %+v, want %+v", i, got, want)
		}
	}

	plane := func(name string, k int) float64 {
		return packed[len(Packed.Header)+n*len(Packed.Point)+slices.Index(Packed.Planes, name)*n*n+k]
	}
	for k := range n * n {
		for name, want := range map[string]float64{"S": f.S[k], "N": f.N[k], "P": f.P[k], "G": f.G[k], "both": f.Both[k]} {
			if got := plane(name, k); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("%s of pair %d is %v, want %v", name, k, got, want)
			}
		}
		switch got := plane("keep", k); {
		case k%(n+1) == 0:
			if !math.IsNaN(got) {
				t.Errorf("a point is kept with itself: %v", got)
			}
		case (got == 1) != f.Kept[k], got != 0 && got != 1:
			t.Errorf("pair %d is kept: %v, want %v", k, got, f.Kept[k])
		}
	}
	if f.KeptPairs == 0 || f.KeptPairs == n*(n-1) {
		t.Errorf("%d pairs are kept, so the test sees one kind only", f.KeptPairs)
	}
}
