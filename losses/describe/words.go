package describe

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/losses"
)

// EveryLoss returns the catalogue and, after it, the losses that compare with proxies.
func EveryLoss() []losses.Spec {
	return append(slices.Clip(losses.Catalogue), losses.ProxyLosses...)
}

// EveryPreset returns every preset of every loss of the catalogue, in its order.
func EveryPreset() []losses.Choice {
	var all []losses.Choice
	for k := range losses.Catalogue {
		spec := &losses.Catalogue[k]
		for _, p := range spec.Presets {
			all = append(all, losses.Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner})
		}
	}
	return all
}

// families returns the families of EveryLoss, in the order of tables.
func families() []losses.Family { return append(slices.Clip(losses.Families), losses.Proxies) }

// Heading names a loss with its parameters. A user-defined loss has its formula on a
// second line.
func Heading(c losses.Choice) string {
	text := fmt.Sprintf("%s (%s)", c.Name(), c.Caption())
	if formula := Formula(c); formula != "" {
		text += "\n" + formula
	}
	return text
}

// Formula returns the formula of a user-defined loss, and "" for a loss of the catalogue.
func Formula(c losses.Choice) string {
	if c.Spec == nil || c.Spec.Family != losses.Formulas {
		return ""
	}
	return c.Spec.Formula
}

// VectorMeansNote says what the weights of a loss leave out that also reads the means of
// the vectors. It is "" for a loss of S alone. name is how the format writes the loss.
func VectorMeansNote(name string, traits losses.Traits) string {
	if traits&losses.ReadsVectorMeans == 0 {
		return ""
	}
	return name + " reads the means of the vectors beside S: its weights are the part of its gradient that goes through S"
}

// notes returns the sentences on a loss that its user must read. name is how the format
// writes its name.
func notes(name string, s losses.Spec) []string {
	all := slices.Clip(s.Notes)
	if note := VectorMeansNote(name, s.Traits); note != "" {
		all = append(all, note+".")
	}
	return all
}

// names joins the names of traits.
func names(t losses.Traits) string { return strings.Join(t.Names(), ", ") }
