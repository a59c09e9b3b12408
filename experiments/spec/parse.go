package spec

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
)

// Parse reads a spec, applies overrides such as "optimizer.lr=3e-5", and checks the
// result. file is its path: relative paths in the source are relative to its folder,
// those in overrides to the working directory. It is the name in errors, which are a
// *SpecError with all problems. The spec may name the losses of the catalogue.
func Parse(file string, source []byte, overrides []string, catalogue []losses.Spec) (*Spec, error) {
	return newDecoder(file, source, catalogue).parse(source, overrides)
}

func (d *decoder) parse(source []byte, overrides []string) (*Spec, error) {
	d.overrides = overrides
	root := d.document(source)
	if root == nil {
		return nil, d.err()
	}

	d.places[""] = placeOf(root)
	for k, o := range overrides {
		d.override(root, k, o)
	}
	s := d.spec(root)
	err := d.err()
	if err != nil {
		return nil, err
	}

	variants := d.variants(root, d.swept)
	if err := d.err(); err != nil {
		return nil, err
	}

	s.Hints = d.hints
	for _, v := range variants { // aliases in the paths of the sweep
		for _, hint := range v.Hints {
			if !slices.Contains(s.Hints, hint) {
				s.Hints = append(s.Hints, hint)
			}
		}
	}
	if len(overrides) > 0 {
		if source, err = yaml.Marshal(root); err != nil {
			return nil, err
		}
	}

	s.origin = &origin{source: source, dir: filepath.Dir(d.file), parsed: s.Clone(), places: d.places, at: d.at, built: d.path != nil, variants: variants}
	return s, nil
}

func newDecoder(file string, source []byte, catalogue []losses.Spec) *decoder {
	return &decoder{problems: problems{file: file}, source: string(source), catalogue: catalogue, places: places{}}
}

// document returns the one mapping that the source must contain, or nil.
func (d *decoder) document(source []byte) *yaml.Node {
	root := d.tree(source, 0)
	switch {
	case root == nil && len(d.found) == 0:
		d.found = append(d.found, problem{line: 1, column: 1, text: "the spec is empty; it needs at least name, datasets and losses"})
	case root != nil && root.Kind != yaml.MappingNode:
		d.add(root, "a spec must be a mapping of keys to values")
		return nil
	}
	return root
}

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// identifierField reads a name that is also a file name.
func (d *decoder) identifierField(key string, to *string) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !validName.MatchString(n.Value) {
			d.add(n, "%s must be a name of lower-case letters, digits and _, beginning with a letter, not %s", key, show(n))
			return
		}
		*to = n.Value
	}}
}

// ParseLoss reads a loss in one text: a name, a name with preset, or a YAML flow mapping
// with a spec's keys. The hints name aliases that were used. The error is a *SpecError,
// whose places are in the file "loss".
func ParseLoss(text string, catalogue []losses.Spec) (row Row, hints []string, err error) {
	d := newDecoder("loss", []byte(text), catalogue)
	n := d.tree([]byte(text), 0)
	if err := d.err(); err != nil {
		return Row{}, nil, err
	}
	if n == nil {
		return Row{}, nil, &SpecError{Problems: []string{"loss: no loss; name one, such as multi_similarity"}, UnknownLosses: []int{0}}
	}

	row, ok := d.row(n, DefaultSettings())
	if ok && row.Memory != nil && row.Memory.Remembers() {
		d.takesMemory(n, &row)
	}
	if err := d.err(); err != nil {
		return Row{}, nil, err
	}
	if !ok {
		return Row{}, nil, fmt.Errorf("experiments: no loss in %q", text)
	}

	return row, d.hints, nil
}
