package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// gather sets step to Σ_y σ(z) of every x, slope to Σ_y σ'(z) and value to Σ_y softplus(z) unless one of them is nil. It returns where
// pool.spread finds the y, until the next reset; it finds no σ' of a gather without slope.
func (p *pool) gather(y, value, step, slope []float64) (from, to int) {
	if p.isFew {
		return p.few.gather(y, value, step, slope, p.perTemperature)
	}
	from = len(p.sources)
	nodes, k := len(p.fall), p.terms
	p.node = resize(p.node, 4*nodes)
	steps, rest := split(p.node, nodes)
	slopes, rest := split(rest, nodes)
	logs, products := split(rest, nodes)
	clear(p.node)
	p.far = resize(p.far, (2*k+2)*len(p.cells))
	clear(p.far)
	up, rest := split(p.far, k*len(p.cells))
	down, rest := split(rest, k*len(p.cells))
	count, total := split(rest, len(p.cells)) // of the y far above a cell: how many, and Σ (y − high edge)
	room := 1.0                               // of the products, before they could overflow
	p.rises = resize(p.rises, len(y))
	for j, v := range y {
		s := p.locate(v)
		p.rises[j] = (v - p.low(s.id)) * p.perTemperature
		p.sources = append(p.sources, s)
	}
	f64.Exp(p.rises, p.rises)
	for j, v := range y {
		s := &p.sources[from+j]
		s.rise = p.rises[j]
		shown := p.hide(j)
		for _, c := range p.cells[s.lo:s.hi] {
			rise := p.beside(s, c.id)
			fall, steps, slopes := p.fall[c.from:c.to], steps[c.from:c.to], slopes[c.from:c.to]
			if slope == nil {
				for j, f := range fall {
					e := rise * f
					steps[j] += e / (1 + e)
				}
				continue
			}
			for j, f := range fall {
				e := rise * f
				inverse := 1 / (1 + e)
				e *= inverse
				steps[j] += e
				slopes[j] += e * inverse
			}
		}
		if value != nil && s.lo < s.hi {
			// The logarithm of Π (1+e) for the sum of softplus; products holds Π − 1, which keeps what is small.
			lowest := p.cells[s.lo]
			most := 1 + p.beside(s, lowest.id)*lowest.most
			if room *= most; room > 1e290 {
				flush(logs, products)
				room = most
			}
			for _, c := range p.cells[s.lo:s.hi] {
				rise := p.beside(s, c.id)
				fall, products := p.fall[c.from:c.to], products[c.from:c.to]
				for j, f := range fall {
					products[j] += rise * f * (1 + products[j])
				}
			}
		}
		if s.hi < len(p.cells) {
			addPowers(up[s.hi*k:][:k], p.above(s, s.hi), 1)
		}
		if s.lo > 0 {
			addPowers(down[(s.lo-1)*k:][:k], p.below(s, s.lo-1), 1)
			count[s.lo-1]++
			total[s.lo-1] += v - p.low(p.cells[s.lo-1].id+1)
		}
		p.show(j, shown)
	}
	if value != nil {
		flush(logs, products)
	}
	p.sweepUp(up)
	p.sweepDown(down)
	for c := len(p.cells) - 2; c >= 0; c-- {
		count[c] += count[c+1]
		total[c] += total[c+1] + count[c+1]*(p.low(p.cells[c+1].id)-p.low(p.cells[c].id))
	}
	for c, cell := range p.cells {
		for j := cell.from; j < cell.to; j++ {
			low, high := up[c*k:][:k], down[c*k:][:k]
			riseLow, riseHigh := p.fall[j], p.decay[1]/p.fall[j]
			steps[j] += series(low, riseLow) - series(high, riseHigh) + count[c]
			if slope != nil {
				slopes[j] += seriesSlope(low, riseLow) + seriesSlope(high, riseHigh)
			}
			if value != nil {
				logs[j] += seriesValue(low, riseLow) + seriesValue(high, riseHigh) + total[c]/p.temperature + count[c]*(p.width/p.temperature-p.local[j])
			}
		}
	}
	p.atPoints(step, steps)
	if slope != nil {
		p.atPoints(slope, slopes)
	}
	if value != nil {
		p.atPoints(value, logs)
	}
	return from, len(p.sources)
}

func flush(logs, products []float64) {
	for j, v := range products {
		logs[j] += math.Log1p(v)
		products[j] = 0
	}
}

// spread adds to g Σ_x w_x σ'(z) of every y that gather met at [from, to), or Σ_x w_x σ(z).
func (p *pool) spread(g, w []float64, from, to int, sigma bool) {
	if p.isFew {
		p.few.spread(g, w, from, to, sigma)
		return
	}
	nodes, k := len(p.fall), p.terms
	p.node = resize(p.node, nodes)
	weights := p.node
	p.toNodes(weights, w)
	p.far = resize(p.far, 2*k*len(p.cells)+len(p.cells)+1)
	clear(p.far)
	up, rest := split(p.far, k*len(p.cells))
	down, mass := split(rest, k*len(p.cells))
	for c, cell := range p.cells {
		mass[c+1] = mass[c]
		for j := cell.from; j < cell.to; j++ {
			mass[c+1] += weights[j]
			addPowers(up[c*k:][:k], p.decay[1]/p.fall[j], weights[j])
			addPowers(down[c*k:][:k], p.fall[j], weights[j])
		}
	}
	p.sweepUp(up)
	p.sweepDown(down)
	for j := range p.sources[from:to] {
		s := &p.sources[from+j]
		shown, sum := p.hide(j), 0.0
		for _, c := range p.cells[s.lo:s.hi] {
			rise := p.beside(s, c.id)
			fall, weights := p.fall[c.from:c.to], weights[c.from:c.to]
			if sigma {
				for j, f := range fall {
					e := rise * f
					sum += weights[j] * (e / (1 + e))
				}
				continue
			}
			for j, f := range fall {
				e := rise * f
				inverse := 1 / (1 + e)
				sum += weights[j] * (e * inverse * inverse)
			}
		}
		if s.lo > 0 {
			below, e := up[(s.lo-1)*k:][:k], p.below(s, s.lo-1)
			if sigma {
				sum += mass[s.lo] - series(below, e)
			} else {
				sum += seriesSlope(below, e)
			}
		}
		if s.hi < len(p.cells) {
			above, e := down[s.hi*k:][:k], p.above(s, s.hi)
			if sigma {
				sum += series(above, e)
			} else {
				sum += seriesSlope(above, e)
			}
		}
		g[j] += sum
		p.show(j, shown)
	}
}

// sweepUp carries the moments of every cell to the cells above it, sweepDown to those below.
func (p *pool) sweepUp(moments []float64) {
	for c := 1; c < len(p.cells); c++ {
		p.carry(moments[c*p.terms:][:p.terms], moments[(c-1)*p.terms:][:p.terms], p.cells[c].id-p.cells[c-1].id)
	}
}

func (p *pool) sweepDown(moments []float64) {
	for c := len(p.cells) - 2; c >= 0; c-- {
		p.carry(moments[c*p.terms:][:p.terms], moments[(c+1)*p.terms:][:p.terms], p.cells[c+1].id-p.cells[c].id)
	}
}

func (p *pool) carry(to, from []float64, cells int) {
	once := p.fade(cells)
	for k, power := 0, once; k < len(to); k, power = k+1, power*once {
		to[k] += from[k] * power
	}
}

// addPowers adds w·e, w·e², w·e³, … to the moments.
func addPowers(moments []float64, e, w float64) {
	for k, power := 0, w*e; k < len(moments); k, power = k+1, power*e {
		moments[k] += power
	}
}

// series returns Σ (−1)^{k−1} M_k e^k: σ(−|z|) summed over the points of the moments M.
func series(moments []float64, e float64) float64 {
	sum := 0.0
	for k := len(moments) - 1; k >= 0; k-- {
		sum = e * (moments[k] - sum)
	}
	return sum
}

// seriesSlope returns Σ (−1)^{k−1} k M_k e^k, of σ'; seriesValue Σ (−1)^{k−1} M_k e^k / k, of softplus(−|z|).
func seriesSlope(moments []float64, e float64) float64 {
	sum := 0.0
	for k := len(moments) - 1; k >= 0; k-- {
		sum = e * (float64(k+1)*moments[k] - sum)
	}
	return sum
}

func seriesValue(moments []float64, e float64) float64 {
	sum := 0.0
	for k := len(moments) - 1; k >= 0; k-- {
		sum = e * (moments[k]/float64(k+1) - sum)
	}
	return sum
}
