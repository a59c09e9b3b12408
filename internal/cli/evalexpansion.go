package cli

import (
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
)

// An expansionFlag is a query expansion as K or K,alpha.
type expansionFlag retrieval.Expansion

// String and Type serve the help.
func (f *expansionFlag) String() string {
	if f.K == 0 {
		return ""
	}
	return strconv.Itoa(f.K) + "," + strconv.FormatFloat(f.Alpha, 'g', -1, 64)
}

func (f *expansionFlag) Type() string { return "K[,alpha]" }

// Set reads K, with α = 0, or both.
func (f *expansionFlag) Set(text string) error {
	rows, alpha, both := strings.Cut(text, ",")
	k, err := strconv.Atoi(strings.TrimSpace(rows))
	if err != nil || k < 1 {
		return usagef("%q is no number of rows: give K, such as 10, or K,alpha, such as 10,3", rows)
	}
	f.K, f.Alpha = k, 0
	if !both {
		return nil
	}
	f.Alpha, err = strconv.ParseFloat(strings.TrimSpace(alpha), 64)
	if err != nil || !(f.Alpha >= 0 && f.Alpha <= 1000) {
		return usagef("%q is no α: it is between 0, which weighs all rows alike, and 1000", alpha)
	}
	return nil
}
