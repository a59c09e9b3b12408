package plots_test

import (
	"fmt"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots"
)

// Two classes of two: what Multi-Similarity with its official parameters weighs, as a figure and as its data.
func Example() {
	similarities := []float64{
		1.0, 0.8, 0.6, 0.1,
		0.8, 1.0, 0.3, 0.2,
		0.6, 0.3, 1.0, 0.7,
		0.1, 0.2, 0.7, 1.0,
	}
	batch, err := losses.NewBatch(similarities, []int{0, 0, 1, 1})
	if err != nil {
		panic(err)
	}
	choice, err := losses.Choose(losses.Catalogue, "multi_similarity.weighting")
	if err != nil {
		panic(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		panic(err)
	}
	cloud, err := analysis.NewScatter(gpw.Weigh(loss, batch))
	if err != nil {
		panic(err)
	}
	cloud.Loss, cloud.Title, cloud.Caption, cloud.Dataset = choice.Name(), choice.Spec.Title, choice.Caption(), "four vectors"

	figure := plots.Weights(plots.Page, cloud)
	svg, err := figure.SVG()
	if err != nil {
		panic(err)
	}
	fmt.Println("caption in the drawing:", strings.Contains(string(svg), "α 2, β 40, λ 0.5"))
	data, err := figure.CSV()
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Join(strings.SplitAfterN(string(data), "\n", 5)[:4], ""))
	// Output:
	// caption in the drawing: true
	// loss,step,kind,S,N_mean,P_mean,m_w
	// multi_similarity.weighting,0,positive,0.8,0.45,,0.354344
	// multi_similarity.weighting,0,negative,0.6,0.5,-0.2,0.982014
	// multi_similarity.weighting,0,negative,0.1,-0.5,-0.7,2.02408e-09
}
