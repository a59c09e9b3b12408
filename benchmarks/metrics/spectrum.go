package metrics

import (
	"math"

	"gpwbench/benchmarks/structure"
)

var spectrum = Metric{
	Name: "spectrum", Title: "Spectral decay ρ", Family: Structure, Most: math.Inf(1), Lower: true,
	Aliases: []string{"rho", "rho_spectrum", "rho_spectrum@1"},
	Doc:     "divergence of the uniform distribution from that of the singular values of the rows at length 1, in nats; 0 is an even spectrum",
	Source:  "Roth et al., ICML 2020: rho_spectrum@1 of their code, which does not centre the rows",
	Whole:   ofSpectrum(structure.Decay),
}
