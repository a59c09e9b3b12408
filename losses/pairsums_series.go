package losses

import (
	"math"

	"gpwbench/internal/f64"
)

// nodeSums are the sums over y at every node. products holds Π (1+e^z) − 1, which keeps
// what is small, until nodeSums.flush adds the logarithm of the product to logs.
type nodeSums struct {
	steps, slopes, logs, products []float64

	room float64 // a bound of the products; flush before it overflows
}

// farSums are the moments of the y that are far from a cell. up is of those below it,
// down of those above it, and count and total are of those above: how many, and
// Σ (y − high edge).
type farSums struct{ up, down, count, total []float64 }

// forward sets step to Σ_y σ(z) of every x, slope to Σ_y σ'(z) and value to Σ_y
// softplus(z). slope and value may be nil. It returns the range in which
// pairSums.backward finds the y until the next reset. After a forward without slope,
// backward has no σ' of these y.
func (p *pairSums) forward(y, value, step, slope []float64) (from, to int) {
	if p.isDirect {
		return p.direct.forward(y, value, step, slope, p.perTemperature)
	}

	from = len(p.sources)
	near, far := p.clearSums()
	p.addSources(y)
	for j, v := range y {
		s := &p.sources[from+j]
		s.rise = p.rises[j]

		shown := p.hide(j)
		p.addNear(&near, s, slope != nil)
		if value != nil && s.lo < s.hi {
			p.addProducts(&near, s)
		}
		p.addFar(far, s, v)
		p.show(j, shown)
	}
	if value != nil {
		near.flush()
	}

	p.sweepUp(far.up)
	p.sweepDown(far.down)
	p.sweepCounts(far)
	p.addSeries(near, far, value != nil, slope != nil)

	p.atPoints(step, near.steps)
	if slope != nil {
		p.atPoints(slope, near.slopes)
	}
	if value != nil {
		p.atPoints(value, near.logs)
	}
	return from, len(p.sources)
}

// clearSums returns sums of 0 in the memory of p.
func (p *pairSums) clearSums() (near nodeSums, far farSums) {
	nodes, moments, cells := len(p.fall), p.terms*len(p.cells), len(p.cells)
	p.node = resize(p.node, 4*nodes)
	clear(p.node)
	near.room = 1
	near.steps, near.slopes = p.node[:nodes], p.node[nodes:2*nodes]
	near.logs, near.products = p.node[2*nodes:3*nodes], p.node[3*nodes:]

	p.far = resize(p.far, 2*moments+2*cells)
	clear(p.far)
	far.up, far.down = p.far[:moments], p.far[moments:2*moments]
	far.count, far.total = p.far[2*moments:2*moments+cells], p.far[2*moments+cells:]
	return near, far
}

// addSources locates every y and sets its rise, in rises.
func (p *pairSums) addSources(y []float64) {
	p.rises = resize(p.rises, len(y))
	for j, v := range y {
		s := p.locate(v)
		p.rises[j] = (v - p.low(s.id)) * p.perTemperature
		p.sources = append(p.sources, s)
	}
	f64.Exp(p.rises, p.rises)
}

// addNear adds the σ of s, and the σ' if withSlopes, to the nodes of the cells beside it.
func (p *pairSums) addNear(near *nodeSums, s *sumSource, withSlopes bool) {
	for _, c := range p.cells[s.lo:s.hi] {
		rise := p.beside(s, c.id)
		fall, steps, slopes := p.fall[c.from:c.to], near.steps[c.from:c.to], near.slopes[c.from:c.to]
		if !withSlopes {
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
}

// addProducts multiplies the products of the nodes beside s by 1 + e^z. The logarithm of
// a product is the sum of softplus. There must be a cell beside s.
func (p *pairSums) addProducts(near *nodeSums, s *sumSource) {
	lowest := p.cells[s.lo]
	most := 1 + p.beside(s, lowest.id)*lowest.most
	if near.room *= most; near.room > 1e290 {
		near.flush()
		near.room = most
	}

	for _, c := range p.cells[s.lo:s.hi] {
		rise := p.beside(s, c.id)
		fall, products := p.fall[c.from:c.to], near.products[c.from:c.to]
		for j, f := range fall {
			products[j] += rise * f * (1 + products[j])
		}
	}
}

// flush moves the logarithms of the products to logs.
func (near *nodeSums) flush() {
	for j, v := range near.products {
		near.logs[j] += math.Log1p(v)
		near.products[j] = 0
	}
}

// addFar adds s, the source of v, to the moments of the first cell on either side that is
// not beside it.
func (p *pairSums) addFar(far farSums, s *sumSource, v float64) {
	k := p.terms
	if s.hi < len(p.cells) {
		addPowers(far.up[s.hi*k:][:k], p.above(s, s.hi), 1)
	}
	if s.lo > 0 {
		addPowers(far.down[(s.lo-1)*k:][:k], p.below(s, s.lo-1), 1)
		far.count[s.lo-1]++
		far.total[s.lo-1] += v - p.low(p.cells[s.lo-1].id+1)
	}
}

// sweepCounts carries count and total of every cell to the cells below it.
func (p *pairSums) sweepCounts(far farSums) {
	count, total := far.count, far.total
	for c := len(p.cells) - 2; c >= 0; c-- {
		count[c] += count[c+1]
		total[c] += total[c+1] + count[c+1]*(p.low(p.cells[c+1].id)-p.low(p.cells[c].id))
	}
}

// addSeries adds what the y far from a cell contribute to each of its nodes.
func (p *pairSums) addSeries(near nodeSums, far farSums, withValues, withSlopes bool) {
	k := p.terms
	for c, cell := range p.cells {
		low, high := far.up[c*k:][:k], far.down[c*k:][:k]
		count, total := far.count[c], far.total[c]
		for j := cell.from; j < cell.to; j++ {
			riseLow, riseHigh := p.fall[j], p.decay[1]/p.fall[j]
			near.steps[j] += series(low, riseLow) - series(high, riseHigh) + count
			if withSlopes {
				near.slopes[j] += seriesSlope(low, riseLow) + seriesSlope(high, riseHigh)
			}
			if withValues {
				near.logs[j] += seriesValue(low, riseLow) + seriesValue(high, riseHigh) +
					total/p.temperature + count*(p.width/p.temperature-p.local[j])
			}
		}
	}
}

// backward adds to g, for every y that forward added at [from, to), Σ_x w_x σ(z) if sigma
// is set, and Σ_x w_x σ'(z) otherwise.
func (p *pairSums) backward(g, w []float64, from, to int, sigma bool) {
	if p.isDirect {
		p.direct.backward(g, w, from, to, sigma)
		return
	}

	p.node = resize(p.node, len(p.fall))
	weights := p.node
	p.toNodes(weights, w)
	up, down, mass := p.weightMoments(weights)

	k := p.terms
	for j := range p.sources[from:to] {
		s := &p.sources[from+j]
		shown := p.hide(j)
		sum := p.weightedNear(s, weights, sigma)
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

// weightMoments returns the moments of the nodes up to every cell in up, and from it on
// in down. mass[c] is the weight of all nodes before cell c.
func (p *pairSums) weightMoments(weights []float64) (up, down, mass []float64) {
	k := p.terms
	p.far = resize(p.far, 2*k*len(p.cells)+len(p.cells)+1)
	clear(p.far)
	up, rest := split(p.far, k*len(p.cells))
	down, mass = split(rest, k*len(p.cells))

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
	return up, down, mass
}

// weightedNear returns the weighted σ, or σ', of s at the nodes of the cells beside it.
func (p *pairSums) weightedNear(s *sumSource, weights []float64, sigma bool) (sum float64) {
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
	return sum
}

// sweepUp carries the moments of every cell to the cells above it.
func (p *pairSums) sweepUp(moments []float64) {
	for c := 1; c < len(p.cells); c++ {
		p.carry(moments[c*p.terms:][:p.terms], moments[(c-1)*p.terms:][:p.terms], p.cells[c].id-p.cells[c-1].id)
	}
}

// sweepDown carries the moments of every cell to the cells below it.
func (p *pairSums) sweepDown(moments []float64) {
	for c := len(p.cells) - 2; c >= 0; c-- {
		p.carry(moments[c*p.terms:][:p.terms], moments[(c+1)*p.terms:][:p.terms], p.cells[c+1].id-p.cells[c].id)
	}
}

func (p *pairSums) carry(to, from []float64, cells int) {
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

// seriesSlope returns Σ (−1)^{k−1} k M_k e^k, which is the sum of σ'.
func seriesSlope(moments []float64, e float64) float64 {
	sum := 0.0
	for k := len(moments) - 1; k >= 0; k-- {
		sum = e * (float64(k+1)*moments[k] - sum)
	}
	return sum
}

// seriesValue returns Σ (−1)^{k−1} M_k e^k / k, which is the sum of softplus(−|z|).
func seriesValue(moments []float64, e float64) float64 {
	sum := 0.0
	for k := len(moments) - 1; k >= 0; k-- {
		sum = e * (moments[k]/float64(k+1) - sum)
	}
	return sum
}
