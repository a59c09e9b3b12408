package experiments

import (
	"slices"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
	"gpwbench/results/table"
)

// spec reads the whole document. Top-level blocks come first, wherever they stand, because data sets start from them.
func (d *decoder) spec(root *yaml.Node) *Spec {
	s := &Spec{
		Baselines: []Baseline{{Name: "frozen"}, {Name: "pca"}, {Name: "whitening"}},
		Seeds:     3,
		Weights:   []int{0, Last},
	}
	base := Settings{
		Preprocess: []string{"center"},
		Head:       defaultHead("linear"),
		Sampler:    Sampler{Name: "m_per_class", Classes: 16, PerClass: 5},
		Optimizer:  defaultOptimizer("adam"),
		Memory:     Memory{Name: "none"},
		Steps:      200,
		Protocol:   Protocol{Name: "fixed"},
		Metrics:    Metrics{MAPAtR: true},
	}
	base.samplerAt = place{root.Line, root.Column}
	base.perClassAt, base.headAt, base.initAt, base.memoryAt = base.samplerAt, base.samplerAt, base.samplerAt, base.samplerAt
	var datasets, rows *yaml.Node
	fields := []field{
		d.identifier("name", &s.Name),
		keep("datasets", &datasets),
		{"baselines", func(n *yaml.Node) { s.Baselines, s.baselinesAt = d.baselines(n), place{n.Line, n.Column} }},
		keep("losses", &rows),
	}
	fields = append(fields, d.settings(&base)...)
	fields = append(fields,
		d.whole("seeds", &s.Seeds, 1, 1000),
		field{"weights", func(n *yaml.Node) {
			s.Weights, s.weightsAt = nil, place{n.Line, n.Column}
			d.mapping(n, "weights", field{"at", func(n *yaml.Node) { s.Weights = d.steps(n) }})
		}},
		field{"reference", func(n *yaml.Node) { d.oneOf(n, "reference", &s.Reference, table.References()) }},
	)
	d.mapping(root, "the spec", fields...)

	if s.Name == "" && lookup(root, "name") == nil {
		d.add(root, "the spec needs a name; it names the folder of its results")
	}
	if datasets == nil {
		d.add(root, "the spec needs datasets, such as [{name: cub, synthetic: cub}]")
	} else {
		s.Datasets = d.datasets(datasets, base)
	}
	if rows != nil {
		s.Losses = d.rows(rows, base)
	}
	if rows == nil && len(s.Baselines) == 0 {
		d.add(root, "the spec needs losses, such as [contrastive, multi_similarity] or all")
	}
	d.checkWeights(root, s)
	d.checkMemory(rows, s)
	return s
}

// settings are the fields of the blocks that a data set may override.
func (d *decoder) settings(s *Settings) []field {
	return []field{
		{"preprocess", func(n *yaml.Node) {
			s.Preprocess = []string{}
			d.list(n, "preprocess", func(e *yaml.Node) {
				var step string
				d.oneOf(e, "preprocess", &step, []string{"center", "scale", "sqrt", "l2"})
				s.Preprocess = append(s.Preprocess, step)
			})
		}},
		{"head", func(n *yaml.Node) {
			s.headAt, s.initAt = placeOf(n, "dim", s.headAt), placeOf(n, "init", s.initAt)
			d.head(n, &s.Head)
		}},
		{"sampler", func(n *yaml.Node) {
			s.samplerAt = placeOf(n, "classes", s.samplerAt)
			s.perClassAt = placeOf(n, "per_class", s.perClassAt)
			s.classesGiven = s.classesGiven || lookup(n, "classes") != nil
			d.block(n, "sampler",
				d.kind("sampler", &s.Sampler.Name, "m_per_class", "random_identity", "uniform"),
				d.whole("classes", &s.Sampler.Classes, 2, many),
				d.whole("per_class", &s.Sampler.PerClass, 2, many),
			)
		}},
		{"optimizer", func(n *yaml.Node) { d.optimizer(n, &s.Optimizer) }},
		{"memory", func(n *yaml.Node) {
			s.memoryAt = place{n.Line, n.Column}
			d.memory(n, &s.Memory)
		}},
		d.whole("steps", &s.Steps, 1, many),
		{"protocol", func(n *yaml.Node) { d.protocol(n, &s.Protocol) }},
		{"metrics", func(n *yaml.Node) {
			d.mapping(n, "metrics",
				field{"recall_at", func(n *yaml.Node) { s.Metrics.RecallAt = d.ks(n) }},
				d.flag("map_at_r", &s.Metrics.MAPAtR),
				d.flag("clustering", &s.Metrics.Clustering),
			)
		}},
	}
}

// placeOf returns where a block sets a key, or where it was set before if it does not.
func placeOf(n *yaml.Node, key string, before place) place {
	if v := lookup(n, key); v != nil {
		return place{v.Line, v.Column}
	}
	return before
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

// renamed reports the name a block gives itself, if it is another than before. Then the old settings do not hold.
func renamed(n *yaml.Node, before string) (string, bool) {
	name := block(n)
	return name.Value, name.Kind == yaml.ScalarNode && name.Value != before
}

func defaultHead(name string) Head {
	if name == "none" {
		return Head{Name: name}
	}
	return Head{Name: "linear", Init: "identity"}
}

func (d *decoder) head(n *yaml.Node, h *Head) {
	if name, ok := renamed(n, h.Name); ok {
		*h = defaultHead(name)
	}
	fields := []field{d.kind("head", &h.Name, "none", "linear")}
	if h.Name != "none" {
		fields = append(fields,
			d.whole("dim", &h.Dim, 1, many),
			d.word("init", &h.Init, "identity", "pca", "orthogonal", "whitened"),
			d.number("decay_to_init", &h.DecayToInit, notNegative),
		)
	}
	d.block(n, "head", fields...)
}

func defaultOptimizer(name string) Optimizer {
	if name == "sgd" {
		return Optimizer{Name: name, LR: 0.01}
	}
	return Optimizer{Name: name, LR: 1e-4}
}

func (d *decoder) optimizer(n *yaml.Node, o *Optimizer) {
	if name, ok := renamed(n, o.Name); ok {
		*o = defaultOptimizer(name)
	}
	fields := []field{
		d.kind("optimizer", &o.Name, "sgd", "adam", "adamw"),
		d.number("lr", &o.LR, positive),
		d.number("weight_decay", &o.WeightDecay, notNegative),
	}
	if o.Name == "sgd" {
		fields = append(fields, d.number("momentum", &o.Momentum, losses.Domain{High: 1, HighOpen: true}))
	}
	d.block(n, "optimizer", fields...)
}

func (d *decoder) protocol(n *yaml.Node, p *Protocol) {
	if name, ok := renamed(n, p.Name); ok {
		*p = Protocol{Name: name}
		if name == "paper" {
			p.Every = 10
		}
	}
	fields := []field{d.kind("protocol", &p.Name, "fixed", "paper")}
	if p.Name == "paper" {
		fields = append(fields, d.whole("every", &p.Every, 1, many))
	}
	d.block(n, "protocol", fields...)
}

// memory reads the block memory. A bank of 1,024 embeddings from the first step on is pytorch-metric-learning's default.
func (d *decoder) memory(n *yaml.Node, m *Memory) {
	if name, ok := renamed(n, m.Name); ok {
		*m = Memory{Name: name}
		if name == "xbm" {
			m.Size = 1024
		}
	}
	fields := []field{d.kind("memory", &m.Name, "none", "xbm")}
	if m.Name == "xbm" {
		fields = append(fields, d.whole("size", &m.Size, 1, many), d.whole("warmup", &m.Warmup, 0, many))
	}
	d.block(n, "memory", fields...)
}

// ks reads the K of Recall@K.
func (d *decoder) ks(n *yaml.Node) []int {
	var ks []int
	d.list(n, "recall_at", func(e *yaml.Node) {
		k := 0
		d.integer(e, "recall_at", &k, 1, many)
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

// checkMemory refuses losses that take no memory: those whose formula reads the rows of their candidates, and those with proxies.
func (d *decoder) checkMemory(n *yaml.Node, s *Spec) {
	for k := range s.Datasets {
		for r := range s.Losses {
			if row := &s.Losses[r]; row.memory(&s.Datasets[k]).Name != "none" {
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
var baselineNames = []string{"raw", "frozen", "pca", "whitening", "untrained"}

func (d *decoder) baselines(n *yaml.Node) []Baseline {
	if n.Kind == yaml.ScalarNode && n.Value == "none" {
		return nil
	}
	var all []Baseline
	d.list(n, "baselines", func(e *yaml.Node) {
		var b Baseline
		fields := []field{d.kind("baseline", &b.Name, baselineNames...)}
		if block(e).Value == "pca" {
			fields = append(fields, d.whole("dim", &b.Dim, 1, many))
		}
		d.block(e, "a baseline", fields...)
		if slices.Contains(all, b) {
			d.add(e, "the baseline %s stands here twice", b.Name)
		}
		all = append(all, b)
	})
	return all
}
