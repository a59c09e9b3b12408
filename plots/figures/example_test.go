package figures_test

import (
	"bytes"
	"context"
	"fmt"

	"gpwbench/gpw"
	"gpwbench/losses"
	"gpwbench/plots/figures"
)

// The weights of two losses on the fixed batch, side by side.
func Example() {
	batch, err := figures.FixedBatch()
	if err != nil {
		panic(err)
	}
	var all []figures.Loss
	for _, name := range []string{"contrastive", "multi_similarity"} {
		choice, err := losses.Choose(losses.Catalogue, name)
		if err != nil {
			panic(err)
		}
		all = append(all, figures.Loss{Label: choice.Spec.Title, Choice: choice})
	}

	scatters, err := batch.Scatters(context.Background(), all, gpw.Pooling{})
	if err != nil {
		panic(err)
	}
	sweeps, err := figures.OwnSweeps(all, gpw.Pooling{})
	if err != nil {
		panic(err)
	}
	drawn, err := figures.Layout{Subject: "two"}.Scatters(scatters, sweeps...)
	if err != nil {
		panic(err)
	}
	for _, named := range drawn {
		svg, err := figures.Encode(named.Figure, "svg")
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s.svg, an SVG: %v\n", named.Name, bytes.Contains(svg, []byte("<svg")))
	}
	// Output:
	// compare_two.svg, an SVG: true
}

// The weight of one pair while its own similarity moves, as the data of a figure.
func ExampleLayout_Sweeps() {
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		panic(err)
	}
	all := []figures.Loss{{Label: "Contrastive", Choice: choice}}
	drawn, err := figures.Layout{}.Sweeps(context.Background(), all, []gpw.Axis{gpw.S}, gpw.Pooling{})
	if err != nil {
		panic(err)
	}
	csv, err := figures.Encode(drawn[0].Figure, "csv")
	if err != nil {
		panic(err)
	}
	header, _, _ := bytes.Cut(csv, []byte("\n"))
	fmt.Println(drawn[0].Name)
	fmt.Println(string(header))
	// Output:
	// sweep
	// loss,parameters,moves,kind,S,N_mean,P_mean,m_w
}
