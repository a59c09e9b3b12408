package describe_test

import (
	"fmt"
	"os"

	"gpwbench/losses"
	"gpwbench/losses/describe"
)

func ExampleCatalogue() {
	choice, err := losses.Choose(losses.Catalogue, "nca")
	if err != nil {
		panic(err)
	}
	if err := describe.Catalogue(os.Stdout, []losses.Spec{*choice.Spec}, "markdown"); err != nil {
		panic(err)
	}
}

func ExampleEntries() {
	for _, e := range describe.Entries(losses.Catalogue[:2]) {
		fmt.Println(e.Name, len(e.Presets) > 0)
	}
	// Output:
	// npairs true
	// nca true
}
