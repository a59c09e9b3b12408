package report

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// principal projects n rows of d values on the two directions of their largest variance,
// x and y after each other, and returns the shares of the variance that these have. The
// sign of a direction is that of its largest coordinate. It is an error if the rows are
// fewer than three, or equal.
func principal(x []float64, n, d int) (plane []float64, shares [2]float64, err error) {
	if n < 3 || d < 2 {
		return nil, shares, errors.New("a map needs three rows of two dimensions")
	}
	var pc stat.PC
	if !pc.PrincipalComponents(mat.NewDense(n, d, x), nil) {
		return nil, shares, errors.New("their directions of largest variance could not be computed")
	}
	variances := pc.VarsTo(nil)
	total := 0.0
	for _, v := range variances {
		total += v
	}
	if !(total > float64(d)*1e-24) {
		return nil, shares, errors.New("the rows are equal")
	}
	var directions mat.Dense
	pc.VectorsTo(&directions)

	means := make([]float64, d)
	for i := range n {
		for k := range d {
			means[k] += x[i*d+k] / float64(n)
		}
	}
	plane = make([]float64, 2*n)
	for a := range 2 {
		if a >= len(variances) {
			break
		}
		shares[a] = variances[a] / total
		sign, largest := 1.0, 0.0
		for k := range d {
			if v := directions.At(k, a); math.Abs(v) > largest*(1+1e-9) {
				largest, sign = math.Abs(v), math.Copysign(1, v)
			}
		}
		for i := range n {
			for k := range d {
				plane[2*i+a] += sign * (x[i*d+k] - means[k]) * directions.At(k, a)
			}
		}
	}
	return plane, shares, nil
}

const (
	maxPerplexity    = 30.0
	fewestNeighbours = 10  // rows from which on t-SNE is drawn
	neighbourSteps   = 350 // of descent
	early            = 100 // of these, with attraction exaggerated
	exaggeration     = 12.0
)

// neighbours projects n rows of d values into the plane so that near rows stay near:
// t-SNE of van der Maaten and Hinton, JMLR 2008, with all pairs and with the optimizer of
// its authors' code. It starts from a projection of principal and has no random numbers,
// so equal rows give equal places. It takes n² numbers of memory, which is why its rows
// are a sample.
func neighbours(x []float64, n, d int, perplexity float64, start []float64) []float64 {
	p := affinities(x, n, d, perplexity)
	y, velocity, gain := make([]float64, 2*n), make([]float64, 2*n), make([]float64, 2*n)
	spread := 0.0
	for _, v := range start {
		spread = max(spread, math.Abs(v))
	}
	for k, v := range start {
		y[k], gain[k] = 1e-2*v/spread, 1
	}

	rate := max(float64(n)/exaggeration/4, 50)
	gradient := make([]float64, 2*n)
	q := make([]float64, n*n)
	for step := range neighbourSteps {
		momentum, pull := 0.8, 1.0
		if step < early {
			momentum, pull = 0.5, exaggeration
		}
		slope(gradient, q, p, y, n, pull)
		for k, g := range gradient {
			if (g > 0) == (velocity[k] > 0) {
				gain[k] = max(0.8*gain[k], 0.01)
			} else {
				gain[k] += 0.2
			}
			velocity[k] = momentum*velocity[k] - rate*gain[k]*g
			y[k] += velocity[k]
		}
		centre(y)
	}
	return y
}

// slope is the gradient of the divergence of the similarities of the places y from p.
func slope(gradient, q, p, y []float64, n int, pull float64) {
	total := 0.0
	for i := range n {
		for j := range i {
			dx, dy := y[2*i]-y[2*j], y[2*i+1]-y[2*j+1]
			v := 1 / (1 + dx*dx + dy*dy)
			q[i*n+j] = v
			total += 2 * v
		}
	}
	clear(gradient)
	for i := range n {
		for j := range i {
			v := q[i*n+j]
			f := 4 * (pull*p[i*n+j] - v/total) * v
			fx, fy := f*(y[2*i]-y[2*j]), f*(y[2*i+1]-y[2*j+1])
			gradient[2*i] += fx
			gradient[2*i+1] += fy
			gradient[2*j] -= fx
			gradient[2*j+1] -= fy
		}
	}
}

func centre(y []float64) {
	n := float64(len(y) / 2)
	mx, my := 0.0, 0.0
	for i := 0; i < len(y); i += 2 {
		mx, my = mx+y[i]/n, my+y[i+1]/n
	}
	for i := 0; i < len(y); i += 2 {
		y[i], y[i+1] = y[i]-mx, y[i+1]-my
	}
}

// affinities are the joint probabilities of the pairs, of which each row's have the given
// perplexity.
func affinities(x []float64, n, d int, perplexity float64) []float64 {
	p := make([]float64, n*n)
	distance := make([]float64, n)
	for i := range n {
		for j := range n {
			sum := 0.0
			for k := range d {
				v := x[i*d+k] - x[j*d+k]
				sum += v * v
			}
			distance[j] = sum
		}
		conditional(p[i*n:(i+1)*n], distance, i, math.Log(perplexity))
	}
	for i := range n {
		for j := range i {
			v := max((p[i*n+j]+p[j*n+i])/(2*float64(n)), 1e-12)
			p[i*n+j], p[j*n+i] = v, v
		}
	}
	return p
}

// conditional makes the probabilities of the neighbours of row i, whose entropy is found
// by halving an interval of the precision.
func conditional(p, distance []float64, i int, entropy float64) {
	nearest := math.Inf(1)
	for j, v := range distance {
		if j != i {
			nearest = min(nearest, v)
		}
	}
	low, high, precision := 0.0, math.Inf(1), 1.0
	for range 60 {
		sum, weighted := 0.0, 0.0
		for j, v := range distance {
			p[j] = 0
			if j != i {
				p[j] = math.Exp(-precision * (v - nearest))
				sum += p[j]
				weighted += p[j] * (v - nearest)
			}
		}
		for j := range p {
			p[j] /= sum
		}
		off := math.Log(sum) + precision*weighted/sum - entropy
		if math.Abs(off) < 1e-6 {
			return
		}
		if off > 0 {
			low = precision
			if math.IsInf(high, 1) {
				precision *= 2
			} else {
				precision = (low + high) / 2
			}
		} else {
			high = precision
			precision = (low + high) / 2
		}
	}
}
