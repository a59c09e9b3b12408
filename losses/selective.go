package losses

// A PairSelector loss looks at few pairs of a batch with itself, and says at which before there are similarities. Whoever makes S may then make it of
// these rows alone. A loss with the trait [ReadsVectorMeans] reads all rows and is none.
type PairSelector interface {
	Loss
	// SelectRows appends the anchors and the candidates that matter in a batch with these labels, which ascend. L of the batch is to the bit that of
	// the selected anchors against the selected candidates, where no anchor is a candidate itself (a nil self in [NewCross]), and pairs that are
	// not selected have a gradient of 0.
	SelectRows(anchors, candidates, labels []int) (a, c []int)
}
