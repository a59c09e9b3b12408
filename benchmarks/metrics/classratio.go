package metrics

import (
	"context"
	"fmt"
	"math"

	"gpwbench/benchmarks/structure"
)

var classRatio = Metric{
	Name: "class_ratio", Title: "Intra/inter-class ratio", Family: Structure, Most: math.Inf(1), Neither: true,
	Aliases: []string{"intra_inter", "pi_ratio", "dists@intra_over_inter"},
	Doc:     "mean cosine distance within classes (mean over classes of their means) over that between class centres at length 1; compact classes are no aim by themselves, because classes unseen in training may gain from others",
	Source:  "π_ratio of Roth et al., ICML 2020, as their code has it (dists@intra_over_inter), less classes of one row",
	Whole: func(_ context.Context, e *Evaluation, _ Parameters) (Value, error) {
		p, notes, err := e.pairs()
		if err != nil {
			return Value{}, err
		}
		d, err := structure.ClassDistances(p)
		if err != nil {
			return Value{}, reason(err)
		}
		notes = append(notes, fmt.Sprintf("mean cosine distances: %.4g within classes, %.4g between their centres", d.Intra, d.Inter))
		if d.Left > 0 {
			notes = append(notes, fmt.Sprintf("classes of one row, which have no distance within: %d", d.Left))
		}
		return Value{Range: exactly(d.Ratio), Notes: notes}, nil
	},
}
