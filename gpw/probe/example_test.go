package probe_test

import (
	"context"
	"fmt"
	"os"

	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

func ExampleRun() {
	choice, err := losses.Choose(losses.Catalogue, "nca.log")
	if err != nil {
		panic(err)
	}
	o := probe.Options{Seed: 1, Tables: []string{probe.TicksTable}}
	results, err := probe.Run(context.Background(), []losses.Choice{choice}, o)
	if err != nil {
		panic(err)
	}
	for _, axis := range probe.Axes {
		fmt.Println(axis, results[0].Dependence.Negative.On[axis].Depends())
	}
	// Output:
	// S false
	// N true
	// P true
	// X false
}

func ExampleWrite() {
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		panic(err)
	}
	tables := []string{probe.CasesTable}
	results, err := probe.Run(context.Background(), []losses.Choice{choice}, probe.Options{Tables: tables})
	if err != nil {
		panic(err)
	}
	if err := probe.Write(os.Stdout, results, "csv", tables); err != nil {
		panic(err)
	}
	// Output:
	// loss,case,moves,shift,expected,before,after,by_divisor_alone,responds
	// contrastive.gpw,"case 1, S",the anchor’s whole row,0.15,up,0,1,0,true
	// contrastive.gpw,"case 2, N",the anchor’s other negatives,0.15,down,0,0,0,false
	// contrastive.gpw,"case 3, P",the anchor’s positives,0.15,down,0,0,0,false
}
