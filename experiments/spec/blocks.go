package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/experiments/protocol"
	"gpwbench/losses"
	"gpwbench/results/table"
	"gpwbench/train/config"
)

// spec reads the whole document. Top-level blocks are read first, whatever the order of
// the keys, because data sets start from them.
func (d *decoder) spec(root *yaml.Node) *Spec {
	s := New("")
	base, places := DefaultSettings(), placesAt(root)
	var datasets, rows, sweep *yaml.Node
	fields := []field{
		d.identifierField("name", &s.Name),
		nodeField("datasets", &datasets),
		{"baselines", func(n *yaml.Node) {
			s.Baselines, s.OptionalBaselines = d.baselines(n), false
			d.places["baselines"] = placeOf(n)
		}},
		nodeField("losses", &rows),
	}

	fields = append(fields, d.settings(&base, &places)...)
	fields = append(fields,
		d.intField("seeds", &s.Seeds, 1, 1000),
		field{"weights", func(n *yaml.Node) {
			s.Weights, d.places["weights.at"] = nil, placeOf(n)
			d.mapping(n, "weights", field{"at", func(n *yaml.Node) { s.Weights = d.steps(n) }})
		}},
		field{"keep", func(n *yaml.Node) { s.Keep = d.keep(n) }},
		field{"launch", func(n *yaml.Node) { d.launch(n, &s.Launch) }},
		nodeField("sweep", &sweep),
		field{"reference", func(n *yaml.Node) { d.oneOf(n, "reference", &s.Reference, table.References()) }},
	)

	d.mapping(root, "the spec", fields...)

	if s.Name == "" && lookup(root, "name") == nil {
		d.add(root, "the spec needs a name; it names the folder of its results")
	}
	if datasets == nil {
		d.add(root, "the spec needs datasets, such as [{name: cub, synthetic: cub}]")
	} else {
		s.Datasets = d.datasets(datasets, base, places)
	}

	if rows != nil {
		d.places["losses"] = placeOf(rows)
		s.Losses, s.Elsewhere = d.rows(rows, base), d.elsewhere(rows)
	}
	if rows == nil && len(s.Baselines) == 0 {
		d.add(root, "the spec needs losses, such as [contrastive, multi_similarity] or all")
	}
	s.addUntrained()
	d.checkWeights(root, s)
	d.checkMemory(rows, s)
	if sweep != nil {
		d.swept = d.sweep(root, sweep)
		s.Sweep = sweepOf(d.swept)
	}
	d.checkElsewhere(root, s)

	return s
}

// settings returns the fields of the blocks that a data set may override. It notes the
// place of each in at.
func (d *decoder) settings(s *Settings, at *places) []field {
	return []field{
		{"preprocess", func(n *yaml.Node) {
			s.Preprocess = []string{}
			d.list(n, "preprocess", func(e *yaml.Node) {
				var step string
				d.oneOf(e, "preprocess", &step, config.PreprocessSteps)
				s.Preprocess = append(s.Preprocess, step)
			})
		}},
		{"head", func(n *yaml.Node) {
			(*at)["head"] = placeOf(n)
			at.note(n, "head", "dim", "hidden", "init")
			readBlock(d, n, "head", &s.Head, config.DefaultHead)
		}},
		{"sampler", func(n *yaml.Node) {
			at.note(n, "sampler", "classes", "per_class")
			readBlock(d, n, "sampler", &s.Sampler, nil)
		}},
		{"optimizer", func(n *yaml.Node) { readBlock(d, n, "optimizer", &s.Optimizer, config.DefaultOptimizer) }},
		{"memory", func(n *yaml.Node) {
			(*at)["memory"] = placeOf(n)
			readBlock(d, n, "memory", &s.Memory, config.DefaultMemory)
		}},
		{"augment", func(n *yaml.Node) {
			(*at)["augment"] = placeOf(n)
			readNameless(d, n, "augment", &s.Augment)
		}},
		{"average", func(n *yaml.Node) {
			(*at)["average"] = placeOf(n)
			readNameless(d, n, "average", &s.Average)
		}},
		d.intField("steps", &s.Steps, 1, maxInt),
		{"protocol", func(n *yaml.Node) {
			(*at)["protocol"] = placeOf(n)
			d.protocol(n, &s.Protocol)
		}},
		{"metrics", func(n *yaml.Node) {
			if n.Kind == yaml.SequenceNode {
				d.metricNames(n, &s.Metrics)
				return
			}
			d.mapping(n, "metrics",
				field{"recall_at", func(n *yaml.Node) { s.Metrics.RecallAt = d.ks(n) }},
				d.boolField("map_at_r", &s.Metrics.MAPAtR),
				d.boolField("clustering", &s.Metrics.Clustering),
				field{"also", func(n *yaml.Node) { s.Metrics.Also = d.also(n) }},
			)
		}},
	}
}

// readBlock reads a block onto its struct. A block that changes its name starts from the
// defaults of that name; nil leaves the other settings as they are.
func readBlock[T any](d *decoder, n *yaml.Node, what string, to *T, defaults func(name string) T) {
	name, other := renamed(n, config.Name(*to))
	if other && defaults != nil {
		*to = defaults(name)
	}

	keys, block := config.Keys(*to), *to
	if other && !slices.Contains(config.Names(block), name) {
		keys = losses.Parameters(block) // unknown: the settings of every name are accepted
	}
	fields := tagged(d, what, to, keys)
	if n.Kind == yaml.ScalarNode {
		d.block(n, what, fields...)
		return
	}
	d.mappingOf(n, what, func(key string) string { return config.Misplaced(block, key) }, fields)
}

// readNameless reads a block without a name onto its struct, which is a mapping, or the
// word none for the block with nothing in it.
func readNameless[T any](d *decoder, n *yaml.Node, what string, to *T) {
	keys := config.Keys(*to)
	switch {
	case n.Kind == yaml.MappingNode:
		d.mapping(n, what, tagged(d, what, to, keys)...)
	case n.Kind == yaml.ScalarNode && n.Value == config.None:
		var nothing T
		*to = nothing
	default:
		var known []string
		for _, p := range keys {
			known = append(known, p.Name)
		}
		text := fmt.Sprintf("%s must be %s or a mapping of %s, not %s", what, config.None, strings.Join(known, ", "), show(n))
		switch key := n.Value; { // a name, as other blocks have one
		case !slices.Contains(known, key):
		case n.Line < 0: // of a command line
			text += fmt.Sprintf("; write %s.%s=0.5, or %s={%s: 0.5}", what, key, what, key)
		default:
			text += fmt.Sprintf("; write %s: {%s: 0.5}", what, key)
		}
		d.add(n, "%s", text)
	}
}

// tagged returns the fields of a struct by its tags. Errors call the key what.
func tagged[T any](d *decoder, what string, to *T, keys []losses.Parameter) []field {
	var fields []field
	for _, p := range keys {
		called := p.Name
		if called == "name" {
			called = what
		}
		fields = append(fields, field{p.Name, func(n *yaml.Node) {
			if v, ok := d.value(n, called, p); ok {
				*to, _ = losses.With(*to, p.Name, v) // v is in the domain
			}
		}})
	}

	return fields
}

// value reads the value of a setting, and reports whether it is in its domain.
func (d *decoder) value(n *yaml.Node, called string, p losses.Parameter) (v any, ok bool) {
	before := len(d.found)
	switch p.Value.(type) {
	case string:
		var word string
		d.oneOf(n, called, &word, p.Domain.Words)
		v = word
	case int:
		var whole int
		d.integer(n, called, &whole, int(p.Domain.Low), int(p.Domain.High))
		v = whole
	default:
		var number float64
		d.floatField(called, &number, p.Domain).read(n)
		v = number
	}

	return v, len(d.found) == before
}

// block reads a mapping, or a scalar that is short for its name.
func (d *decoder) block(n *yaml.Node, what string, fields ...field) {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		for _, f := range fields {
			if f.key == "name" {
				f.read(n)
			}
		}
		return
	}
	d.mapping(n, what, fields...)
}

// renamed returns the name that a block gives itself, and whether it differs from the one
// before. If it does, the old settings do not apply.
func renamed(n *yaml.Node, before string) (string, bool) {
	name := block(n)
	return name.Value, name.Kind == yaml.ScalarNode && name.Value != before
}

// protocol reads the block protocol: its name, and the settings of the protocol of that
// name.
func (d *decoder) protocol(n *yaml.Node, to *protocol.Protocol) {
	before := len(d.found)
	name := (*to).Name()
	if other, ok := renamed(n, name); ok {
		name = other
		if p, known := protocol.Default(name); known {
			*to = p
		}
	}

	p := *to
	if p.Name() != name { // unknown: the settings of every protocol are accepted
		p = protocol.Fixed{}
	}
	fields := append([]field{d.nameField("protocol", &name, protocol.Names()...)}, tagged(d, "protocol", &p, losses.Parameters(p))...)
	d.judgedBy(fields, &p)
	d.block(n, "protocol", fields...)
	if len(d.found) == before {
		*to = p
	}
}

// ks reads the K of Recall@K.
func (d *decoder) ks(n *yaml.Node) []int {
	var ks []int
	d.list(n, "recall_at", func(e *yaml.Node) {
		k := 0
		d.integer(e, "recall_at", &k, 1, maxInt)
		ks = append(ks, k)
	})
	slices.Sort(ks)
	return slices.Compact(ks)
}

// steps reads the steps whose weights are kept: first, last, or numbers from 0.
func (d *decoder) steps(n *yaml.Node) []int {
	var at []int
	seen := map[int]bool{}
	d.list(n, "weights.at", func(e *yaml.Node) {
		step, isNumber := atoi(e)
		switch {
		case e.Kind == yaml.ScalarNode && e.Value == "first":
			step = 0
		case e.Kind == yaml.ScalarNode && e.Value == "last":
			step = Last
		case !isNumber || step < 0:
			d.add(e, "weights.at must hold first, last or a step counted from 0, not %s", show(e))
		}

		if !seen[step] {
			at = append(at, step)
		}
		seen[step] = true
	})

	return at
}

// keep reads what more is kept of a run, in one order.
func (d *decoder) keep(n *yaml.Node) []string {
	var asked []string
	d.list(n, "keep", func(e *yaml.Node) {
		var what string
		d.oneOf(e, "keep", &what, kept)
		asked = append(asked, what)
	})
	return orderedKeep(asked)
}

// orderedKeep has each part once, in the order of kept.
func orderedKeep(asked []string) []string {
	return slices.DeleteFunc(slices.Clone(kept), func(what string) bool { return !slices.Contains(asked, what) })
}

// checkWeights refuses steps that no run has.
func (d *decoder) checkWeights(root *yaml.Node, s *Spec) {
	n := lookup(root, "weights")
	if n == nil {
		return
	}
	for _, at := range s.Weights {
		for _, data := range s.Datasets {
			if at >= data.Steps {
				d.add(n, "weights.at has step %d, but %s trains for %d steps, 0 to %d", at, data.Name, data.Steps, data.Steps-1)
			}
		}
	}
}

// checkMemory refuses a memory for losses that cannot use one: those whose formula reads
// the rows of their candidates, and those with proxies.
func (d *decoder) checkMemory(n *yaml.Node, s *Spec) {
	for k := range s.Datasets {
		for r := range s.Losses {
			if row := &s.Losses[r]; row.MemoryOn(&s.Datasets[k]).Remembers() {
				d.takesMemory(n, row)
			}
		}
	}
}

func (d *decoder) takesMemory(n *yaml.Node, row *Row) {
	switch {
	case row.Proxies.PerClass > 0:
		d.add(n, "%s compares with proxies, not with a memory bank; give it memory: none", row.Choice.Spec.Name)
	case row.Choice.Spec.Relation == losses.Square:
		d.add(n, "%s reads the similarities of its candidates to each other, which a memory bank does not have; give it memory: none", row.Choice.Spec.Name)
	}
}

// baselineNames are the rows that are not trained.
var baselineNames = []string{Raw, Frozen, PCA, Whitening, Untrained}

func (d *decoder) baselines(n *yaml.Node) []Baseline {
	if n.Kind == yaml.ScalarNode && n.Value == "none" {
		return nil
	}

	var all []Baseline
	d.list(n, "baselines", func(e *yaml.Node) {
		var b Baseline
		fields := []field{d.nameField("baseline", &b.Name, baselineNames...)}
		if block(e).Value == PCA {
			fields = append(fields, d.intField("dim", &b.Dim, 1, maxInt))
		}
		d.block(e, "a baseline", fields...)
		if slices.Contains(all, b) {
			d.add(e, "the baseline %s stands here twice", b.Name)
		}
		all = append(all, b)
	})

	return all
}
