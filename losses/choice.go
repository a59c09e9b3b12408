package losses

import (
	"fmt"
	"strings"
)

// A Choice is a chosen loss: a preset of a [Spec], whose parameters may be changed,
// with a miner or without.
type Choice struct {
	Spec   *Spec
	Preset string
	Value  any   // a Loss, AnchorLoss, PerSideLoss or Factory
	Miner  Miner // nil for none
}

// Choose returns the named preset of a loss of the catalogue: "multi_similarity.paper",
// or "multi_similarity" for the first preset. The error of an unknown name is an
// [UnknownError], which lists the known ones. A name that two losses of the catalogue
// have is an error too, because the name does not say which of them is meant.
func Choose(catalogue []Spec, name string) (Choice, error) {
	loss, preset, _ := strings.Cut(name, ".")
	spec, err := findLoss(catalogue, loss)
	if err != nil {
		return Choice{}, err
	}

	var known []string
	for _, p := range spec.Presets {
		if p.Name == preset || preset == "" {
			return Choice{Spec: spec, Preset: p.Name, Value: p.Value, Miner: p.Miner}, nil
		}
		known = append(known, p.Name)
	}
	return Choice{}, &UnknownError{What: "preset of " + loss, Name: preset, Known: known}
}

// findLoss returns the one entry of the catalogue that has the name.
func findLoss(catalogue []Spec, name string) (*Spec, error) {
	var found *Spec
	var known []string
	for k := range catalogue {
		spec := &catalogue[k]
		known = append(known, spec.Name)
		if spec.Name != name {
			continue
		}

		if found != nil {
			return nil, fmt.Errorf("two losses of the catalogue are named %q (%s and %s); give one of them another name",
				name, found.Title, spec.Title)
		}
		found = spec
	}

	if found == nil {
		return nil, &UnknownError{What: "loss", Name: name, Known: known}
	}
	return found, nil
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

// Loss returns the loss that c describes. A [Factory] makes a new one each time. A miner
// for a loss that is neither a sum over anchors nor a Factory is an error. The miner
// chooses the pairs of one anchor at a time, and such a loss does not evaluate anchors
// one at a time.
func (c Choice) Loss() (Loss, error) {
	var loss Loss
	var err error
	switch v := c.Value.(type) {
	case Loss:
		loss, err = v, RefuseMiner(c.Miner)
	case Factory:
		loss, err = v.New(c.Miner)
	case AnchorLoss:
		loss = MeanMined(c.Miner, v)
	case PerSideLoss:
		loss = MeanPerSideMined(c.Miner, v)
	default:
		return nil, fmt.Errorf("losses: %T is no Loss, AnchorLoss, PerSideLoss or Factory; Choose returns a choice that has one", c.Value)
	}

	if err != nil {
		return nil, fmt.Errorf("%s %w", c.Spec.Name, err)
	}
	return loss, nil
}

// Form returns the Form of the preset, which names its formula in the settings of a run.
// It is the name of the loss for a preset without a Form.
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

// Traits returns the traits of the loss, of its preset and of its miner.
func (c Choice) Traits() Traits {
	traits := c.Spec.Traits
	if s := minerSpec(c.Miner); c.Miner != nil && s != nil {
		traits |= s.Traits
	}

	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset {
			traits |= p.Traits
		}
	}

	return traits
}

// Caption returns the hyper-parameters for readers: "α 2, β 40, λ 0.5, MS mining ε 0.1".
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

// MinerCaption returns the miner with its parameters, "MS mining ε 0.1", or "" if there
// is none.
func (c Choice) MinerCaption() string {
	if c.Miner == nil {
		return ""
	}

	caption := "mining"
	if s := minerSpec(c.Miner); s != nil {
		caption = s.Title
	}

	for _, p := range Parameters(c.Miner) {
		caption += " " + p.Symbol + " " + p.Text()
	}

	return caption
}
