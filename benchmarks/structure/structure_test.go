package structure

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/matrix"
)

type reference struct {
	Name   string
	Rows   [][]float64
	Labels []int

	Alignment, Uniformity, Intra, Inter, Ratio, Decay float64
	SingularValues                                    []float64 `json:"singular_values"`
	EffectiveRank                                     float64   `json:"effective_rank"`
}

func pairs(t *testing.T, rows [][]float64, labels []int) *retrieval.Pairs {
	v, err := retrieval.Float64(len(rows), len(rows[0]), slices.Concat(rows...))
	if err != nil {
		t.Fatal(err)
	}
	p, err := retrieval.PairsOf(v, labels)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// All figures are those of NumPy and SciPy, from the definitions.
func TestReferences(t *testing.T) {
	data, err := os.ReadFile("testdata/structure.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []reference }
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) == 0 {
		t.Fatal(len(file.Cases), err)
	}

	for _, r := range file.Cases {
		p := pairs(t, r.Rows, r.Labels)
		near := func(what string, got, want float64, err error) {
			if err != nil || math.Abs(got-want) > 1e-11*max(1, math.Abs(want)) {
				t.Errorf("%s: %s %v, %v; want %v", r.Name, what, got, err, want)
			}
		}

		a, err := Alignment(p)
		near("alignment", a, r.Alignment, err)
		u, err := Uniformity(t.Context(), p, 0)
		near("uniformity", u.Value, r.Uniformity, err)
		d, err := ClassDistances(p)
		near("intra", d.Intra, r.Intra, err)
		near("inter", d.Inter, r.Inter, err)
		near("ratio", d.Ratio, r.Ratio, err)

		values, err := SingularValues(t.Context(), p, 0)
		if len(values) != len(r.SingularValues) {
			t.Fatalf("%s: %d singular values, want %d", r.Name, len(values), len(r.SingularValues))
		}
		for k, v := range values {
			near("singular value", v, r.SingularValues[k], err)
		}
		rho, err := Decay(values)
		near("decay", rho, r.Decay, err)
		near("effective rank", EffectiveRank(values), r.EffectiveRank, nil)
	}
}

// float32 gives the sum of float64 within its bound, and no bit depends on the workers.
func TestSumsOfUniformity(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := matrix.New(700, 40)
	for k := range x.Data {
		x.Data[k] = float32(r.NormFloat64())
	}
	p, err := retrieval.PairsOf(retrieval.Float32(x), make([]int, 700))
	if err != nil {
		t.Fatal(err)
	}

	wide, err := wideSum(t.Context(), p, 1)
	if err != nil {
		t.Fatal(err)
	}
	narrow, err := narrowSum(t.Context(), p, 1)
	if err != nil || math.Abs(math.Log(narrow/wide)) > 1e-6 || narrow == wide {
		t.Errorf("float32 %v, float64 %v, %v", narrow, wide, err)
	}
	for _, workers := range []int{2, 3} {
		if again, _ := wideSum(t.Context(), p, workers); again != wide {
			t.Errorf("%d workers: %v in float64, want %v", workers, again, wide)
		}
		if again, _ := narrowSum(t.Context(), p, workers); again != narrow {
			t.Errorf("%d workers: %v in float32, want %v", workers, again, narrow)
		}
	}
	one, _ := SingularValues(t.Context(), p, 1)
	if several, _ := SingularValues(t.Context(), p, 3); !slices.Equal(one, several) {
		t.Error("singular values depend on the number of workers")
	}
}

// What a set has not is said, and the rest has its value: no NaN, no infinity.
func TestEdges(t *testing.T) {
	for _, test := range []struct {
		name   string
		rows   [][]float64
		labels []int

		alignment, uniformity, ratio, decay string // the error, or empty
		rank                                float64
	}{
		{"one row", [][]float64{{3, 4}}, []int{0}, "no positive pair", "one row", "one class", "", 1},
		{"one class", [][]float64{{1, 0}, {0, 1}}, []int{5, 5}, "", "", "one class", "", 2},
		{"one row per class", [][]float64{{1, 0}, {0, 1}}, []int{1, 2}, "no positive pair", "", "no distance within", "", 2},
		{"equal rows", [][]float64{{1, 2}, {1, 2}, {1, 2}, {1, 2}}, []int{0, 0, 1, 1}, "", "", "cannot tell", "span 1 of 2", 1},
		{"one dimension", [][]float64{{1}, {-2}, {3}, {-4}}, []int{0, 1, 0, 1}, "", "", "", "", 1},
		{"opposite rows of a class", [][]float64{{1, 0}, {-1, 0}, {0, 1}}, []int{0, 0, 1}, "", "", "has no direction", "", math.Exp(math.Log(1+math.Sqrt2) - math.Sqrt2/(1+math.Sqrt2)*math.Log(math.Sqrt2))},
	} {
		p := pairs(t, test.rows, test.labels)
		check := func(what string, v float64, err error, want string) {
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) || v-v != 0 {
				t.Errorf("%s: %s %v, error %v; want %q", test.name, what, v, err, want)
			}
		}

		a, err := Alignment(p)
		check("alignment", a, err, test.alignment)
		u, err := Uniformity(nil, p, 0) //nolint:staticcheck // nil never ends
		check("uniformity", u.Value, err, test.uniformity)
		d, err := ClassDistances(p)
		check("ratio", d.Ratio, err, test.ratio)
		values, err := SingularValues(nil, p, 0) //nolint:staticcheck // nil never ends
		check("singular values", values[0], err, "")
		rho, err := Decay(values)
		check("decay", rho, err, test.decay)
		if rank := EffectiveRank(values); math.Abs(rank-test.rank) > 1e-12 {
			t.Errorf("%s: effective rank %v, want %v", test.name, rank, test.rank)
		}
	}
}

func TestEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := pairs(t, [][]float64{{1, 0}, {0, 1}, {1, 1}}, []int{0, 0, 1})
	if _, err := Uniformity(ctx, p, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("uniformity: %v", err)
	}
	if _, err := SingularValues(ctx, p, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("singular values: %v", err)
	}
}
