package losses

// A PairSelector is a loss that looks at few pairs of a batch with itself, and can say at
// which before there are similarities. A caller may then compute S of these rows alone. A
// loss with the trait [ReadsVectorMeans] reads all rows and is no PairSelector.
type PairSelector interface {
	Loss
	// SelectRows appends the anchors and the candidates that matter in a batch with
	// these labels, which ascend. L of the batch is to the bit that of the selected
	// anchors against the selected candidates, where no anchor is a candidate itself (a
	// nil self in [NewCross]). Pairs that are not selected have a gradient of 0.
	SelectRows(anchors, candidates, labels []int) (a, c []int)
}
