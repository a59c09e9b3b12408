package analysis

// A Bin is a cloud's pairs of one kind in one interval of S.
type Bin struct {
	Low, High      float64 // the interval, with Low and without High
	Pairs          int     // at least 1
	Mean, Min, Max float64 // of the weights
}

// Curve returns the mean weight of the positive or the negative pairs against S: n equal intervals of [−1, 1], from low to high,
// those without a pair left out. A similarity that rounding has put outside belongs to the outermost interval.
func (c *Cloud) Curve(positive bool, n int) []Bin {
	bins := make([]Bin, n)
	for _, p := range c.Points {
		if p.Positive != positive {
			continue
		}
		b := &bins[min(max(int((p.S+1)/2*float64(n)), 0), n-1)]
		if b.Pairs == 0 {
			b.Min, b.Max = p.W, p.W
		}
		b.Pairs++
		b.Mean += p.W
		b.Min, b.Max = min(b.Min, p.W), max(b.Max, p.W)
	}
	curve := bins[:0]
	for k, b := range bins {
		if b.Pairs == 0 {
			continue
		}
		b.Low, b.High = -1+2*float64(k)/float64(n), -1+2*float64(k+1)/float64(n)
		b.Mean /= float64(b.Pairs)
		curve = append(curve, b)
	}
	return curve
}
