package metrics

import (
	"math"

	"gpwbench/benchmarks/structure"
)

var effectiveRank = Metric{
	Name: "effective_rank", Title: "Effective rank", Family: Structure, Least: 1, Most: math.Inf(1),
	Aliases: []string{"erank"},
	Doc:     "exponential of the entropy of the singular values of the rows at length 1, at most the number of dimensions",
	Source:  "Roy and Vetterli, EUSIPCO 2007, of the rows without centring",
	Whole:   ofSpectrum(func(values []float64) (float64, error) { return structure.EffectiveRank(values), nil }),
}
