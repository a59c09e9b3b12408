package cli

import (
	"context"
	"fmt"
)

// probePage is the page of the documents with what the weights of every preset depend on; docs/probe.md holds it. The effects are left out,
// which take longer than a test may.
func probePage(w writer) error {
	if _, err := fmt.Fprint(w, `# What the weights of losses depend on

Written by `+"`make docs`"+` with what `+"`gpw probe`"+` measures; `+"`gpw probe --table effects`"+` adds Sobol' indices, and `+"`--format json`"+` has every
number. Nothing here is asserted from a table: for each tick one part of S was moved, the rest held, and the gradient read again.

`); err != nil {
		return err
	}
	p := probing{losses: everyPreset(), seed: 1, ticks: true}
	measured, err := p.run(context.Background(), func(int) {})
	if err != nil {
		return err
	}
	return p.write(w, "markdown", map[string]bool{"ticks": true, "cases": true, "threshold": true}, measured)
}
