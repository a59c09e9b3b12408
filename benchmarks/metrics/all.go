package metrics

// All lists the metrics, in the order in which they are printed.
var All = []*Metric{
	&recall,
	&recallPessimistic,
	&recallExpected,
	&precision,
	&mapAtR,
	&mapAtK,
	&fullMAP,
	&rPrecision,
	&mrr,
	&ndcg,
	&nearestCentroid,
	&rocAUC,
	&eer,
	&eerThreshold,
	&tarAtFAR,
	&fnmrAtFMR,
	&accuracy,
	&accuracyThreshold,
	&balancedAccuracy,
	&balancedThreshold,
	&opis,
	&nmi,
	&ami,
	&ari,
	&alignment,
	&uniformity,
	&classRatio,
	&spectrum,
	&effectiveRank,
}

// Default are the names that are asked where none is given, with these K of Recall@K.
func Default(ks []int) []Asked {
	var asked []Asked
	for _, k := range ks {
		asked = append(asked, Asked{Metric: &recall, Parameters: Parameters{K: k}})
	}
	return append(asked, Asked{Metric: &mapAtR}, Asked{Metric: &rPrecision})
}
