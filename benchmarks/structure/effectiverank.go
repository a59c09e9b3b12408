package structure

import "math"

// EffectiveRank is the exponential of the entropy of the singular values, exp(−Σ p_k
// log p_k) with p_k = σ_k/Σσ (Roy and Vetterli, The Effective Rank: A Measure of
// Effective Dimensionality, EUSIPCO 2007). It is between 1, where all rows are on one
// line, and the smaller of the numbers of rows and columns, where all singular values
// are equal. Neither is better by itself.
func EffectiveRank(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}

	entropy := 0.0
	for _, v := range values {
		if v > 0 {
			entropy -= v / sum * math.Log(v/sum)
		}
	}
	return math.Exp(max(0, entropy))
}
