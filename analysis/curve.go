package analysis

// A Bin is a cloud's pairs of one kind in one interval of a similarity.
type Bin struct {
	Low, High      float64 // the interval, with Low and without High
	Pairs          int     // at least 1
	Mean, Min, Max float64 // of the weights
}

// BinWidth is the width of the intervals of a curve.
const BinWidth = 0.05

// Curve returns the mean weight of the positive or the negative pairs against a similarity: intervals of BinWidth, from low to high,
// those without a pair left out. They cover [−1, 1] of S, and [−2, 2] of N and P; what rounding has put outside belongs to the outermost.
// Pairs that have no N, or no P, are left out.
func (c *Cloud) Curve(along Similarity, positive bool) []Bin {
	end := 2.0
	if along == S {
		end = 1
	}
	n := int(2*end/BinWidth + 0.5)
	bins := make([]Bin, n)
	for _, p := range c.Points {
		v := p.At(along)
		if p.Positive != positive || v != v {
			continue
		}
		b := &bins[min(max(int((v+end)/2/end*float64(n)), 0), n-1)]
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
		b.Low, b.High = -end+2*end*float64(k)/float64(n), -end+2*end*float64(k+1)/float64(n)
		b.Mean /= float64(b.Pairs)
		curve = append(curve, b)
	}
	return curve
}
