// Package formula makes a loss of formulas, so that a new loss is a line of text and not
// of Go. [New] compiles a [Source]; the [Loss] it returns is used like any other.
//
// There are two forms. As weights, the form of General Pair Weighting (Wang et al., CVPR
// 2019, eq. 3), positive and negative are the weights w of an anchor's pairs, and they
// are the gradient:
//
//	G_ij = −w_ij/m on positives, +w_ij/m on negatives      L = Σ G_ij·S_ij
//
// As a value, the formula is the loss of one anchor, L is its mean over the m anchors,
// and G its exact derivative, by reverse accumulation. Conditions select pairs; no
// gradient flows through the selection.
//
// A formula is arithmetic over three things: s, the similarity of a pair; sums, means,
// extremes and log-sum-exps of an anchor's positives and of its negatives; and named
// parameters. docs/formulas.md of the project is the manual and lists all functions. No
// others can be called, and length, depth and size are bounded, so a formula of unknown
// origin is safe to evaluate.
//
// # What is not finite
//
// An empty sum is 0, and so is an empty mean. The maximum of no numbers is −∞, the
// minimum ∞, the log-sum-exp −∞. 0/0 is 0. An anchor none of whose pairs are selected
// adds 0. So does an anchor without positives, or without negatives, where an extreme or
// a log-sum-exp of them makes its result infinite. All of them count in m.
//
// Any other result that is not finite makes L NaN, which stops a training, and
// [Loss.ExplainAnchor] names the part of the formula and the pair.
package formula
