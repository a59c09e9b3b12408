package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// A SweepKey is a setting of a spec and the values that it has one after the other.
type SweepKey struct {
	// Path is dotted, as an override writes it: "optimizer.lr", "head",
	// "datasets.cub.head.dim", "losses.multi_similarity.params.beta".
	Path string

	// Values are at least one, no two alike: numbers, words, flags, lists (of preprocess)
	// and mappings (of whole blocks).
	Values []any
}

// mostVariants bounds the product of a sweep. A run takes a second or more, so that no
// sweep of so many ends within a day.
const mostVariants = 10_000

const tooManyVariants = "the sweep has more than %d variants, the product of the numbers of values; leave out values or a key, or run it in parts"

// A sweptKey is a key of a sweep as the document has it.
type sweptKey struct {
	override // with one of the values it makes a variant
	values   []*yaml.Node
}

// sweep reads the key sweep.
func (d *decoder) sweep(root, n *yaml.Node) []sweptKey {
	if n.Kind != yaml.MappingNode {
		d.add(n, "sweep must be a mapping of paths to lists of values, such as {optimizer.lr: [1e-5, 1e-4]}")
		return nil
	}

	variants := 1
	for _, pair := range pairs(n) {
		count := 1
		if pair[1].Kind == yaml.SequenceNode {
			count = max(1, len(pair[1].Content)) // one without values is refused below
		}
		if variants *= count; variants > mostVariants { // before any value is read
			d.add(n, tooManyVariants, mostVariants)
			return nil
		}
	}

	var keys []sweptKey
	for _, pair := range pairs(n) {
		before := len(d.found)
		k := d.sweptKey(root, pair[0], pair[1])
		if len(d.found) > before {
			continue
		}
		if d.sweptTwice(keys, k) || d.overridden(root, k) {
			continue
		}
		keys = append(keys, k)
		d.places["sweep."+pair[0].Value] = placeOf(pair[0])
	}

	return keys
}

// sweptKey reads a path and its values.
func (d *decoder) sweptKey(root, key, value *yaml.Node) sweptKey {
	path, _, is := d.splitPath(root, key.Value)
	k := sweptKey{override: override{keys: path, target: path, text: key.Value + " of the sweep", line: key.Line, column: key.Column}}
	if is || key.Kind != yaml.ScalarNode || slices.Contains(path, "") {
		d.add(key, "%s is no path of a setting; write it with points, such as optimizer.lr", show(key))
		return k
	}
	if why := notSwept(path); why != "" {
		d.add(key, "%s is not swept: %s", strings.Join(path, "."), why)
		return k
	}

	k.values = []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		k.values = value.Content
	}
	if len(k.values) == 0 || value.Tag == "!!null" {
		d.add(value, "%s has no values to sweep; write a list, such as [1, 2]", key.Value)
	}
	known := map[string]bool{}
	for _, v := range k.values {
		text := fmt.Sprintf("%#v", asFloats(valueOf(v))) // a map's keys in order
		if known[text] {
			d.add(v, "%s has this value twice; remove one", key.Value)
		}
		known[text] = true
	}
	return k
}

// sourceKeys are the keys of a data set that say which rows are measured.
var sourceKeys = []string{"features", "labels", "layout", "paths", "partition", "ignore", "groups", "train", "query", "gallery", "test", "split", "synthetic", "scale"}

// notSwept says why a setting cannot be swept, or "".
func notSwept(keys []string) string {
	const all = "it changes no training, so ask for all that is to be measured"
	last := keys[len(keys)-1]
	switch {
	case keys[0] == "seeds":
		return "every variant runs with every seed; seeds: 5 sets their number"
	case keys[0] == "name":
		return "it names the folder of all variants"
	case keys[0] == "datasets" && len(keys) == 1:
		return "list all data sets in datasets, or sweep one of their settings, such as datasets.NAME.head.dim"
	case keys[0] == "losses" && len(keys) == 1:
		return "list all losses in losses, or sweep one of their settings, such as losses.NAME.params.KEY"
	case keys[0] == "baselines":
		return "list all baselines in baselines"
	case keys[0] == "metrics", keys[0] == "datasets" && len(keys) > 2 && keys[2] == "metrics":
		return all
	case keys[0] == "launch":
		return "it changes no number; every variant is launched alike"
	case keys[0] == "weights", keys[0] == "keep", keys[0] == "reference":
		return "it changes no number"
	case keys[0] == "sweep":
		return "a sweep holds no other; write its paths beside each other"
	case keys[0] == "datasets" && len(keys) > 2 && slices.Contains(sourceKeys, keys[2]):
		return "figures of other test rows are no sensitivity; list one data set for each value in datasets"
	case keys[0] == "datasets" && len(keys) == 3 && last == "name", keys[0] == "losses" && len(keys) == 3 && last == "label":
		return "it is how the row or the data set is called"
	}
	return ""
}

// sweptTwice reports, after adding it, that a key sets what another one sets too.
func (d *decoder) sweptTwice(keys []sweptKey, k sweptKey) bool {
	for _, o := range keys {
		mine, other := strings.Join(k.keys, "."), strings.Join(o.keys, ".")
		for _, target := range k.targets(d) {
			for _, earlier := range o.targets(d) {
				switch {
				case slices.Equal(target, earlier):
					d.add(k.at(), "%s is swept before, at %s; remove one", mine, d.at(o.line, o.column))
					return true
				case isWithin(target, earlier), isWithin(earlier, target):
					d.add(k.at(), "%s and %s, at %s, set the same in part; sweep one of them", mine, other, d.at(o.line, o.column))
					return true
				}
			}
		}
	}
	return false
}

// targets are the paths that a key sets, with the numbers of rows for their names.
func (k sweptKey) targets(d *decoder) [][]string {
	if k.keys[0] != "losses" || len(k.keys) < 2 {
		return [][]string{k.target}
	}
	var all [][]string
	for row, names := range d.rowNames.names {
		if slices.Contains(names, k.keys[1]) {
			all = append(all, append([]string{"losses", strconv.Itoa(row)}, k.keys[2:]...))
		}
	}
	return all
}

// overridden reports, after adding it, that an override sets what is swept.
func (d *decoder) overridden(root *yaml.Node, k sweptKey) bool {
	for _, target := range k.targets(d) {
		n := root
		for depth, key := range target {
			switch {
			case depth == 1 && target[0] == "datasets" && n.Kind == yaml.SequenceNode:
				n = elementNamed(n, key)
			case depth == 1 && target[0] == "losses":
				row, _ := strconv.Atoi(key) // which targets wrote
				n = n.Content[row]
			default:
				n = lookup(n, key)
			}
			if n == nil {
				break
			}
		}
		if n != nil && n.Line < 0 && n.Line != k.line {
			d.add(k.at(), "%s is swept here and set by %s; leave one of them out", strings.Join(k.keys, "."), d.at(n.Line, 0))
			return true
		}
	}
	return false
}

// valueOf returns a value of YAML: a number, a text, a flag, a list or a mapping.
func valueOf(n *yaml.Node) any {
	var v any
	if n.Decode(&v) != nil {
		return n.Value
	}
	return v
}

// alike reports whether two values are equal; 1 and 1.0 are.
func alike(a, b any) bool { return reflect.DeepEqual(asFloats(a), asFloats(b)) }

// asFloats returns a value with all its numbers as float64.
func asFloats(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case uint64:
		return float64(v)
	case []any:
		all := make([]any, len(v))
		for k, e := range v {
			all[k] = asFloats(e)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for key, e := range v {
			all[key] = asFloats(e)
		}
		return all
	}
	return v
}
