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

	// Embeddings is the path of a file of arrays, one row for each test row of the data
	// set, in the order of its labels. $VARIABLES are replaced, {seed} by the seeds of
	// the row and {dataset} by the name of the data set. Without {seed} there is one
	// run, which is of no seed.
	Embeddings string

	// Seeds are those of the spec's seeds that the row has a file of, ascending; nil
	// for all of them, and without {seed}.
	Seeds []int
}

// The words of a path that stand for something else.
const (
	seedMark    = "{seed}"
	datasetMark = "{dataset}"
)

// Seeded reports whether every seed has a file of its own.
func (e *Elsewhere) Seeded() bool { return strings.Contains(e.Embeddings, seedMark) }

// SeedsOf are the seeds of the row's runs in a spec of so many seeds. A row without
// {seed} has one run, under seed 0, which stands for no seed.
func (e *Elsewhere) SeedsOf(seeds int) []int {
	switch {
	case !e.Seeded():
		return []int{0}
	case e.Seeds != nil:
		return e.Seeds
	}
	all := make([]int, seeds)
	for seed := range all {
		all[seed] = seed
	}
	return all
}

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
			d.add(pair[0], "%s is of a loss that is trained here; a row of embeddings was trained elsewhere, and has label, embeddings and seeds alone", key)
			continue
		}
		own.Content = append(own.Content, pair[0], pair[1])
	}

	var e Elsewhere
	d.mapping(&own, "a row of embeddings", d.stringField("label", &e.Label), d.stringField("embeddings", &e.Embeddings),
		field{"seeds", func(n *yaml.Node) { e.Seeds = d.rowSeeds(n) }})
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
		if seeds := lookup(n, "seeds"); seeds != nil && !e.Seeded() {
			d.add(seeds, "seeds are those that a row has a file of, and %s has no {seed}: it is one file, of no seed; leave seeds out, or write {seed} where their numbers stand",
				shorten(e.Embeddings, mostShown))
		}
	}
	return e, len(d.found) == before
}

// rowSeeds reads the seeds that a row has files of, in any order.
func (d *decoder) rowSeeds(n *yaml.Node) []int {
	seeds := []int{}
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		d.add(n, "seeds is empty; name those that the row has a file of, such as [0, 1, 3], or leave it out for all")
	}
	d.list(n, "seeds", func(e *yaml.Node) {
		seed, before := 0, len(d.found)
		d.integer(e, "a seed", &seed, 0, maxInt)
		switch {
		case len(d.found) > before:
		case slices.Contains(seeds, seed):
			d.add(e, "seeds has %d twice; leave one of them out", seed)
		default:
			seeds = append(seeds, seed)
		}
	})
	slices.Sort(seeds)
	return seeds
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
		if n := len(e.Seeds); n > 0 && e.Seeds[n-1] >= s.Seeds {
			d.add(at(path), "%s has seed %d, and the spec has %s; leave it out of the row's seeds, or write seeds: %d for all rows",
				e.Label, e.Seeds[n-1], seedsText(s.Seeds), e.Seeds[n-1]+1)
		}
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

// seedsText are the seeds of a number of them: "seeds 0 to 2".
func seedsText(n int) string {
	if n == 1 {
		return "seed 0 alone"
	}
	return fmt.Sprintf("seeds 0 to %d", n-1)
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
	row := []pair{{"label", given(e.Label)}, {"embeddings", e.Embeddings}}
	if e.Seeds != nil {
		row = append(row, pair{"seeds", e.Seeds})
	}
	return mapping(row...)
}
