package spec

import (
	"errors"
	"fmt"
	"slices"

	"gpwbench/losses"
)

// standing are the words that are no name of a loss, and what they stand for.
var standing = map[string]string{"all": "every loss", "none": "nothing"}

// builtIn returns the loss that the program has under a name, or nil.
func builtIn(name string) *losses.Spec {
	for _, known := range [][]losses.Spec{losses.Catalogue, losses.ProxyLosses} {
		if k := slices.IndexFunc(known, func(l losses.Spec) bool { return l.Name == name }); k >= 0 {
			return &known[k]
		}
	}
	return nil
}

// checkNames refuses a loss that a spec or a record could not name, or would take for a
// built-in one, whose numbers were published.
func checkNames(c losses.Choice) error {
	name := c.Spec.Name
	if !validName.MatchString(name) {
		return fmt.Errorf("the name of a loss must be lower-case letters, digits and _, beginning with a letter, not %q; change Spec.Name", shorten(name, mostShown))
	}
	if meaning, taken := standing[name]; taken {
		return fmt.Errorf("%s stands for %s where a name is asked for; give the loss another Spec.Name", name, meaning)
	}
	if c.Preset == "" {
		return errors.New(name + " needs the name of a preset: every Preset has a Name, and losses.Choose returns a choice with one")
	}
	if known := builtIn(name); known != nil && !sameLoss(known, c.Spec) {
		return fmt.Errorf("%s is the name of a built-in loss, %s; give the loss another Spec.Name, so that its figures are not taken for the other's", name, known.Title)
	}
	return nil
}

// checkOthers refuses a row whose loss has the name of another loss of an earlier row.
func (s *Spec) checkOthers(row int) error {
	own := s.Losses[row].Choice.Spec
	for k := range row {
		other := s.Losses[k].Choice.Spec
		if other != nil && other.Name == own.Name && !sameLoss(other, own) {
			return fmt.Errorf("%s is another loss than that of losses[%d], which has the same name; give one of them another Spec.Name", own.Name, k)
		}
	}
	return nil
}

// sameLoss reports whether two specs describe one loss. A catalogue may be a copy. Of
// losses that are formulas the Form says all, and each row has its own.
func sameLoss(a, b *losses.Spec) bool {
	if a == b {
		return true
	}
	if a.Family == losses.Formulas && b.Family == losses.Formulas {
		return true
	}
	return same(*a, *b)
}
