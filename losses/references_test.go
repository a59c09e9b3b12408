package losses

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// references is testdata/references.json: values and gradients of every loss on extreme
// but legal input, in arithmetic of several hundred digits. testdata/README.md says how
// they came about.
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
	Kappa                 string // of L and of the entries of G; nil but for the presets in illConditioned
	Change                map[string]any
}

const (
	precise = 1e-12 // the relative error that every value and every entry of G keeps
	perUnit = 8     // times κ·2⁻⁵³, the relative error of those of illConditioned where that is more
)

// illConditioned are the presets that no program can have to twelve digits everywhere,
// and why: κ is by how many units in the last place a result moves if each number on the
// way does by one.
var illConditioned = map[string]string{
	"recall_at_k.official": "G of a positive has differences of the derivatives at two ranks, which are sums of sigmoids, and equal or far from equal",
	"binlifted.scaled":     "the two halves can have either sign and nearly cancel",
}

// TestReferences holds every loss of both catalogues to the references. Every number
// counts by its own relative error, however small it is beside the others; what is below
// 1e-300 may be lost to underflow.
func TestReferences(t *testing.T) {
	all := readReferences(t)
	type record struct {
		off, kappa, units  float64
		all, loose, silent int // numbers; those with a wider bound than precise, and those whose bound says nothing
	}
	worst := map[string]record{}
	for _, c := range all.Cases {
		b := all.Batches[c.Batch].batch(t)
		value, g := evaluateOn(c.lossOf(t), b)
		kappas := numbers(t, c.Kappa)
		if (illConditioned[c.Loss] != "") != (kappas != nil) {
			t.Fatalf("%s: has κ %v, and should not, or should", c.Loss, kappas)
		}
		w := worst[c.Loss]
		for k, want := range append([]string{c.Value}, strings.Fields(c.G)...) {
			got, name := value, "L"
			if k > 0 {
				got, name = g[k-1], fmt.Sprintf("G of anchor %d and candidate %d", (k-1)/b.n, (k-1)%b.n)
			}
			off, bound := relativeError(got, number(t, want)), precise
			w.all++
			if kappas != nil {
				bound = max(bound, perUnit*kappas[k]*0x1p-53)
				if bound > precise {
					w.loose++
				}
				if bound > 1 {
					w.silent++
				}
				w.kappa, w.units = max(w.kappa, kappas[k]), max(w.units, (off-precise)/(kappas[k]*0x1p-53))
			}
			if w.off = max(w.off, off); off > bound {
				t.Errorf("%s %v on the batch %q: %s is %v, want %s: off by %.2g, relatively", c.Loss, c.Change, c.Batch, name, got, want, off)
			}
		}
		worst[c.Loss] = w
	}
	for _, spec := range slices.Concat(Catalogue, ProxyLosses) {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			w, ok := worst[name]
			switch {
			case !ok:
				t.Errorf("%s has no reference", name)
			case w.kappa > 0:
				t.Logf("%-36s relative error up to %.1e, κ up to %.1e, at most %.1f κ·2⁻⁵³ beyond %.0e; %d of %d numbers have the wider bound, %d of them one above 1",
					name, w.off, w.kappa, w.units, precise, w.loose, w.all, w.silent)
			default:
				t.Logf("%-36s relative error up to %.1e", name, w.off)
			}
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
	choice, err := Choose(slices.Concat(Catalogue, ProxyLosses), c.Loss)
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
