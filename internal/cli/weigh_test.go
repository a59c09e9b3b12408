package cli

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"gpwbench/internal/npy"
	"gpwbench/losses"
)

// TestWeighEveryLoss weighs a batch with rows of all lengths by every preset of the
// catalogue, and compares with the loss evaluated on the cosines taken here.
func TestWeighEveryLoss(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	labels := []int64{0, 1, 0, 2, 1, 0, 2, 3}
	const dim = 5
	x := make([]float64, len(labels)*dim)
	for i := range labels {
		length := math.Exp(2 * rng.NormFloat64())
		for k := range dim {
			x[i*dim+k] = length * rng.NormFloat64()
		}
	}
	s, classes := cosines(x, dim), []int{}
	for _, y := range labels {
		classes = append(classes, int(y))
	}
	dir := t.TempDir()
	write := func(name string, to func(*bytes.Buffer) error) string {
		var b bytes.Buffer
		if err := to(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	embeddings := write("X.npy", func(b *bytes.Buffer) error { return npy.WriteFloat64(b, []int{len(labels), dim}, x) })
	classFile := write("y.npy", func(b *bytes.Buffer) error { return npy.WriteInt64(b, []int{len(labels)}, labels) })

	var means []float64
	for i := range labels {
		row, norm := x[i*dim:(i+1)*dim], 0.0
		for _, v := range row {
			norm += v * v
		}
		means = append(means, losses.ScaledMean(row)/math.Sqrt(norm))
	}
	for _, spec := range losses.Catalogue {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			var out, messages bytes.Buffer
			if code := Main([]string{"weigh", "--loss", name, "--embeddings", embeddings, "--labels", classFile, "--format", "json"}, &out, &messages); code != 0 {
				t.Errorf("%s: exit code %d: %s", name, code, &messages)
				continue
			}
			var got struct {
				Loss     float64
				Gradient [][]float64
				Pairs    []struct {
					Anchor, Candidate int
					Weight            float64
				}
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			choice, err := losses.Choose(losses.Catalogue, name)
			if err != nil {
				t.Fatal(err)
			}
			loss, err := choice.Loss()
			if err != nil {
				t.Fatal(err)
			}
			b, err := losses.NewBatch(s, classes)
			if err != nil {
				t.Fatal(err)
			}
			b.SetMeans(means, means)
			g := make([]float64, len(s))
			value := loss.Eval(b, g)
			largest := 0.0
			for _, v := range g {
				largest = max(largest, math.Abs(v))
			}
			if math.Abs(got.Loss-value) > 1e-12*max(1, math.Abs(value)) || largest == 0 {
				t.Errorf("%s: L = %v, want %v (largest |G| %v)", name, got.Loss, value, largest)
			}
			for k, want := range g {
				if v := got.Gradient[k/len(labels)][k%len(labels)]; math.Abs(v-want) > 1e-11*largest {
					t.Fatalf("%s: G = %v at %d, %d, want %v", name, v, k/len(labels), k%len(labels), want)
				}
			}
			for _, pair := range got.Pairs {
				if want := math.Abs(got.Gradient[pair.Anchor][pair.Candidate]); pair.Weight != want {
					t.Fatalf("%s: the weight of %d, %d is %v, want |G| = %v", name, pair.Anchor, pair.Candidate, pair.Weight, want)
				}
			}
		}
	}
}

// cosines returns the cosine similarities of the rows of x.
func cosines(x []float64, dim int) (s []float64) {
	for i := 0; i < len(x); i += dim {
		for j := 0; j < len(x); j += dim {
			var inner, a, b float64
			for k := range dim {
				inner, a, b = inner+x[i+k]*x[j+k], a+x[i+k]*x[i+k], b+x[j+k]*x[j+k]
			}
			s = append(s, inner/math.Sqrt(a*b))
		}
	}
	return s
}
