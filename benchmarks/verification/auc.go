package verification

import "math/bits"

// auc is the area under the ROC curve: the share of the pairs of a positive and a
// negative in which the positive is the more similar one, tied ones counting half
// (Hanley and McNeil, The Meaning and Use of the Area under a Receiver Operating
// Characteristic (ROC) Curve, Radiology 143, 1982). It is between 0 and 1, greater is
// better, and ½ is chance.
//
// Of negatives in float32, those in the bin of a positive count half. The range has
// every pair that the precision of the negatives leaves open decided against and for
// the positive. It is the figure alone where all were computed in float64.
func (c *curve) auc() Figure {
	var twice uint128 // of the pairs in which the positive is nearer
	open := 0.0       // pairs of a positive and a negative that may be the other way round

	for _, g := range c.groups {
		farther, tied := c.negatives-g.accepted, g.tied
		if c.wrong > 0 { // negatives are known to their bins
			b := bin(g.low)
			farther, tied = c.negatives-c.upTo[b+1], c.upTo[b+1]-c.upTo[b]
		}
		twice.add(uint64(g.positives), uint64(2*farther+tied))
		if c.wrong > 0 {
			open += float64(g.positives) * float64(c.within(g.low-c.wrong, g.high+c.wrong))
		}
	}

	var all uint128
	all.add(uint64(c.positives), uint64(2*c.negatives))
	area := twice.float() / all.float()
	half := open / float64(c.positives) / float64(c.negatives)
	return Figure{Low: max(0, area-half), Value: area, High: min(1, area+half)}
}

// A uint128 is a sum of products of counts, which may exceed 64 bits.
type uint128 struct{ high, low uint64 }

func (s *uint128) add(x, y uint64) {
	high, low := bits.Mul64(x, y)
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
}

func (s *uint128) float() float64 { return float64(s.high)*0x1p64 + float64(s.low) }
