package spec

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// ignored reads labels whose rows count for nothing, in their order of bytes.
func (d *decoder) ignored(n *yaml.Node) []string {
	var all []string
	d.list(n, "ignore", func(e *yaml.Node) {
		switch {
		case e.Kind != yaml.ScalarNode || e.Tag == "!!null" || e.Value == "":
			d.add(e, "ignore must be a label as the file has it, or a list of such")
		case slices.Contains(all, e.Value):
			d.add(e, "ignore has %s twice; remove one", e.Value)
		default:
			all = append(all, e.Value)
		}
	})
	slices.Sort(all)
	return all
}

// checkRules refuses rules of rows that a data set does not have.
func (d *decoder) checkRules(n *yaml.Node, s *Dataset) {
	for _, key := range []string{"ignore", "groups"} {
		if of := lookup(n, key); of != nil && !s.HasFiles() {
			d.add(of, "%s is of the rows of files; a stand-in has none", key)
		}
	}
}
