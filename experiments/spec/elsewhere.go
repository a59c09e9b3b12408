package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// An Elsewhere is a row of the table whose embeddings another program made. They are
// evaluated and not trained.
type Elsewhere struct {
	Label string

	// Embeddings is the path of an .npy file, one row for each test row of the data
	// set, in the order of its labels. $VARIABLES are replaced, {seed} by the seeds of
	// the spec and {dataset} by the name of the data set. Without {seed} there is one
	// run.
	Embeddings string
}

// The words of a path that stand for something else.
const (
	seedMark    = "{seed}"
	datasetMark = "{dataset}"
)

// Seeded reports whether every seed has a file of its own.
func (e *Elsewhere) Seeded() bool { return strings.Contains(e.Embeddings, seedMark) }

// Path is the file of a data set and a seed, its $VARIABLES not replaced.
func (e *Elsewhere) Path(dataset string, seed uint64) string {
	return strings.NewReplacer(seedMark, strconv.FormatUint(seed, 10), datasetMark, dataset).Replace(e.Embeddings)
}

// LabelsOnly reports whether the data set has labels and neither features nor a stand-in.
// Then rows that were trained elsewhere are all that can be evaluated on it.
func (d *Dataset) LabelsOnly() bool { return d.Labels != "" && d.Features == "" && d.Synthetic == "" }

// isElsewhere reports whether a row of the key losses is one of embeddings.
func isElsewhere(n *yaml.Node) bool { return lookup(n, "embeddings") != nil }

// elsewhere reads the rows of embeddings among those of the key losses.
func (d *decoder) elsewhere(n *yaml.Node) []Elsewhere {
	var all []Elsewhere
	if n == nil || n.Kind == yaml.ScalarNode {
		return nil
	}
	d.list(n, "losses", func(e *yaml.Node) {
		if !isElsewhere(e) {
			return
		}
		if row, ok := d.elsewhereRow(e); ok {
			d.places[fmt.Sprintf("elsewhere.%d", len(all))] = placeOf(e)
			all = append(all, row)
		}
	})
	return all
}

// trainedKeys are the keys of a loss that a row of embeddings has not: all but the label.
func (d *decoder) trainedKeys() []string {
	keys := append([]string{"name", "preset", "params", "proxies"}, formulaKeys...)
	for _, f := range d.rowFields(new(Row), DefaultSettings(), new(*yaml.Node)) {
		if f.key != "label" {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// elsewhereRow reads a row of embeddings. It reports false after adding what is wrong.
func (d *decoder) elsewhereRow(n *yaml.Node) (Elsewhere, bool) {
	before := len(d.found)
	own := *n
	own.Content = nil
	trained := d.trainedKeys()
	for _, pair := range pairs(n) {
		if key := pair[0].Value; slices.Contains(trained, key) {
			d.add(pair[0], "%s is of a loss that is trained here; a row of embeddings was trained elsewhere, and has a label and embeddings alone", key)
			continue
		}
		own.Content = append(own.Content, pair[0], pair[1])
	}

	var e Elsewhere
	d.mapping(&own, "a row of embeddings", d.stringField("label", &e.Label), d.stringField("embeddings", &e.Embeddings))
	switch {
	case len(d.found) > before:
	case e.Label == "":
		d.add(n, "a row of embeddings needs a label, its name in the table, such as {label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}")
	case isBaselineLabel(e.Label):
		d.add(n, "%q is the name of a baseline; give the row another label", e.Label)
	case strings.Contains(e.Embeddings, "$"+seedMark), strings.Contains(e.Embeddings, "$"+datasetMark):
		d.add(lookup(n, "embeddings"), "{seed} and {dataset} are no $VARIABLES; write them without $")
	default:
		d.checkMarks(lookup(n, "embeddings"))
	}
	return e, len(d.found) == before
}

// braced is a text in braces, as a path may have it: {seed}, ${HOME}, or a typing error.
var braced = regexp.MustCompile(`\$?\{[^{}]*\}?`)

// checkMarks refuses words in braces that stand for nothing. ${HOME} is a $VARIABLE.
func (d *decoder) checkMarks(path *yaml.Node) {
	for _, mark := range braced.FindAllString(path.Value, -1) {
		if mark == seedMark || mark == datasetMark || strings.HasPrefix(mark, "$") {
			continue
		}
		// A format of the number, as in {seed:03d}, is none of the name.
		name, format, _ := strings.Cut(strings.Trim(mark, "{}"), ":")
		advice := DidYouMean("{"+name+"}", []string{seedMark, datasetMark})
		if format != "" {
			advice += ", and numbers have no format"
		}
		d.add(path, "unknown placeholder %s%s; there are %s, each seed of the spec, and %s, the name of the data set",
			shorten(mark, mostShown), advice, seedMark, datasetMark)
		return
	}
}

// isBaselineLabel reports whether a table could take a label for that of a baseline.
func isBaselineLabel(label string) bool {
	return slices.ContainsFunc(baselineNames, func(name string) bool { return label == name || label == Baseline{Name: name}.Label() })
}

// checkElsewhere holds the rows of embeddings against the other rows and the data sets,
// and data sets of labels alone against the rows.
func (d *decoder) checkElsewhere(root *yaml.Node, s *Spec) {
	at := func(path string) *yaml.Node {
		return &yaml.Node{Line: d.places[path].line, Column: d.places[path].column}
	}
	labels := map[string]string{} // the path of the row that has it
	for k, r := range s.Losses {
		labels[r.Label] = fmt.Sprintf("losses.%d", k)
	}

	for k, e := range s.Elsewhere {
		path := fmt.Sprintf("elsewhere.%d", k)
		if first, has := labels[e.Label]; has {
			p := d.places[first]
			d.add(at(path), "the same label as %s: %q; give one of the rows another", d.at(p.line, p.column), e.Label)
		}
		labels[e.Label] = path
		if len(s.Datasets) > 1 && !strings.Contains(e.Embeddings, datasetMark) {
			d.add(at(path), "a file has the rows of one data set, and there are %d; write {dataset} where their names stand, such as %s",
				len(s.Datasets), datasetMark+"/"+shorten(e.Embeddings, mostShown))
		}
	}

	for k := range s.Datasets {
		if !s.Datasets[k].LabelsOnly() {
			continue
		}
		name := s.Datasets[k].Name
		switch {
		case len(s.Losses) > 0:
			d.add(at("losses.0"), "%s needs features to train on, and the data set %s has labels alone; give it features, or leave only rows of embeddings",
				s.Losses[0].Label, name)
		case len(s.Elsewhere) == 0 && !hasElsewhere(root): // a wrong one is refused by itself
			d.add(elementOf(root, k), "%s has labels and no features, so that only rows of embeddings can be evaluated on it; add some to losses, such as {label: MS fine-tuned, embeddings: runs/ms_{seed}.npy}, or give it features",
				name)
		}
		if len(s.Baselines) > 0 && !s.OptionalBaselines {
			d.add(at("baselines"), "baselines need features, and the data set %s has labels alone; leave them out, or give it features", name)
		}
	}
}

// hasElsewhere reports whether the key losses has a row of embeddings, right or wrong.
func hasElsewhere(root *yaml.Node) bool {
	n := lookup(root, "losses")
	return n != nil && (isElsewhere(n) || slices.ContainsFunc(n.Content, isElsewhere))
}

// elementOf is the node of data set k.
func elementOf(root *yaml.Node, k int) *yaml.Node {
	if n := lookup(root, "datasets"); n != nil && k < len(n.Content) {
		return n.Content[k]
	}
	return root
}

// encode writes the row as it stands among those of the key losses.
func (e *Elsewhere) encode() *yaml.Node {
	return mapping(pair{"label", given(e.Label)}, pair{"embeddings", e.Embeddings})
}
