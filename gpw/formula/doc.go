// Package formula makes a loss of a formula, so that a new loss is a line of text and
// not of Go. [New] compiles a [Source]; the [Loss] it returns is used like any other.
//
// There are two forms. As weights, the form of General Pair Weighting (Wang et al., CVPR
// 2019, eq. 3), positive and negative are the weights w of an anchor's pairs, and they
// are the gradient:
//
//	G_ij = −w_ij/m on positives, +w_ij/m on negatives      L = Σ G_ij·S_ij
//
// As a value, the formula is the loss of one anchor, L is its mean over the m anchors,
// and G its exact derivative, by reverse accumulation. Conditions choose the pairs that
// take part; no gradient flows through the choice.
//
// A formula is arithmetic over s, the similarity of a pair; over sums, means, extremes
// and log-sum-exps of an anchor's positives and of its negatives; and over named
// parameters. docs/formulas.md of the project is its manual and lists all that it can
// call. Nothing else can be called, and length, depth and size are bounded, so a formula
// of unknown origin is safe to evaluate.
//
// # What is not finite
//
// The sum over nothing is 0, and so is the mean. The largest of nothing is −∞, the
// smallest ∞, the log-sum-exp −∞. 0/0 is 0. An anchor none of whose pairs take part adds
// 0. So does an anchor that has no positives, or no negatives, where an extreme or a
// log-sum-exp of them makes its result infinite. All count in m.
//
// Any other result that is not finite makes L NaN, which stops a training, and
// [Loss.ExplainAnchor] names the part of the formula and the pair.
package formula
