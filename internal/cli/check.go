package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

func checkCommand() *cobra.Command {
	var loss, out, format string
	var seed uint64
	formats := append([]string{"text", "json"}, gridFormats...)
	cmd := &cobra.Command{
		Use:   "check --loss LOSS",
		Short: "Hold a loss against the contract that every loss meets",
		Long: `Check evaluates a loss on many small batches and says of every property of the contract whether it holds: gradients against finite
differences, permutations, relabelling, duplicates, degenerate batches, memory, descent. It exits with 1 if one fails.

LOSS is a name, a name with preset, or a YAML flow mapping with a spec's keys.`,
		Example: `  gpw check --loss multi_similarity
  gpw check --loss '{name: contrastive, params: {lambda: 0.3}, miner: multi_similarity}'`,
		Args: arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, formats); err != nil {
				return err
			}
			if err := needFlags(cmd, "loss"); err != nil {
				return err
			}
			row, hints, err := spec.ParseLoss(loss, losses.Catalogue)
			if err != nil {
				return err
			}
			for _, hint := range hints {
				say(cmd, "%s", hint)
			}
			properties := losstest.Check(row.Choice, seed)
			if err := output(cmd, out, func(w writer) error { return writeProperties(w, format, row.Choice, properties) }); err != nil {
				return err
			}
			return failure(row.Choice, properties)
		},
	}
	f := cmd.Flags()
	f.StringVar(&loss, "loss", "", "the loss: a name, a name with preset, or a YAML mapping")
	f.Uint64Var(&seed, "seed", 1, "of the batches")
	outputFlags(cmd, &out, &format, formats)
	return cmd
}

// failure says in one line that properties fail, of which the table has every reason; nil if none does.
func failure(c losses.Choice, properties []losstest.Property) error {
	failed := 0
	var first losstest.Property
	for _, p := range properties {
		if p.Status != losstest.Fail {
			continue
		}
		if failed++; failed == 1 {
			first = p
		}
	}
	if failed == 0 {
		return nil
	}
	return fmt.Errorf("%s fails %d of %d properties, first %s: %s", c.Name(), failed, len(properties), first.Name, strings.ReplaceAll(first.Why, "\n", " "))
}

func writeProperties(w writer, format string, c losses.Choice, properties []losstest.Property) error {
	if format == "json" {
		type property struct {
			Name   string `json:"name"`
			Status string `json:"status"`
			Why    string `json:"why"`
		}
		j := struct {
			Loss       string     `json:"loss"`
			Params     string     `json:"params"`
			Formula    string     `json:"formula,omitempty"` // of a loss of formulas
			Properties []property `json:"properties"`
		}{c.Name(), c.Caption(), writtenFormula(c), []property{}}
		for _, p := range properties {
			j.Properties = append(j.Properties, property{p.Name, p.Status.String(), p.Why})
		}
		return writeJSON(w, j, "  ")
	}
	g := &grid{header: []string{"property", "status", "why"}}
	for _, p := range properties {
		g.add(p.Name, p.Status.String(), strings.ReplaceAll(p.Why, "\n", " "))
	}
	if format == "text" {
		if _, err := fmt.Fprintf(w, "%s\n\n", heading(c)); err != nil {
			return err
		}
	}
	return g.write(w, format)
}

// heading names a loss with its parameters, and one that somebody wrote down with its formula.
func heading(c losses.Choice) string {
	text := fmt.Sprintf("%s (%s)", c.Name(), c.Caption())
	if formula := writtenFormula(c); formula != "" {
		text += "\n" + formula
	}
	return text
}

// writtenFormula is the formula of a loss that somebody wrote down, and "" of one of the
// catalogue.
func writtenFormula(c losses.Choice) string {
	if c.Spec.Family != losses.Formulas {
		return ""
	}
	return c.Spec.Formula
}
