package inspect

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Picture is the data of a figure of a subject. What a subject has not is nil.
type Picture struct {
	Sizes           []int     // rows of the classes, descending
	Norms           []float64 // of the rows that are finite and not zero
	Spectrum        []float64 // shares of the variance, descending
	Sampled         int       // rows of the spectrum
	Within, Between []float64 // similarities of sampled pairs
}

// Picture measures what a figure shows of a subject that [Inspect] has measured. The
// spectrum is that of the covariance of rows at length 1, of a sample of at most 1,024.
func (s *Subject) Picture(seed uint64) *Picture {
	p := &Picture{Sizes: slices.Clone(s.sizes)}
	slices.Sort(p.Sizes)
	slices.Reverse(p.Sizes)
	if s.X == nil {
		return p
	}
	for _, i := range s.stats.valid {
		p.Norms = append(p.Norms, s.stats.norms[i])
	}
	p.Within, p.Between = s.similarities(seed)
	sample := newStream(seed, "spectrum").choose(s.stats.valid, spectrumSample)
	p.Sampled, p.Spectrum = len(sample), s.spectrum(sample)
	return p
}

// spectrum returns the eigenvalues of the covariance of rows at length 1 over their sum,
// or nil if they do not vary. There are as many as rows less one, or as columns.
func (s *Subject) spectrum(rows []int) []float64 {
	n, d := len(rows), s.X.D
	if n < 2 || d == 0 {
		return nil
	}
	x := mat.NewDense(n, d, nil)
	mean, buffer := make([]float64, d), make([]float64, d)
	for k, i := range rows {
		for j, v := range s.X.row(i, buffer) {
			u := v / s.stats.norms[i]
			x.Set(k, j, u)
			mean[j] += u / float64(n)
		}
	}
	x.Apply(func(_, j int, v float64) float64 { return v - mean[j] }, x)

	var c mat.SymDense
	if d <= n {
		c.SymOuterK(1, x.T())
	} else {
		c.SymOuterK(1, x)
	}
	var e mat.EigenSym
	if !e.Factorize(&c, false) {
		return nil
	}
	values := e.Values(nil)
	slices.Reverse(values)
	values = values[:min(n-1, d)]
	sum := 0.0
	for k, v := range values {
		values[k] = max(v, 0)
		sum += values[k]
	}
	// Rows that are equal up to rounding do not vary.
	if sum < 1e-12*float64(n) {
		return nil
	}
	for k := range values {
		values[k] /= sum
	}
	return values
}
