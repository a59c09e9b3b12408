package losses

// Catalogue lists every loss: first those of Table 1 of Wang et al., CVPR 2019, in its
// order, then the others by year. It is a table and not a registry, because tables,
// legends and colours follow its order.
var Catalogue = []Spec{
	npairs,
	nca,
	histogram,
	contrastive,
	triplet,
	liftedStructure,
	binomialDeviance,
	binlifted,
	multiSimilarity,
	softNearestNeighbor,
	tripletSwap,
	liftedSong,
	npairsMC,
	margin,
	batchHard,
	tripletAngular,
	quadruplet,
	liftedGeneralized,
	angular,
	htl,
	ntxent,
	gpwTemplate,
	dsm,
	snr,
	tupletMargin,
	intraPairVariance,
	rankedList,
	fastAP,
	supcon,
	circle,
	circleBatch,
	smoothAP,
	recallAtK,
	pnp,
	tcm,
}

// Miners lists every miner with its default parameters, by the name that specs use.
//
// Another module adds a miner of its own by appending a [MinerSpec], before it parses or
// runs a spec:
//
//	losses.Miners = append(losses.Miners, losses.MinerSpec{
//		Name: "slack", Title: "slack mining",
//		Form: "mine.Slack", Value: Slack{Eps: 0.1},
//	})
//
// Specs may then name the miner, and records and captions find its name, Form and title
// by the Go type of Value. So no two entries may have one type or one name. The list is
// not locked: append before any goroutine reads it.
var Miners = []MinerSpec{
	{Name: "multi_similarity", Title: "MS mining", Form: "losses.MultiSimilarityMiner", Value: MultiSimilarityMiner{Eps: 0.1}},
	{Name: "batch_hard", Title: "batch-hard mining", Form: "losses.BatchHardMiner", Value: BatchHardMiner{}},
	{Name: "batch_easy_hard", Title: "easy and hard mining", Form: "losses.EasyHardMiner", Value: EasyHardMiner{Positive: "easy", Negative: "semihard"}},
	{Name: "pair_margin", Title: "pair-margin mining", Form: "losses.PairMarginMiner", Value: PairMarginMiner{PosMargin: 0.2, NegMargin: 0.8, Metric: "distance"}},
	{Name: "hard_fraction", Title: "hard-fraction mining", Form: "losses.HardFractionMiner", Value: HardFractionMiner{Fraction: 0.5},
		Departs: "pairs as similar as the last one kept are kept too, so that both orders of a pair are; the HDC miner of pytorch-metric-learning 2.9.0 cuts between them"},
	{Name: "distance_weighted", Title: "distance-weighted sampling", Form: "losses.DistanceWeightedMiner", Value: DistanceWeightedMiner{Dim: 128, Cutoff: 0.5, Nonzero: 1.4}, Traits: Random,
		Departs: "negatives are drawn without replacement; Wu et al., ICCV 2017, draw one for each positive, with replacement"},
}
