package losses

import (
	"math"
	"strings"
	"testing"
)

// TestProxyGoldens compares the comparators with their goldens: batch A against one
// proxy a class, or two centres, or for Proxy-Anchor the proxies against the batch.
func TestProxyGoldens(t *testing.T) {
	all := readGoldens(t)
	batch := all.Batches["A"]
	compared := map[string]bool{}
	for _, spec := range ProxyLosses {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			t.Run(name, func(t *testing.T) {
				key := strings.TrimPrefix(p.Oracle, "golden ")
				want, ok := all.Proxies.Losses[key]
				if !ok {
					t.Fatalf("no golden %q", key)
				}
				compared[key] = true
				proxies, classes := all.Proxies.Raw, []int{0, 1, 2}
				if spec.Name == "soft_triple" {
					proxies, classes = all.Proxies.Centers, []int{0, 0, 1, 1, 2, 2}
				}
				choice, err := Choose(ProxyLosses, name)
				if err != nil {
					t.Fatal(err)
				}
				loss, err := choice.Loss()
				if err != nil {
					t.Fatal(err)
				}
				m, n := len(batch.Labels), len(classes)
				c := cosines(batch.X, proxies)
				b, err := NewCross(c, batch.Labels, classes, nil)
				at := func(i, j int) int { return i*n + j }
				if spec.Name == "proxy_anchor" {
					b, err = NewCross(cosines(proxies, batch.X), classes, batch.Labels, nil)
					at = func(i, j int) int { return j*m + i }
				}
				if err != nil {
					t.Fatal(err)
				}
				g := make([]float64, m*n)
				if value := loss.Eval(b, g); !near(value, want.Value) {
					t.Errorf("L = %.15g, want %.15g", value, want.Value)
				}
				for i := range m {
					for j := range n {
						if got, w := g[at(i, j)], want.G[i][j]; math.Abs(got-w) > 1e-11*max(1, math.Abs(w)) {
							t.Errorf("G = %.15g at %d, %d, want %.15g", got, i, j, w)
						}
					}
				}
			})
		}
	}
	for key := range all.Proxies.Losses {
		if !compared[key] {
			t.Errorf("golden %s is compared with nothing", key)
		}
	}
}

// cosines returns the cosine similarities of the rows of x and y.
func cosines(x, y [][]float64) []float64 {
	inner := func(a, b []float64) float64 {
		sum := 0.0
		for k := range a {
			sum += a[k] * b[k]
		}
		return sum
	}
	var s []float64
	for _, a := range x {
		for _, b := range y {
			s = append(s, inner(a, b)/math.Sqrt(inner(a, a)*inner(b, b)))
		}
	}
	return s
}

// TestProxyWithoutPositives: a proxy whose class is not in the batch counts in the mean
// of the negatives, and not in that of the positives.
func TestProxyWithoutPositives(t *testing.T) {
	b, err := NewCross([]float64{0.5, 0.25}, []int{1, 2}, []int{1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := math.Log1p(math.Exp(-2*(0.5-0.1))) + math.Log1p(math.Exp(2*(0.25+0.1)))/2
	if value := MeanPerSide(ProxyAnchor{Margin: 0.1, Alpha: 2}).Eval(b, make([]float64, 2)); math.Abs(value-want) > 1e-15 {
		t.Errorf("L = %v, want %v", value, want)
	}
}
