package losses

import "gpwbench/internal/f64"

// fewPoints is the number of x up to which every pair is taken. Up to it the vector
// functions of package f64 cost less than cells and series.
const fewPoints = 32

// directSums is a [pairSums] over few x. It keeps σ and σ' of every pair for backward.
type directSums struct {
	x      []float64
	met    int       // the number of y so far
	rows   []float64 // for each forward, σ of every x with every y by rows, then all σ'
	scaled []float64 // the z of one x
}

func (p *directSums) reset(x []float64) { p.x, p.met = x, 0 }

// piece returns the rows of n y, the first of which is from.
func (p *directSums) piece(from, n int) (steps, slopes []float64) {
	k := len(p.x)
	if need := 2 * k * (from + n); need > len(p.rows) {
		p.rows = append(p.rows, make([]float64, 2*need-len(p.rows))...)
	}
	return split(p.rows[2*k*from:2*k*(from+n)], k*n)
}

func (p *directSums) forward(y, value, step, slope []float64, perTemperature float64) (from, to int) {
	n := len(y)
	from, to = p.met, p.met+n
	p.met = to
	p.scaled = resize(p.scaled, n)
	steps, slopes := p.piece(from, n)

	for i, x := range p.x {
		ofStep, ofSlope := steps[i*n:(i+1)*n], slopes[i*n:(i+1)*n]
		z := Scaled(p.scaled, y, perTemperature, x)
		if slope != nil {
			step[i], slope[i] = f64.Sigmoid(ofStep, ofSlope, z)
		}
		if value != nil {
			value[i], step[i] = f64.Softplus(z, ofStep, z)
		}
	}

	return from, to
}

func (p *directSums) backward(g, w []float64, from, to int, sigma bool) {
	n := to - from
	rows, slopes := p.piece(from, n)
	if !sigma {
		rows = slopes
	}

	for i, v := range w {
		f64.AddScaled(g, rows[i*n:(i+1)*n], v)
	}
}
