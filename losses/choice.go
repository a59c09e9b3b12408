package losses

import (
	"fmt"
	"reflect"
	"strings"
)

// A Choice is a loss as somebody chose it: a preset of a Spec, its parameters perhaps changed, with a miner or without.
type Choice struct {
	Spec   *Spec
	Preset string
	Value  any   // a Loss, an AnchorLoss, a PerSideLoss, a Stateful or a Mineable
	Miner  Miner // nil for none
}

// Choose returns the named preset of a loss of the catalogue: "multi_similarity.paper", or "multi_similarity" for the first preset.
// The error of an unknown name lists what there is.
func Choose(catalogue []Spec, name string) (Choice, error) {
	loss, preset, _ := strings.Cut(name, ".")
	for k := range catalogue {
		spec := &catalogue[k]
		if spec.Name != loss {
			continue
		}
		for _, p := range spec.Presets {
			if p.Name == preset || preset == "" {
				return Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner}, nil
			}
		}
		var known []string
		for _, p := range spec.Presets {
			known = append(known, p.Name)
		}
		return Choice{}, &UnknownError{What: "preset of " + loss, Name: preset, Known: known}
	}
	var known []string
	for _, s := range catalogue {
		known = append(known, s.Name)
	}
	return Choice{}, &UnknownError{What: "loss", Name: loss, Known: known}
}

// An UnknownError says that a name is not among the known ones.
type UnknownError struct {
	What, Name string
	Known      []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown %s %q; known: %s", e.What, e.Name, strings.Join(e.Known, ", "))
}

// Name returns the loss and its preset in one word, such as multi_similarity.official.
func (c Choice) Name() string { return c.Spec.Name + "." + c.Preset }

// Loss returns the loss that c describes; from a [Stateful] or a [Mineable], a fresh one each time. A miner around a loss that is not a sum over anchors
// is an error, because it would have to choose pairs from one anchor's view for a loss that has none.
func (c Choice) Loss() (Loss, error) {
	switch v := c.Value.(type) {
	case Loss:
		return v, c.minerless()
	case Stateful:
		return v.Fresh(0), c.minerless()
	case Mineable:
		return v.Mine(c.Miner), nil
	case AnchorLoss:
		switch m := c.Miner.(type) {
		case nil:
			return Mean(v), nil
		case BatchMiner:
			return minedOver{m, v}, nil
		}
		return Mean(Mined{Miner: c.Miner, Loss: v}), nil
	case PerSideLoss:
		switch m := c.Miner.(type) {
		case nil:
			return MeanPerSide(v), nil
		case BatchMiner:
			return sidesOver{m, v}, nil
		}
		return MeanPerSide(minedSides{c.Miner, v}), nil
	}
	panic(fmt.Sprintf("losses: %T is neither a Loss nor an AnchorLoss, a PerSideLoss, a Stateful or a Mineable", c.Value))
}

// Form returns the Form of the preset: what the settings of a run call its formula. For a
// preset that has none it is the name of the loss.
func (c Choice) Form() string {
	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset && p.Form != "" {
			return p.Form
		}
	}
	return c.Spec.Name
}

// MinerForm returns the Form of the miner, "none" where there is none.
func (c Choice) MinerForm() string { return minerForm(c.Miner) }

// minerless returns an error if there is a miner.
func (c Choice) minerless() error {
	if c.Miner == nil {
		return nil
	}
	return fmt.Errorf("%s compares pairs of the whole batch, so a miner cannot choose an anchor's pairs for it; write miner: none", c.Spec.Name)
}

// Traits returns the traits of the loss and of its preset.
func (c Choice) Traits() Traits {
	traits := c.Spec.Traits
	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset {
			traits |= p.Traits
		}
	}
	return traits
}

// Caption returns the hyper-parameters as people write them: "α 2, β 40, λ 0.5, MS mining ε 0.1".
func (c Choice) Caption() string {
	var parts []string
	for _, p := range Parameters(c.Value) {
		parts = append(parts, p.Symbol+" "+p.Text())
	}
	if c.Miner != nil {
		parts = append(parts, c.MinerCaption())
	}
	return strings.Join(parts, ", ")
}

// MinerCaption returns the miner with its parameters, "MS mining ε 0.1", or "" if there is none.
func (c Choice) MinerCaption() string {
	if c.Miner == nil {
		return ""
	}
	caption := "mining"
	for _, m := range Miners {
		if reflect.TypeOf(m.Value) == reflect.TypeOf(c.Miner) {
			caption = m.Title
		}
	}
	for _, p := range Parameters(c.Miner) {
		caption += " " + p.Symbol + " " + p.Text()
	}
	return caption
}
