package losses

// A PairSelector is a loss that looks at few pairs of a square batch, and can say at
// which ones before there are similarities. A caller may then compute S of these rows
// alone. A loss with the trait [ReadsVectorMeans] reads all rows and is no PairSelector.
type PairSelector interface {
	Loss
	// SelectRows appends the anchors and the candidates that matter in a batch with these
	// labels, which must ascend. No row is both a selected anchor and a selected
	// candidate, so a NewCross batch of them has a nil self. L of that batch is L of
	// the whole batch to the bit. Pairs that are not selected have a gradient of 0.
	SelectRows(anchors, candidates, labels []int) (a, c []int)
}
