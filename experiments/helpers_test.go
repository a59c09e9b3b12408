package experiments

import (
	"gpwbench/experiments/spec"
	"gpwbench/losses"
)

func parseSpec(source string, overrides ...string) (*spec.Spec, error) {
	return spec.Parse("s.yaml", []byte(source), overrides, losses.Catalogue)
}

const smallSpec = `name: small
datasets: [{name: cub, synthetic: cub}]
losses: [contrastive]
`
