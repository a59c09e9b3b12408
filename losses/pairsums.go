package losses

import (
	"cmp"
	"math"
	"slices"
)

// A pairSums computes sums of smooth steps over all pairs of two sets of points, the x
// and any number of y, without evaluating every pair. With z = (y − x)/τ the sums are
//
//	forward:   Σ_y softplus(z),  Σ_y σ(z),  Σ_y σ'(z)   for every x
//	backward:  Σ_x w_x σ(z),  Σ_x w_x σ'(z)             for every y
//
// The axis is cut into cells a few τ wide. A pair in the same cell or in neighbouring
// cells is evaluated directly. Its e^z is the product of one exponential of each point.
//
// For cells farther apart, the series softplus(−|z|) = e^−|z| − e^−2|z|/2 + e^−3|z|/3 − …
// needs a dozen terms. Each term is a factor of x times a factor of y, so the terms are
// summed along the axis.
//
// A cell may have more x than a smooth function needs points for its interpolation. The
// sums are then taken at the Chebyshev nodes of the cell and interpolated at its x. So n
// of y and p of x cost (n+p) times a number that depends only on the accuracy, about
// 1e-13 relative. If p is small, every pair is evaluated directly.
type pairSums struct {
	direct   directSums // used if isDirect, in place of all fields but the temperature
	isDirect bool
	own      bool // the y are the x

	temperature float64
	width       float64 // of a cell; a power of two, so the edges and y − edge are exact

	perTemperature, perWidth float64 // the inverses

	decay   []float64 // e^{−width·d/τ} for d = 0, 1, … while it is not 0
	terms   int       // of the series
	cells   []sumCell
	sources []sumSource

	rises  []float64 // of the y of this forward
	order  []int     // the x, ascending
	member []int     // of each x: its node, or −1−(where its row of basis begins)
	basis  []float64 // Lagrange's polynomials of a cell's Chebyshev nodes, at its x
	inside []int     // of each x: its cell
	nodes  chebyshev // of a cell that is interpolated

	local []float64 // of each node: (node − low edge)/τ
	fall  []float64 // of each node: e^−local
	node  []float64 // memory of the nodes' sums and weights
	far   []float64 // memory of the series of the cells
}

// A sumCell is a cell with x in it.
type sumCell struct {
	id       int     // its low edge is id·width
	from, to int     // its nodes
	most     float64 // the largest fall of a node, that of the lowest
}

// A sumSource is a y.
type sumSource struct {
	rise   float64 // e^{(y − low edge)/τ}
	id     int     // of the cell that it is in
	lo, hi int     // the cells beside it are [lo, hi)
}

const cellWidth = 4 // width of a cell in units of τ

// A temperature below the rounding of similarities has no meaning, because the steps are
// then as sharp as doubles can resolve. The upper bound keeps widths finite.
const minTemperature, maxTemperature = 1e-16, 1e300

// reset prepares the sums over x. If x or y are beyond about ±1e2, the temperature must
// be larger in proportion.
func (p *pairSums) reset(x []float64, temperature float64) {
	p.temperature = min(max(temperature, minTemperature), maxTemperature)
	p.perTemperature = 1 / p.temperature
	if p.isDirect = len(x) <= fewPoints; p.isDirect {
		p.direct.reset(x)
		return
	}

	_, exponent := math.Frexp(cellWidth * p.temperature)
	p.width = math.Ldexp(0.5, exponent) // the largest power of two up to cellWidth·τ
	p.perWidth = 1 / p.width

	span := p.width / p.temperature
	p.terms = int(math.Ceil(precision / span))
	p.decay = p.decay[:0]
	for d, once := 1.0, math.Exp(-span); d > 0; d *= once {
		p.decay = append(p.decay, d)
	}
	p.sources = p.sources[:0]

	p.setCells(x)
}

// setCells cuts the x into cells and chooses the nodes of each.
func (p *pairSums) setCells(x []float64) {
	p.order = p.order[:0]
	for i := range x {
		p.order = append(p.order, i)
	}
	slices.SortFunc(p.order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	p.cells, p.local, p.fall, p.basis = p.cells[:0], p.local[:0], p.fall[:0], p.basis[:0]
	p.member, p.inside = resize(p.member, len(x)), resize(p.inside, len(x))

	for from := 0; from < len(x); {
		id := p.cell(x[p.order[from]])
		to := from + 1
		for to < len(x) && p.cell(x[p.order[to]]) == id {
			to++
		}

		start, members := len(p.fall), p.order[from:to]
		low, high := x[members[0]], x[members[len(members)-1]]
		if count := nodesOn((high - low) / p.temperature); count < len(members) {
			p.addChebyshevNodes(x, members, id, count)
		} else {
			for _, i := range members {
				p.member[i] = len(p.fall)
				p.addNode((x[i] - p.low(id)) / p.temperature)
			}
		}

		for _, i := range members {
			p.inside[i] = len(p.cells)
		}
		p.cells = append(p.cells, sumCell{id, start, len(p.fall), slices.Max(p.fall[start:])})
		from = to
	}
}

func (p *pairSums) cell(x float64) int { return int(math.Floor(x * p.perWidth)) }

func (p *pairSums) low(id int) float64 { return float64(id) * p.width }

func (p *pairSums) addNode(local float64) {
	p.local = append(p.local, local)
	p.fall = append(p.fall, math.Exp(-local))
}

// addChebyshevNodes adds count nodes, from which the sums at the x of members are
// interpolated. The members are in one cell.
func (p *pairSums) addChebyshevNodes(x []float64, members []int, id, count int) {
	p.nodes.set(count)
	low := x[members[0]]
	width := x[members[len(members)-1]] - low

	for _, t := range p.nodes.nodes {
		p.addNode((low-p.low(id))/p.temperature + t*width/p.temperature)
	}

	for _, i := range members {
		from := len(p.basis)
		p.member[i] = -1 - from
		p.basis = slices.Grow(p.basis, count)[:from+count]
		p.nodes.row(p.basis[from:], x[i], low, width)
	}
}

// atPoints interpolates the nodes' sums at every x.
func (p *pairSums) atPoints(dst, nodes []float64) {
	for i, m := range p.member {
		if m >= 0 {
			dst[i] = nodes[m]
			continue
		}

		c := p.cells[p.inside[i]]
		row, sum := p.basis[-1-m:], 0.0
		for k, v := range nodes[c.from:c.to] {
			sum += v * row[k]
		}

		dst[i] = sum
	}
}

// toNodes is the transpose of atPoints. It moves the weights of the x to the nodes.
func (p *pairSums) toNodes(nodes, w []float64) {
	clear(nodes)
	for i, m := range p.member {
		if m >= 0 {
			nodes[m] += w[i]
			continue
		}

		c := p.cells[p.inside[i]]
		row, dst := p.basis[-1-m:], nodes[c.from:c.to]
		for k := range dst {
			dst[k] += w[i] * row[k]
		}
	}
}

// locate returns the cell of y and the cells beside it. It does not set the rise.
func (p *pairSums) locate(y float64) sumSource {
	id := p.cell(y)
	lo, end := 0, len(p.cells)
	for lo < end {
		if mid := (lo + end) / 2; p.cells[mid].id < id-1 {
			lo = mid + 1
		} else {
			end = mid
		}
	}

	hi := lo
	for hi < len(p.cells) && p.cells[hi].id <= id+1 {
		hi++
	}
	return sumSource{id: id, lo: lo, hi: hi}
}

// beside returns e^{(y − low edge)/τ} for the low edge of a cell beside y's.
func (p *pairSums) beside(s *sumSource, id int) float64 {
	switch {
	case id > s.id:
		return s.rise * p.decay[1]
	case id < s.id:
		return s.rise / p.decay[1]
	}
	return s.rise
}

// above returns e^{−(low edge of cell − y)/τ} of a cell that is two or more above y's.
func (p *pairSums) above(s *sumSource, c int) float64 { return s.rise * p.fade(p.cells[c].id-s.id) }

// below returns e^{−(y − high edge)/τ} of a cell that is two or more below y's.
func (p *pairSums) below(s *sumSource, c int) float64 { return p.fade(s.id-p.cells[c].id-1) / s.rise }

// fade returns e^{−cells·width/τ}.
func (p *pairSums) fade(cells int) float64 {
	if cells < len(p.decay) {
		return p.decay[cells]
	}
	return 0
}
