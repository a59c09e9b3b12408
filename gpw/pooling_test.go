package gpw_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// N and P of every pooling are what they are said to be, in the slow way; also where one similarity outweighs the others by e^80.
func TestPooledSimilarities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, m, _, labels, s := draw(t)
		scale := rapid.SampledFrom([]float64{0.5, 1, 40, 80}).Draw(t, "scale")
		b, err := losses.NewBatch(s, labels)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range gpw.FromGradientPooled(b, make([]float64, m*m), gpw.Pooling{Scale: scale}).Pairs {
			pooled := func(positive bool, sign float64) float64 {
				most, sum, n := math.Inf(-1), 0.0, 0.0
				for pass := range 2 {
					for k := range m {
						if k == p.Anchor || k == p.Candidate || (labels[k] == labels[p.Anchor]) != positive {
							continue
						}
						v := sign * scale * s[p.Anchor*m+k]
						if pass == 0 {
							most = max(most, v)
						} else {
							sum, n = sum+math.Exp(v-most), n+1
						}
					}
				}
				return p.S - sign*(most+math.Log(sum/n))/scale
			}
			if n, pos := pooled(false, 1), pooled(true, -1); !close(p.N, n) || !close(p.P, pos) {
				t.Fatalf("pair %+v at scale %v, want N %v and P %v", p, scale, n, pos)
			}
		}
	})
}

// Why log-sum-exp: at the scale of a loss its weight is a function of N alone, or of P alone, or of S and N. Eqs. 7, 8, 13 and 14 of
// Wang et al., CVPR 2019, with N and P put in.
func TestWeightsOfScaleAreFunctionsOfN(t *testing.T) {
	s := []float64{
		1.0, 0.7, 0.5, 0.2, 0.6, -0.3,
		0.7, 1.0, 0.4, 0.1, 0.3, 0.55,
		0.5, 0.4, 1.0, 0.45, 0.0, 0.25,
		0.2, 0.1, 0.45, 1.0, 0.8, 0.35,
		0.6, 0.3, 0.0, 0.8, 1.0, 0.65,
		-0.3, 0.55, 0.25, 0.35, 0.65, 1.0,
	}
	const m = 6
	const otherNegatives, otherPositives = 2, 1 // beside the pair, of every anchor
	const alpha, beta, lambda = 2, 40, 0.5
	b, err := losses.NewBatch(s, []int{0, 0, 0, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	read := func(l losses.Loss, scale float64) []gpw.Pair {
		g := make([]float64, m*m)
		l.Eval(b, g)
		return gpw.FromGradientPooled(b, g, gpw.Pooling{Scale: scale}).Pairs
	}
	lifted := losses.Mean(losses.LiftedStructure{Lambda: 5}) // a margin at which the hinge of every anchor is active
	ms := losses.Mean(losses.MultiSimilarity{Alpha: alpha, Beta: beta, Lambda: lambda})
	for _, test := range []struct {
		name     string
		pairs    []gpw.Pair
		positive bool
		want     func(gpw.Pair) float64
	}{
		{"lifted, negatives (8)", read(lifted, 1), false, func(p gpw.Pair) float64 { return 1 / (1 + otherNegatives*math.Exp(-p.N)) }},
		{"lifted, positives (7)", read(lifted, 1), true, func(p gpw.Pair) float64 { return 1 / (1 + otherPositives*math.Exp(p.P)) }},
		{"Multi-Similarity, negatives (13)", read(ms, beta), false, func(p gpw.Pair) float64 {
			return 1 / (math.Exp(beta*(lambda-p.S)) + 1 + otherNegatives*math.Exp(-beta*p.N))
		}},
		{"Multi-Similarity, positives (14)", read(ms, alpha), true, func(p gpw.Pair) float64 {
			return 1 / (math.Exp(alpha*(p.S-lambda)) + 1 + otherPositives*math.Exp(alpha*p.P))
		}},
	} {
		for _, p := range test.pairs {
			if p.Positive == test.positive && !close(m*p.Weight(), test.want(p)) {
				t.Errorf("%s: m·w of %+v is %v, want %v", test.name, p, m*p.Weight(), test.want(p))
			}
		}
	}
}

// Of equal similarities every pooling is that similarity.
func TestPoolingsAgreeOnEqualSimilarities(t *testing.T) {
	s := make([]float64, 36)
	for k := range s {
		s[k] = 0.25
	}
	b, err := losses.NewBatch(s, []int{0, 0, 0, 1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []float64{0, 1e-3, 1, 40} {
		for _, p := range gpw.FromGradientPooled(b, s, gpw.Pooling{Scale: scale}).Pairs {
			if math.Abs(p.N) > 1e-12 || math.Abs(p.P) > 1e-12 {
				t.Fatalf("scale %v: pair %+v, want N = P = 0", scale, p)
			}
		}
	}
}

func TestParsePooling(t *testing.T) {
	for text, scale := range map[string]float64{"mean": 0, "log_sum_exp": 40, "log_sum_exp:2.5": 2.5} {
		p, err := gpw.ParsePooling(text)
		if err != nil || p.Scale != scale {
			t.Errorf("%s: %v, %v", text, p, err)
		}
		if again, err := gpw.ParsePooling(p.String()); err != nil || again != p {
			t.Errorf("%s is written %s, which reads %v, %v", text, p, again, err)
		}
	}
	for text, want := range map[string]string{
		"max": `unknown pooling "max"; known: mean`, "mean:2": "unknown pooling", "": "unknown pooling", "log_sum_exp:": "is not a number above 0",
		"log_sum_exp:-1": "is not a number above 0", "log_sum_exp:NaN": "is not a number above 0", "log_sum_exp:Inf": "is not a number above 0",
	} {
		if _, err := gpw.ParsePooling(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}
