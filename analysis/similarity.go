package analysis

// A Similarity is one of the three of a pair: an axis of a figure.
type Similarity int

// The similarities of Wang et al., CVPR 2019, §3.
const (
	S Similarity = iota // the pair's own
	N                   // relative to the anchor's other negatives
	P                   // relative to its other positives
)

func (s Similarity) String() string { return [...]string{"S", "N", "P"}[s] }

// At returns a similarity of the pair; NaN where there is none.
func (p Point) At(s Similarity) float64 { return [...]float64{p.S, p.N, p.P}[s] }
