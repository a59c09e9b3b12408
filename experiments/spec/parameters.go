package spec

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
)

// parameters reads a mapping of parameters onto a loss or a miner.
func parameters[T any](d *decoder, n *yaml.Node, what string, value T) T {
	var fields []field
	set := func(p losses.Parameter) func(n *yaml.Node) {
		return func(n *yaml.Node) {
			if n.Kind != yaml.ScalarNode {
				d.add(n, "%s must be one value, not %s", p.Name, show(n))
				return
			}

			var x any = n.Value
			if p.Domain.Words == nil {
				v, ok := d.float(n, p.Name)
				if !ok {
					return
				}
				x = v
			}

			changed, err := losses.With(value, p.Name, x)
			if err != nil {
				hint := ""
				if p.Domain.Words != nil {
					hint = DidYouMean(n.Value, p.Domain.Words)
				}
				d.add(n, "%v%s", err, hint)
				return
			}

			value = changed
		}
	}

	ps := losses.Parameters(value)
	for _, p := range ps {
		fields = append(fields, field{p.Name, set(p)})
	}
	if len(ps) == 0 && n.Kind == yaml.MappingNode && len(n.Content) > 0 {
		d.add(n, "%s has no parameters here", what)
		return value
	}

	d.mapping(d.withoutAliases(n, ps), "the parameters of "+what, fields...)
	return value
}

// withoutOthers removes the parameters that only other presets of the loss have, and
// reports them: the documentation lists the parameters of all presets.
func (d *decoder) withoutOthers(n *yaml.Node, c losses.Choice) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}

	kept := *n
	kept.Content = nil
	for _, pair := range pairs(n) {
		key := pair[0].Value
		var others []string
		for _, p := range c.Spec.Presets {
			if hasParameter(p.Value, key) {
				others = append(others, p.Name)
			}
		}
		if others == nil || hasParameter(c.Value, key) {
			kept.Content = append(kept.Content, pair[0], pair[1])
			continue
		}
		d.add(pair[0], "%s has no %s; these presets of %s have it: %s", c.Name(), key, c.Spec.Name, strings.Join(others, ", "))
	}

	return &kept
}

// hasParameter reports whether a loss has a parameter of that name.
func hasParameter(value any, name string) bool {
	return slices.ContainsFunc(losses.Parameters(value), func(p losses.Parameter) bool {
		return p.Name == name || slices.Contains(p.Aliases, name)
	})
}

// withoutAliases renames keys known from other tools to ours and adds a hint.
func (d *decoder) withoutAliases(n *yaml.Node, ps []losses.Parameter) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}

	c := *n
	c.Content = nil
	for _, pair := range pairs(n) {
		key := *pair[0]
		for _, p := range ps {
			for _, alias := range p.Aliases {
				if key.Value == alias {
					d.hints = append(d.hints, d.at(key.Line, key.Column)+": "+alias+" is called "+p.Name+" here")
					key.Value = p.Name
				}
			}
		}
		c.Content = append(c.Content, &key, pair[1])
	}

	return &c
}

// miner reads the block miner. Another name replaces the preset's miner, the name none
// removes it, and parameters change it.
func (d *decoder) miner(n *yaml.Node, current losses.Miner) losses.Miner {
	name := block(n)
	if name.Value == "none" && name.Kind == yaml.ScalarNode {
		if name != n && len(n.Content) > 2 {
			d.add(n, "miner none takes all pairs and has no other keys; name a miner, or remove them")
		}
		return nil
	}
	// Without a name, the preset's miner has other parameters.
	if name == n && n.Kind == yaml.MappingNode {
		if current == nil {
			d.add(n, "there is no miner to change here; name one, such as {name: multi_similarity, eps: 0.1}")
			return nil
		}
		return parameters(d, n, "the miner", current)
	}

	known := []string{"none"}
	for _, m := range losses.Miners {
		known = append(known, m.Name)
		if m.Name != name.Value {
			continue
		}

		value := m.Value
		if reflect.TypeOf(current) == reflect.TypeOf(value) {
			value = current
		}
		if n.Kind == yaml.ScalarNode {
			return value
		}

		settings := *n
		settings.Content = nil
		for _, pair := range pairs(n) {
			if pair[0].Value != "name" {
				settings.Content = append(settings.Content, pair[0], pair[1])
			}
		}

		return parameters(d, &settings, "the miner "+m.Name, value)
	}

	var none string
	d.oneOf(name, "miner", &none, known)
	return nil
}
