package figures

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/internal/arrays"
	"gpwbench/losses"
)

// TestPairsOfAFile: figures of pairs that are read from a file have the bytes of those in
// memory, in every view and under either pooling, also where anchors have no positive.
func TestPairsOfAFile(t *testing.T) {
	fixed, err := FixedBatch()
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{1, 0, 0.9, 0.1, -1, 0.2, 0.3, 0.7, 0.1, 1, -0.4, -0.4}
	small, err := gpw.Batch(x, 6, 2, []int{7, 7, -2, 7, -2, 5})
	if err != nil {
		t.Fatal(err)
	}

	var all []Loss
	for _, name := range []string{"contrastive", "multi_similarity", "circle", "nca"} {
		choice, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Loss{Label: choice.Spec.Title, Choice: choice})
	}

	drawn := func(b *Batch, view string, pooling gpw.Pooling) []byte {
		t.Helper()
		of := all
		if view == CompareView {
			of = all[:2]
		}
		scatters, err := b.Scatters(t.Context(), of, pooling)
		if err != nil {
			t.Fatal(err)
		}
		if read := scatters[0].Pairs == nil; read != (heldPairs == 0) {
			t.Fatalf("pairs are read: %v", read)
		}
		figures, err := Layout{View: view, Subject: "x"}.Scatters(scatters)
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		for _, f := range figures {
			for _, format := range []string{"svg", "csv"} {
				data, err := Encode(f.Figure, format)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(data)
			}
		}
		return all.Bytes()
	}

	defer func(held int) { heldPairs = held }(heldPairs)
	for name, b := range map[string]*Batch{"fixed": fixed, "small": {Batch: small, Name: "small"}} {
		views := Views
		if name == "fixed" { // whose panels are images, which take long
			views = []string{OverviewView}
		}
		for _, pooling := range []gpw.Pooling{{}, {Scale: 10}} {
			for _, view := range views {
				heldPairs = math.MaxInt
				want := drawn(b, view, pooling)
				heldPairs = 0
				if got := drawn(b, view, pooling); !bytes.Equal(got, want) {
					t.Errorf("%s, view %s, pooling %v: another figure", name, view, pooling)
				}
			}
		}
	}
}

// Pairs that cannot be read any more end in an error and not in a panic.
func TestGuard(t *testing.T) {
	file, err := arrays.NewRows64(3)
	if err != nil {
		t.Fatal(err)
	}
	rows := &keptRows{file: file, n: 3} // of which the file has none
	err = Guard(func() error {
		rows.read(0)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("the error is %v", err)
	}

	defer func() {
		if p := recover(); p != "another" {
			t.Errorf("another panic became %v", p)
		}
	}()
	_ = Guard(func() error { panic("another") })
}
