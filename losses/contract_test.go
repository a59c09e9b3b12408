package losses_test

import (
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// TestContract asks the contract of every preset, as it is and with parameters drawn
// from their domains, and of every miner with a loss.
func TestContract(t *testing.T) {
	checked := map[string]bool{}
	seen := map[string]bool{} // properties that hold, by loss and by preset
	for _, c := range choices(t) {
		t.Run(c.Name()+" "+losses.MinerName(c.Miner), func(t *testing.T) {
			for k, choice := range []losses.Choice{c, losstest.Vary(c, 1), losstest.Vary(c, 2)} {
				for _, p := range losstest.Check(choice, 1) {
					switch p.Status {
					case losstest.Fail:
						t.Errorf("%s (%s): %s", p.Name, choice.Caption(), p.Why)
					case losstest.Pass:
						seen[c.Spec.Name+" "+p.Name] = true
						seen[c.Name()+" "+p.Name] = true
						if k == 0 {
							seen[c.Name()+" with "+losses.MinerName(c.Miner)+" "+p.Name] = true
						}
					}
				}
			}
			checked[c.Name()] = true
		})
	}
	for _, spec := range slices.Concat(losses.Catalogue, losses.ProxyLosses) {
		for _, p := range spec.Presets {
			name := spec.Name + "." + p.Name
			if !checked[name] {
				t.Errorf("%s was not checked", name)
			}
			for _, property := range mustHold(t, spec, p) {
				if !seen[name+" with "+losses.MinerName(p.Miner)+" "+property] {
					t.Errorf("%s, as it is, was not seen to keep %q", name, property)
				}
			}
			for _, trait := range p.Traits.Names() {
				if name := spec.Name + "." + p.Name; trait != "order_dependent" && !seen[name+" trait "+trait] {
					t.Errorf("%s declares %s and does not show it", name, trait)
				}
			}
		}
		for _, trait := range spec.Traits.Names() {
			if trait == "count_divisor" && spec.Traits&losses.BatchCoupled != 0 {
				continue // a divisor cannot be told from the coupling
			}
			if trait != "order_dependent" && !seen[spec.Name+" trait "+trait] {
				t.Errorf("%s declares %s and no preset shows it", spec.Name, trait)
			}
		}
		if spec.Traits&losses.Detached == 0 && spec.Presets[0].Traits&losses.Detached == 0 && !seen[spec.Name+" finite differences"] {
			t.Errorf("%s is smooth nowhere: finite differences checked nothing", spec.Name)
		}
	}
}

// mustHold are properties that may not go unasked: a small step lowers F, and L where G
// is its derivative and the divisor fixed.
func mustHold(t *testing.T, spec losses.Spec, p losses.Preset) []string {
	t.Helper()
	properties := []string{"descent of F"}
	if (spec.Traits|p.Traits)&(losses.Detached|losses.CountDivisor|losses.ReadsVectorMeans) == 0 {
		properties = append(properties, "descent of L", "finite differences")
	}
	l, err := losses.Choice{Spec: &spec, Preset: p.Name, Value: p.Value, Miner: p.Miner}.Loss()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := l.(losses.Trainable); ok {
		properties = append(properties, "trained parameters")
	}
	return properties
}

// choices returns every preset, and for every miner one loss with it.
func choices(t testing.TB) []losses.Choice {
	var all []losses.Choice
	for _, spec := range slices.Concat(losses.Catalogue, losses.ProxyLosses) {
		for _, p := range spec.Presets {
			c, err := losses.Choose([]losses.Spec{spec}, spec.Name+"."+p.Name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
	}
	for _, m := range losses.Miners {
		for _, name := range []string{"contrastive.gpw", "contrastive.pml", "binomial_deviance.gpw", "margin.per_class"} { // an AnchorLoss, a PerSideLoss, one with means over each side, a Factory
			c, err := losses.Choose(losses.Catalogue, name)
			if err != nil {
				t.Fatal(err)
			}
			c.Miner = m.Value
			all = append(all, c)
		}
	}
	return all
}
