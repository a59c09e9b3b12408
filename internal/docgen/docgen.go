// Package docgen writes the pages of docs that are made from the catalogue and from
// measurements. Its tests compare docs/losses.md and docs/probe.md with [Losses] and
// [Probe]; with -update, as make docs runs them, they write the pages.
package docgen

import (
	"context"
	"fmt"
	"io"

	"gpwbench/gpw/probe"
	"gpwbench/losses/describe"
)

// Losses writes docs/losses.md, which lists every loss. The error is that of w.
func Losses(w io.Writer) error {
	if _, err := fmt.Fprint(w, lossesOpening); err != nil {
		return err
	}
	return describe.Page(w)
}

// Probe writes docs/probe.md, with what the weights of every preset depend on. The
// effects are left out, because measuring them takes longer than a test may. The
// error is that of [probe.Run] or of w.
func Probe(w io.Writer) error {
	if _, err := fmt.Fprint(w, probeOpening); err != nil {
		return err
	}
	tables := []string{probe.TicksTable, probe.CasesTable, probe.ThresholdTable}
	results, err := probe.Run(context.Background(), describe.EveryPreset(), probe.Options{Seed: 1, Tables: tables})
	if err != nil {
		return err
	}
	return probe.Write(w, results, "markdown", tables)
}

const lossesOpening = `# Every loss

Written by ` + "`make docs`" + ` from the catalogue. S is the pair's own similarity, N and P are relative to the anchor's other negatives and
positives: the column *uses* has the ticks that Table 1 of Wang et al., CVPR 2019, prints, and a dash for a loss that is not in it. ` + "`gpw losses NAME`" + `
prints an entry; its formula is that of the first preset, and in what others differ their sources say. An entry says what its gradient holds constant,
which code and which version of it a preset is named after, and in what the two differ; the parameters of later versions may be others. Losses of the family proxy compare with trained proxies of the classes: specs take
them by name, ` + "`losses: all`" + ` leaves them out.

`

const probeOpening = `# What the weights of losses depend on

Written by ` + "`make docs`" + ` with what ` + "`gpw probe`" + ` measures; ` + "`gpw probe --table effects`" + ` adds Sobol' indices, and ` + "`--format json`" + ` has every
number. Nothing here is asserted from a table: for each tick one part of S was moved, the rest held, and the gradient read again.

`
