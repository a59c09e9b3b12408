package losses

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// references is testdata/references.json: values and gradients of every loss on extreme but legal input, in arithmetic of several hundred
// digits. testdata/README.md says how they came about.
type references struct {
	Batches map[string]referenceBatch
	Cases   []referenceCase
}

type referenceBatch struct {
	Anchors, Candidates, Self []int
	S, Means                  string // hexadecimal numbers
}

type referenceCase struct {
	Loss, Batch, Value, G string
	Change                map[string]any
}

// precise is the relative error that every value and every entry of G keeps.
const precise = 1e-12

// TestReferences holds every loss of both catalogues to the references. Every number counts by its own relative error, however small it is
// beside the others; what is below 1e-300 may be lost to underflow.
func TestReferences(t *testing.T) {
	all := readReferences(t)
	worst := map[string]float64{}
	for _, c := range all.Cases {
		b := all.Batches[c.Batch].batch(t)
		value, g := evaluateOn(c.lossOf(t), b)
		off, where := relativeError(value, number(t, c.Value)), "L"
		for k, w := range strings.Fields(c.G) {
			if e := relativeError(g[k], number(t, w)); e > off {
				off, where = e, "G at "+strconv.Itoa(k/b.n)+", "+strconv.Itoa(k%b.n)+": "+strconv.FormatFloat(g[k], 'g', -1, 64)+" for "+w
			}
		}
		worst[c.Loss] = max(worst[c.Loss], off)
		if off > precise {
			t.Errorf("%s %v on the batch %q: L = %v for %s; the relative error is %.2g of %s", c.Loss, c.Change, c.Batch, value, c.Value, off, where)
		}
	}
	for _, spec := range slices.Concat(Catalogue, Comparators) {
		for _, p := range spec.Presets {
			off, ok := worst[spec.Name+"."+p.Name]
			if !ok {
				t.Errorf("%s.%s has no reference", spec.Name, p.Name)
			}
			t.Logf("%-36s %.1e", spec.Name+"."+p.Name, off)
		}
	}
}

// relativeError is 0 for equal numbers, and where both are next to nothing.
func relativeError(got, want float64) float64 {
	if off := math.Abs(got - want); off > 1e-300 || math.IsNaN(off) {
		return off / math.Abs(want)
	}
	return 0
}

func readReferences(t *testing.T) references {
	t.Helper()
	bytes, err := os.ReadFile("testdata/references.json")
	if err != nil {
		t.Fatal(err)
	}
	var all references
	if err := json.Unmarshal(bytes, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (r referenceBatch) batch(t *testing.T) *Batch {
	t.Helper()
	s := numbers(t, r.S)
	b, err := NewCross(s, r.Anchors, r.Candidates, r.Self)
	if err == nil && b.IsSquare() {
		err = b.Reset(s, r.Anchors)
	}
	if err != nil {
		t.Fatal(err)
	}
	if means := numbers(t, r.Means); len(means) == b.m && len(means) == b.n {
		b.SetMeans(means, means)
	}
	return b
}

func (c referenceCase) lossOf(t *testing.T) Loss {
	t.Helper()
	choice, err := Choose(slices.Concat(Catalogue, Comparators), c.Loss)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range c.Change {
		for _, p := range Parameters(choice.Value) {
			if _, whole := p.Value.(int); whole && p.Name == name {
				v = int(v.(float64))
			}
		}
		if choice.Value, err = With(choice.Value, name, v); err != nil {
			t.Fatal(err)
		}
	}
	l, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func numbers(t *testing.T, text string) []float64 {
	t.Helper()
	var all []float64
	for _, field := range strings.Fields(text) {
		all = append(all, number(t, field))
	}
	return all
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
