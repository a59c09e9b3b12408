package stats

import "math"

// MaxSignFlips is the largest number of differences that [SignFlip] takes.
const MaxSignFlips = 20

// SignFlip returns the two-sided p of the exact sign-flip test (Fisher's randomisation
// test of pairs): the share of the 2ⁿ ways to give the differences signs in which their
// sum is at least as far from 0 as it is. It holds whatever the law of the differences,
// if under the hypothesis it is symmetric about 0. It returns false for more than
// [MaxSignFlips] differences, and for none. Differences are finite.
//
// No p is below [SmallestSignFlip]; ask [SignFlipReaches] before it is used.
func SignFlip(differences []float64) (p float64, ok bool) {
	n := len(differences)
	if n == 0 || n > MaxSignFlips {
		return 0, false
	}
	mustBeFinite(differences)
	var sum, size float64
	for _, d := range differences {
		sum += d
		size += math.Abs(d)
	}
	// Sums that are equal in exact arithmetic count as equal.
	least := math.Abs(sum) - 1e-12*size

	// The first sign is kept, as flipping all signs changes no distance from 0.
	first := signedSums(differences[1:1+(n-1)/2], differences[0])
	second := signedSums(differences[1+(n-1)/2:], 0)
	count := 0
	for _, x := range first {
		for _, y := range second {
			if math.Abs(x+y) >= least {
				count++
			}
		}
	}

	return math.Ldexp(float64(count), 1-n), true
}

// signedSums returns base ± d₁ ± d₂ …, for all choices of signs.
func signedSums(differences []float64, base float64) []float64 {
	sums := []float64{base}
	for _, d := range differences {
		for k, s := range sums {
			sums[k] = s + d
			sums = append(sums, s-d)
		}
	}

	return sums
}

// SmallestSignFlip returns 2^(1−n), the smallest p that the sign-flip test of n ≥ 1
// differences can give: that of differences which all have one sign.
func SmallestSignFlip(n int) float64 {
	return math.Ldexp(1, 1-n)
}

// SignFlipReaches reports whether the sign-flip test of n differences can be
// significant at a level after a correction for comparisons tests: whether its smallest
// p times comparisons is below the level. With 5 seeds it cannot at 0.05, even for one
// comparison.
func SignFlipReaches(n, comparisons int, level float64) bool {
	return n >= 1 && n <= MaxSignFlips && SmallestSignFlip(n)*float64(comparisons) < level
}
