package search

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// Generation is the number of trials that are proposed from the same results. All of
	// them may run at the same time.
	Generation = 5

	// quasiRandom is the share of the trials that are quasi-random, the first included.
	quasiRandom = 0.4

	// good is the share of the trials whose density is the numerator of what a candidate
	// is worth.
	good = 0.25

	// candidates are drawn for each proposal.
	candidates = 64

	// leastWidth of a kernel, in parts of the range.
	leastWidth = 0.05
)

// Propose returns the values of trial k of n. The done trials are those before it, in
// order, of which only whole generations before its own count. Trial 0 has the defaults.
func (s Space) Propose(done []Trial, k, n int, seed uint64) []float64 {
	values := make([]float64, len(s))
	if k == 0 {
		for i, d := range s {
			values[i] = d.Default
		}
		return values
	}

	start := (quasiRandomTrials(n) + Generation - 1) / Generation * Generation
	var u []float64
	if k < start {
		u = halton(k, len(s), seed)
	} else {
		u = s.parzen(done[:min(len(done), k/Generation*Generation)], k, seed)
	}
	for i, d := range s {
		values[i] = d.Value(u[i])
	}
	return values
}

func quasiRandomTrials(n int) int {
	return max(Generation, int(math.Ceil(quasiRandom*float64(n))))
}

// halton is point k of the Halton sequence, moved by a random vector of the seed modulo 1
// (Cranley and Patterson): evenly spread, and other points for another seed.
func halton(k, dim int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 0x68616c746f6e))
	u := make([]float64, dim)
	base := 1
	for i := range u {
		base = nextPrime(base)
		_, u[i] = math.Modf(radicalInverse(k, base) + r.Float64())
	}
	return u
}

func radicalInverse(k, base int) float64 {
	inverse, digit := 0.0, 1.0/float64(base)
	for ; k > 0; k /= base {
		inverse += float64(k%base) * digit
		digit /= float64(base)
	}
	return inverse
}

func nextPrime(after int) int {
	for n := after + 1; ; n++ {
		prime := true
		for d := 2; d*d <= n; d++ {
			prime = prime && n%d != 0
		}
		if prime {
			return n
		}
	}
}

// parzen draws candidates from the density of the good trials, and returns the one whose
// density among the good is highest against that among the others.
func (s Space) parzen(done []Trial, k int, seed uint64) []float64 {
	ranked := slices.Clone(done)
	slices.SortStableFunc(ranked, func(a, b Trial) int { return cmp.Compare(b.Score, a.Score) })
	split := max(1, int(math.Round(good*float64(len(ranked)))))
	above, below := s.density(ranked[:split]), s.density(ranked[split:])

	r := rand.New(rand.NewPCG(seed, uint64(k)))
	var best []float64
	most := math.Inf(-1)
	for range candidates {
		u := above.draw(r)
		if worth := above.log(u) - below.log(u); worth > most {
			best, most = u, worth
		}
	}
	return best
}

// A density is a mixture of a uniform part and of kernels around points, each a product
// of normal densities cut to the unit interval.
type density struct {
	points [][]float64
	widths []float64
}

func (s Space) density(trials []Trial) density {
	d := density{widths: make([]float64, len(s))}
	for _, t := range trials {
		u := make([]float64, len(s))
		for i, dim := range s {
			u[i] = dim.place(t.Values[i])
		}
		d.points = append(d.points, u)
	}

	// Scott's rule, with the deviation of a uniform law, which few points would
	// underestimate.
	n := math.Max(1, float64(len(trials)))
	width := math.Max(leastWidth, math.Sqrt(1.0/12)*math.Pow(n, -1/float64(len(s)+4)))
	for i := range d.widths {
		d.widths[i] = width
	}
	return d
}

// draw returns a point of the density.
func (d density) draw(r *rand.Rand) []float64 {
	u := make([]float64, len(d.widths))
	k := r.IntN(len(d.points) + 1)
	for i, width := range d.widths {
		if k == len(d.points) {
			u[i] = r.Float64()
			continue
		}
		for {
			if u[i] = d.points[k][i] + width*r.NormFloat64(); u[i] >= 0 && u[i] <= 1 {
				break
			}
		}
	}
	return u
}

// log is the logarithm of the density at a point.
func (d density) log(u []float64) float64 {
	sum := 1.0 // the uniform part
	for _, p := range d.points {
		product := 1.0
		for i, width := range d.widths {
			product *= cutNormal(u[i], p[i], width)
		}
		sum += product
	}
	return math.Log(sum / float64(len(d.points)+1))
}

// cutNormal is the density at u of a normal law that is cut to [0, 1].
func cutNormal(u, mean, width float64) float64 {
	z := (u - mean) / width
	within := 0.5 * (math.Erf((1-mean)/(width*math.Sqrt2)) + math.Erf(mean/(width*math.Sqrt2)))
	return math.Exp(-z*z/2) / (width * math.Sqrt(2*math.Pi) * within)
}
