package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// cloneSweep copies the keys of a sweep. Values are not changed by anyone.
func cloneSweep(all []SweepKey) []SweepKey {
	all = slices.Clone(all)
	for k := range all {
		all[k].Values = slices.Clone(all[k].Values)
	}
	return all
}

// encodeSweep adds the sweep to a spec as YAML. A spec that was built has its settings in
// the data sets, where a path such as optimizer.lr does not reach them, so a setting that
// is swept for all and is the same in all moves to the top.
func (s *Spec) encodeSweep(root *yaml.Node) {
	var keys []pair
	for _, k := range s.Sweep {
		path := strings.Split(k.Path, ".")
		if path[0] != "losses" && path[0] != "datasets" && len(path) <= 2 {
			lift(root, path)
		}
		keys = append(keys, pair{k.Path, append([]any{}, k.Values...)})
	}
	root.Content = append(root.Content, mapping(pair{"sweep", mapping(keys...)}).Content...)
}

// lift moves the block of a setting from the data sets to the top, or where only that
// setting is the same in all, the setting with the name of its block.
func lift(root *yaml.Node, path []string) {
	var blocks []*yaml.Node
	datasets := lookup(root, "datasets").Content
	for _, d := range datasets {
		if b := lookup(d, path[0]); b != nil {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) == 0 || len(blocks) < len(datasets) || lookup(root, path[0]) != nil {
		return
	}

	if allAlike(blocks) {
		for _, d := range datasets {
			removeKey(d, path[0])
		}
		root.Content = append(root.Content, mapping(pair{path[0], blocks[0]}).Content...)
		return
	}

	var names, leaves []*yaml.Node
	for _, b := range blocks {
		if leaf := lookup(b, path[len(path)-1]); leaf != nil && len(path) == 2 {
			names, leaves = append(names, block(b)), append(leaves, leaf)
		}
	}
	if len(leaves) < len(blocks) || !allAlike(names) || !allAlike(leaves) || path[1] == "name" {
		return
	}
	for _, b := range blocks {
		removeKey(b, path[1])
	}
	top := mapping(pair{path[1], leaves[0]})
	if names[0].Kind == yaml.ScalarNode {
		top = mapping(pair{"name", names[0]}, pair{path[1], leaves[0]})
	}
	root.Content = append(root.Content, mapping(pair{path[0], top}).Content...)
}

func allAlike(nodes []*yaml.Node) bool {
	for _, n := range nodes {
		if !alike(valueOf(n), valueOf(nodes[0])) {
			return false
		}
	}
	return true
}

func removeKey(n *yaml.Node, key string) {
	for k := 0; k+1 < len(n.Content); k += 2 {
		if n.Content[k].Value == key {
			n.Content = slices.Delete(n.Content, k, k+2)
			return
		}
	}
}

// hasOwnLabel reports whether the label says other than the settings do. Without it, a
// variant is labelled by its own settings.
func (r *Row) hasOwnLabel() bool { return r.Memory != nil || r.Label != new(decoder).label(r.Choice) }
