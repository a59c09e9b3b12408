package experiments

import (
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/matrix"
)

func parseSpec(source string, overrides ...string) (*spec.Spec, error) {
	return spec.Parse("s.yaml", []byte(source), overrides, losses.Catalogue)
}

const smallSpec = `name: small
datasets: [{name: cub, synthetic: cub}]
losses: [contrastive]
`

// take copies rows with their labels.
func take(x matrix.Matrix, labels []int, rows []int) (matrix.Matrix, []int) {
	taken, of, err := new(featureMemory).take(x, labels, rows)
	if err != nil {
		panic(err) // of a full disk, and only for features beyond memory
	}
	return taken, of
}
