package cli

import (
	"fmt"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
)

// A rerankingFlag is a re-ranking as k1,k2,lambda.
type rerankingFlag retrieval.Reranking

// String and Type serve the help.
func (f *rerankingFlag) String() string {
	if f.K1 == 0 {
		return ""
	}
	return fmt.Sprintf("%d,%d,%g", f.K1, f.K2, f.Lambda)
}

func (f *rerankingFlag) Type() string { return "k1,k2,lambda" }

// Set reads all three.
func (f *rerankingFlag) Set(text string) error {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return usagef("%q is no re-ranking: give k1,k2,lambda, such as 20,6,0.3", text)
	}
	for i, k := range []*int{&f.K1, &f.K2} {
		n, err := strconv.Atoi(strings.TrimSpace(parts[i]))
		if err != nil || n < 1 || n > 1_000_000 {
			return usagef("%q is no k%d: it is a number of rows, such as %d", parts[i], i+1, []int{20, 6}[i])
		}
		*k = n
	}
	var err error
	f.Lambda, err = strconv.ParseFloat(strings.TrimSpace(parts[2]), 64)
	if err != nil || !(f.Lambda >= 0 && f.Lambda <= 1) {
		return usagef("%q is no λ: it is between 0, which takes the Jaccard distance alone, and 1", parts[2])
	}
	return nil
}
