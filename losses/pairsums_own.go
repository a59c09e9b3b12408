package losses

// forwardOwn is pairSums.forward with the x as the y. Each x counts ½ for itself in step
// and nothing in slope. If no other x is near, what the others add to slope would be lost
// beside the x's own σ'(0) = ¼.
func (p *pairSums) forwardOwn(step, slope, x []float64) (from, to int) {
	p.own = true
	from, to = p.forward(x, nil, step, slope)
	p.own = false
	if p.isDirect {
		return from, to // backwardOwn needs no slope of these
	}

	for i, m := range p.member {
		if m >= 0 {
			step[i] += 0.5
		} else {
			slope[i] -= 0.25
		}
	}
	return from, to
}

// backwardOwn adds to g, for every y that forwardOwn added, Σ_x (w_x − w_y) σ'(z). The y
// are the x, and slope is the one that forwardOwn set.
func (p *pairSums) backwardOwn(g, w, slope []float64, from, to int) {
	if p.isDirect {
		p.direct.backwardOwn(g, w, from, to)
		return
	}

	p.own = true
	p.backward(g, w, from, to, false)
	p.own = false

	for i, v := range w {
		g[i] -= v * slope[i]
		if p.member[i] < 0 {
			g[i] -= v * 0.25
		}
	}
}

// hide keeps the j-th x from being compared with itself until show is called, if it has a
// node of its own. An x that shares nodes has others near it, and beside their sum a ¼
// loses no digits.
func (p *pairSums) hide(j int) (shown float64) {
	if p.own && p.member[j] >= 0 {
		shown, p.fall[p.member[j]] = p.fall[p.member[j]], 0
	}
	return shown
}

func (p *pairSums) show(j int, shown float64) {
	if p.own && p.member[j] >= 0 {
		p.fall[p.member[j]] = shown
	}
}

// backwardOwn sums differences of weights, so that equal weights add exactly 0.
func (p *directSums) backwardOwn(g, w []float64, from, to int) {
	n := to - from
	_, slopes := p.piece(from, n)
	for i, v := range w {
		sum := 0.0
		for j, u := range slopes[i*n : (i+1)*n] {
			sum += (w[j] - v) * u
		}
		g[i] += sum
	}
}
