package losses

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSNRGradient: G and the gradient by the means together are the golden's gradient
// by the vectors before they were normalised.
func TestSNRGradient(t *testing.T) {
	all := readGoldens(t)
	golden := all.Losses["snr_contrastive"]
	for name, want := range map[string][][]float64{"A": golden.A.GradRaw, "B": golden.B.GradRaw} {
		batch := all.Batches[name]
		b := vectorBatch(t, flat(batch.S), batch.X, batch.Labels)
		_, g := evaluateOn(lossOf(t, "snr_contrastive.pml", nil, nil), b)
		byAnchors, byCandidates := b.MeansGradient()
		m := len(batch.Labels)
		for i, x := range batch.X {
			root := math.Sqrt(float64(len(x)))
			gradient, along, norm := make([]float64, len(x)), 0.0, 0.0
			for k := range x {
				gradient[k] = (byAnchors[i] + byCandidates[i]) / root
				for j, y := range batch.X {
					gradient[k] += (g[i*m+j] + g[j*m+i]) * y[k]
				}
				along += gradient[k] * x[k]
				norm += batch.Raw[i][k] * batch.Raw[i][k]
			}
			for k := range x {
				if got := (gradient[k] - along*x[k]) / math.Sqrt(norm); !near(got, want[i][k]) {
					t.Errorf("batch %s: the gradient of vector %d has %.15g, want %.15g", name, i, got, want[i][k])
				}
			}
		}
	}
}

// TestSNRByBruteForce computes the ratio from the variances of vectors, with a miner
// and without, and over a memory.
func TestSNRByBruteForce(t *testing.T) {
	variance := func(x, y []float64) float64 {
		sum, squares := 0.0, 0.0
		for k := range x {
			d := x[k]
			if y != nil {
				d -= y[k]
			}
			sum, squares = sum+d, squares+d*d
		}
		n := float64(len(x))
		return squares/n - sum/n*sum/n
	}
	rng := rand.New(rand.NewPCG(17, 18))
	for trial := range 40 {
		m, n := 3+rng.IntN(4), 7+rng.IntN(5)
		var x [][]float64
		var labels []int
		for range n {
			v := make([]float64, 5)
			for k := range v {
				v[k] = rng.NormFloat64() + 0.5
			}
			x, labels = append(x, unit(v)), append(labels, rng.IntN(3))
		}
		var s, means []float64
		var self []int
		for i := range m {
			s, self = append(s, gram(x)[i*n:(i+1)*n]...), append(self, i)
		}
		for _, v := range x {
			means = append(means, ScaledMean(v))
		}
		b, err := NewCross(s, labels[:m], labels, self)
		if err != nil {
			t.Fatal(err)
		}
		b.SetMeans(means[:m], means)
		miner := map[bool]Miner{true: BatchHardMiner{}}[trial%2 == 1]
		got, _ := evaluateOn(made(SNRContrastive{PosMargin: 0.3, NegMargin: 1.7}.New(miner)), b)

		var sums, counts [2]float64
		for i := range m {
			hardest := [2]int{-1, -1}
			for j := range n {
				if side := sideOf(labels, i, j); j != i && (hardest[side] < 0 || (side == 0) == (s[i*n+j] < s[i*n+hardest[side]])) {
					hardest[side] = j
				}
			}
			for j := range n {
				side := sideOf(labels, i, j)
				if j == i || miner != nil && (hardest[side] != j || hardest[1-side] < 0) {
					continue
				}
				ratio := variance(x[j], x[i]) / variance(x[i], nil)
				if h := [2]float64{ratio - 0.3, 1.7 - ratio}[side]; h > 0 {
					sums[side], counts[side] = sums[side]+h, counts[side]+1
				}
			}
		}
		if want := sums[0]/max(1, counts[0]) + sums[1]/max(1, counts[1]); math.Abs(got-want) > 1e-12*max(1, want) {
			t.Fatalf("L = %v, by brute force %v (miner %v)", got, want, miner)
		}
	}
}

// sideOf is 0 for a positive and 1 for a negative.
func sideOf(labels []int, i, j int) int {
	if labels[i] == labels[j] {
		return 0
	}
	return 1
}

// TestMeansAreAsked: without them the loss says what is missing, also after a batch
// that had some; means of another number are refused.
func TestMeansAreAsked(t *testing.T) {
	loss := lossOf(t, "snr_contrastive", nil, nil)
	b := vectorBatch(t, []float64{1, 0.5, 0.5, 1}, [][]float64{{1, 0}, {0.5, math.Sqrt(0.75)}}, []int{0, 0})
	if value, _ := evaluateOn(loss, b); !(value > 0) {
		t.Errorf("L = %v", value)
	}
	if err := b.Reset([]float64{1, 0.5, 0.5, 1}, []int{0, 0}); err != nil {
		t.Fatal(err)
	}
	for want, f := range map[string]func(){
		"losses: SNR contrastive reads the means of the vectors as well as their similarities: give them to the Batch by SetMeans": func() { evaluateOn(loss, b) },
		"losses: 1 and 2 means for 2 anchors and 2 candidates":                                                                     func() { b.SetMeans([]float64{0}, []float64{0, 0}) },
	} {
		func() {
			defer func() {
				if r := recover(); r != want {
					t.Errorf("panic %v, want %s", r, want)
				}
			}()
			f()
		}()
	}
}

// TestNoSignal: an anchor whose coordinates are all equal adds nothing, and is a
// candidate like any other.
func TestNoSignal(t *testing.T) {
	flatVector, other := []float64{0.6, 0.6, 0.6}, []float64{0.8, -0.3, 0.2}
	x := [][]float64{unit(flatVector), unit(other)}
	value, g := evaluateVectors(t, lossOf(t, "snr_contrastive", nil, nil), gram(x), x, []int{0, 0})
	if g[1] != 0 || !(g[2] < 0) || !(value > 0) {
		t.Errorf("L = %v, G = %v: want a gradient of the second anchor only", value, g)
	}
}
