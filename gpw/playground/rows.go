package playground

// whys says, for each loss of Table 1 of Wang et al., CVPR 2019, what its weight of a
// negative pair compares. Where the measurement differs from the table, package probe has
// the reason.
var whys = map[string]string{
	"npairs":            "The negatives of an anchor share its weight by a soft-max, so another negative that draws near takes a part of this one’s share.",
	"nca":               "All other points share an anchor’s weight by one soft-max, so any of them that draws near, positive or negative, takes a part.",
	"histogram":         "The weight counts the positives whose similarity is below that of the negative, so it depends on where the positives are.",
	"contrastive":       "The weight is 1 for a negative above λ and 0 for any other, so it depends on nothing but the pair’s own similarity.",
	"triplet":           "The weight counts the anchor’s positives that do not exceed the negative by the margin, so it compares with positives alone.",
	"lifted_structure":  "The negatives share the weight by a soft-max under one hinge, so another negative that draws near takes a part of the share.",
	"binomial_deviance": "The weight is a sigmoid of the pair’s own similarity about λ, so no other pair has a part in it.",
	"binlifted":         "The weight is half a sigmoid of the pair’s own similarity and half a share among the negatives, so it depends on both.",
	"multi_similarity":  "The weight is a soft-max over the negatives in which λ takes part (S and N), and mining drops a negative that every positive exceeds by more than ε (P).",
}
