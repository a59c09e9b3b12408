// Package verification measures how well one threshold on the similarity tells pairs of
// one class from pairs of two.
//
// # Route
//
//   - [Evaluate] compares all rows of a set with each other, and [EvaluateGallery] all
//     queries with all gallery rows. Both give [Scores]: the area under the ROC curve,
//     the equal error rate, the true accept rate at false accept rates, and the
//     thresholds of the greatest accuracy.
//   - [Options.OPIS] asks how much the effect of one threshold differs between classes.
//   - [Options.Sample] asks for random pairs instead of all, with intervals.
//   - [Scores.Remarks] says in sentences what the figures do not show.
//
// # Conventions
//
//   - A pair of one label is positive, every other pair is negative. A pair of rows of
//     one set is counted once, and no row is paired with itself. Rows whose class has no
//     other row are in negative pairs only.
//   - Similarity is the cosine of the rows as given. A pair is accepted if its
//     similarity is at least the threshold.
//   - The rates are FAR, the accepted share of the negatives (also FMR, FPR), and TAR,
//     the accepted share of the positives (also TPR). FRR, or FNMR, is 1 − TAR.
//   - Pairs that are equal, or too close for float64 to order, are accepted together.
//     The ROC curve is a straight line across them, as in scikit-learn.
//
// # What exact means
//
// Every pair is counted, and none is left out, unless [Options.Sample] says so.
// Positives are few: they are computed in float64 and sorted. Negatives are counted
// between them.
//
//   - Up to [directWork] multiplications, negatives are computed in float64 too. Then
//     all figures are those of the exact cosines, up to pairs that float64 cannot order,
//     which count as tied.
//   - Beyond that, negatives are computed in float32, whose error has a proved bound e
//     ([retrieval.Pairs.Error32]: 4·10⁻⁶ for most rows of 512 dimensions, and seldom
//     above 10⁻⁷ in fact), and counted in bins of 2⁻¹⁷. Negatives that could be on the
//     wrong side of a positive on which an operating point depends are then computed in
//     float64 in a second pass, so EER, rates and thresholds are those of the exact
//     cosines. For the AUC, which depends on all pairs, [Figure] has the proved range.
//   - Where e leaves more than [tolerance] of the AUC open, as for collapsed embeddings
//     and for binary codes, all negatives are computed in float64, which is slower, and
//     right.
//   - More than [keptPositives] positives are not kept but counted in bins of 2⁻¹⁷, as
//     the negatives are. Then all figures have a proved range.
package verification
