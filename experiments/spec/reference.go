package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// A Key is what the reference says of a key of a spec. The texts are one line of Markdown
// each.
type Key struct {
	Path    string // with points, such as optimizer.lr; below losses and datasets without a name
	What    string
	Default string
	Values  string
	Example string   // YAML of one line that sets the key, and begins with its first part
	Words   []string // the values of a key that takes one of few words
}

// A Section is the keys of one part of a spec.
type Section struct {
	Name string // experiment, launch, dataset, training, loss or elsewhere
	Keys []Key
}

// Reference returns every key of a spec, in the order of docs/spec.md. Settings of a
// block are described by the tags by which the decoder reads them: their meaning (doc),
// domain (in), the names that have them (of), and where it does not follow from these,
// what is printed as default, values and example. The keys of a formula are not among
// them.
func Reference() []Section {
	sections := []Section{
		{"experiment", experimentKeys()},
		{"launch", launchKeys()},
		{"dataset", datasetKeys()},
		{"training", trainingKeys()},
		{"loss", lossKeys()},
		{"elsewhere", elsewhereKeys()},
	}
	for _, s := range sections {
		for k := range s.Keys {
			if s.Keys[k].Values == "" {
				s.Keys[k].Values = "`" + strings.Join(s.Keys[k].Words, "`, `") + "`"
			}
		}
	}

	return sections
}

// blockKeys returns the keys of a block of settings. The variants are the block by its
// names, the default name first, with the defaults of each. example has %s for the block.
func blockKeys(path, example string, variants ...any) []Key {
	var keys []Key
	for _, v := range variants {
		t := reflect.TypeOf(v)
		for k, p := range losses.Parameters(v) {
			if !slices.ContainsFunc(config.Keys(v), func(own losses.Parameter) bool { return own.Name == p.Name }) {
				continue
			}
			keys = addTagged(keys, path+"."+p.Name, example, p, t.Field(k).Tag, nameOf(v))
		}
	}
	return keys
}

// nameOf is the name of a block or a protocol, or empty where it has none.
func nameOf(block any) string {
	if p, ok := block.(protocol.Protocol); ok {
		return p.Name()
	}
	return config.Name(block)
}

// addTagged adds the key of a field, or what another variant has as its default.
func addTagged(keys []Key, path, example string, p losses.Parameter, tag reflect.StructTag, name string) []Key {
	value := code(defaultOf(p, tag))
	for k := range keys {
		if keys[k].Path != path {
			continue
		}
		if first, _, _ := strings.Cut(keys[k].Default, ", of"); first != value && p.Name != "name" {
			keys[k].Default += fmt.Sprintf(", of `%s` %s", name, value)
		}
		return keys
	}

	values := tag.Get("values")
	if values == "" {
		values = valuesOf(p)
	}
	return append(keys, Key{
		Path: path, What: code(tag.Get("doc")), Default: value, Values: code(values),
		Example: fmt.Sprintf(example, tag.Get("example")), Words: p.Domain.Words,
	})
}

// code turns quoted words of a tag, which cannot hold back-ticks, into code of Markdown.
func code(text string) string { return quoted.ReplaceAllString(text, "`$1`") }

var quoted = regexp.MustCompile(`'([^' ][^']*)'`)

func defaultOf(p losses.Parameter, tag reflect.StructTag) string {
	if text, ok := tag.Lookup("default"); ok {
		return text
	}
	switch v := p.Value.(type) {
	case string:
		return "'" + v + "'"
	case float64:
		if v != 0 && v < 1e-3 {
			return strings.Replace(strconv.FormatFloat(v, 'e', -1, 64), "e-0", "e-", 1)
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(p.Value)
}

// valuesOf writes a domain as the reference does.
func valuesOf(p losses.Parameter) string {
	if p.Domain.Words != nil {
		return "'" + strings.Join(p.Domain.Words, "', '") + "'"
	}
	if _, whole := p.Value.(int); !whole {
		return p.Domain.String()
	}
	if p.Domain.High == maxInt {
		return fmt.Sprintf("%d and more", int(p.Domain.Low))
	}
	return fmt.Sprintf("%d to %d", int(p.Domain.Low), int(p.Domain.High))
}

// protocolKeys are the settings of all protocols.
func protocolKeys() []Key {
	var keys []Key
	for _, name := range protocol.Names() {
		p, _ := protocol.Default(name)
		t := reflect.TypeOf(p)
		for k, parameter := range losses.Parameters(p) {
			keys = addTagged(keys, "protocol."+parameter.Name, "protocol: %s", parameter, t.Field(k).Tag, name)
		}
	}
	return keys
}
