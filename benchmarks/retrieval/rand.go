package retrieval

// adjustedRand is the adjusted Rand index: the share of the pairs of rows that classes
// and clusters both keep together, less its expectation for clusters of these sizes at
// random (Hubert and Arabie, Comparing Partitions, Journal of Classification 2, 1985,
// equation 5):
//
//	ARI = (Σ C(n_ij, 2) − E) / (½(A + B) − E), E = A·B / C(n, 2)
//
// with n_ij rows in common of class i and cluster j, A = Σ C(a_i, 2) over the sizes of
// the classes and B over those of the clusters. It is at least −½ and at most 1, is 1
// for the classes themselves, and 0 in expectation for clusters that are independent of
// them. Greater is better. The counts are integers, so only the last quotient is
// rounded.
func (t contingency) adjustedRand() float64 {
	if t.perfect() {
		return 1
	}

	both := 0.0
	for _, c := range t.cells {
		both += pairsAmong(c.rows)
	}
	a, b := 0.0, 0.0
	for _, n := range t.classes {
		a += pairsAmong(n)
	}
	for _, n := range t.clusters {
		b += pairsAmong(n)
	}

	expected := a / pairsAmong(int(t.rows)) * b
	return (both - expected) / ((a+b)/2 - expected)
}

func pairsAmong(n int) float64 { return float64(n) * float64(n-1) / 2 }
