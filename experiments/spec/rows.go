package spec

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// rows reads the key losses: "all", or a list of losses.
func (d *decoder) rows(n *yaml.Node, base Settings) []Row {
	if n.Kind == yaml.ScalarNode && n.Value == "all" {
		var all []Row
		for k := range d.catalogue {
			c, ok := d.choose(n, d.catalogue[k].Name)
			if !ok {
				return nil
			}
			all = append(all, Row{Choice: c, Label: d.label(c), Proxies: DefaultProxies(c)})
		}
		return all
	}

	var rows []Row
	places := map[string]*yaml.Node{}
	d.list(n, "losses", func(e *yaml.Node) {
		if isElsewhere(e) { // elsewhere reads it
			return
		}
		r, ok := d.row(e, base)
		if !ok {
			return
		}
		if isBaselineLabel(r.Label) {
			d.add(e, "%q is the name of a baseline; give the loss another label", r.Label)
			return
		}

		key := r.Label
		if r.Protocol != nil {
			key += "/" + r.Protocol.Name()
		}
		if first := places[key]; first != nil {
			d.add(e, "the same row as %s: both are labelled %q; give one a label", d.at(first.Line, first.Column), r.Label)
			return
		}

		places[key] = e
		d.places[fmt.Sprintf("losses.%d", len(rows))] = placeOf(e)
		rows = append(rows, r)
	})

	return rows
}

// row reads one loss: a name, or a mapping. It reports false if it added a problem.
func (d *decoder) row(n *yaml.Node, base Settings) (Row, bool) {
	if n.Kind == yaml.ScalarNode {
		c, ok := d.choose(n, n.Value)
		return Row{Choice: c, Label: d.label(c), Proxies: DefaultProxies(c)}, ok
	}

	if isElsewhere(n) {
		d.add(n, "embeddings that were trained elsewhere are a row of a spec, and no loss; name a loss")
		return Row{}, false
	}
	if isFormula(n) {
		return d.formulaRow(n, base)
	}
	return d.lossRow(n, base)
}

// lossRow reads the mapping of a loss of the catalogue.
func (d *decoder) lossRow(n *yaml.Node, base Settings) (Row, bool) {
	before := len(d.found)
	name, preset := "", ""
	var r Row
	var nameNode, params, miner, proxies *yaml.Node
	fields := append([]field{
		{"name", func(n *yaml.Node) { nameNode, name = n, n.Value }},
		d.stringField("preset", &preset),
		nodeField("params", &params),
		nodeField("proxies", &proxies),
	}, d.rowFields(&r, base, &miner)...)

	// A loss with one of these keys is another row; here they only complete the known
	// keys.
	for _, key := range append(slices.Clone(formulaKeys), "embeddings") { // the last, an Elsewhere
		fields = append(fields, field{key, nil})
	}
	d.mapping(n, "a loss", fields...)
	if nameNode == nil && len(d.found) > before {
		return r, false // which may be what stands for the name
	}
	if nameNode == nil {
		d.add(n, "a loss needs a name, such as {name: multi_similarity}")
		return r, false
	}

	if preset != "" {
		name += "." + preset
	}
	var ok bool
	if r.Choice, ok = d.choose(nameNode, name); !ok {
		return r, false
	}

	if params != nil {
		r.Choice.Value = parameters(d, d.withoutOthers(params, r.Choice), r.Choice.Spec.Name, r.Choice.Value)
	}
	if miner != nil {
		r.Choice.Miner = d.miner(miner, r.Choice.Miner)
	}
	r.Proxies = DefaultProxies(r.Choice)
	if proxies != nil {
		d.proxies(proxies, &r)
	}

	return r, d.finishRow(n, &r, base, before)
}

// nodeField keeps a key's value for later.
func nodeField(key string, to **yaml.Node) field { return field{key, func(n *yaml.Node) { *to = n }} }

// rowFields are the keys that every loss can have.
func (d *decoder) rowFields(r *Row, base Settings, miner **yaml.Node) []field {
	return []field{
		d.stringField("label", &r.Label),
		nodeField("miner", miner),
		{"memory", func(n *yaml.Node) {
			m := base.Memory
			readBlock(d, n, "memory", &m, config.DefaultMemory)
			r.Memory = &m
		}},
		{"optimizer", func(n *yaml.Node) {
			o := base.Optimizer
			readBlock(d, n, "optimizer", &o, config.DefaultOptimizer)
			r.Optimizer = &o
		}},
		{"protocol", func(n *yaml.Node) {
			r.Protocol = base.Protocol
			d.protocol(n, &r.Protocol)
		}},
	}
}

// finishRow checks and labels a row, and reports whether no problem was added since
// before.
func (d *decoder) finishRow(n *yaml.Node, r *Row, base Settings, before int) bool {
	if len(d.found) > before {
		return false
	}
	if _, err := r.Choice.Loss(); err != nil {
		d.add(n, "%v", err)
		return false
	}

	if r.Label == "" {
		r.Label = d.label(r.Choice)
		if r.Memory != nil && *r.Memory != base.Memory {
			r.Label += ", " + MemoryCaption(*r.Memory)
		}
		if r.Optimizer != nil && *r.Optimizer != base.Optimizer {
			r.Label += ", " + OptimizerCaption(*r.Optimizer)
		}
	}

	return true
}

// MemoryOn returns the memory that the row trains with on a data set, its own or that of
// the data set.
func (r *Row) MemoryOn(d *Dataset) config.Memory {
	switch {
	case r != nil && r.Memory != nil:
		return *r.Memory
	case d != nil:
		return d.Memory
	}
	return config.Memory{}
}

// OptimizerOn returns the optimizer that the row trains with on a data set; without
// either, none.
func (r *Row) OptimizerOn(d *Dataset) config.Optimizer {
	switch {
	case r != nil && r.Optimizer != nil:
		return *r.Optimizer
	case d != nil:
		return d.Optimizer
	}
	return config.Optimizer{}
}

// OptimizerCaption names an optimizer in labels and captions. Weight decay and momentum
// are left out where they are 0.
func OptimizerCaption(o config.Optimizer) string {
	text := o.Name + " lr " + plain(o.LR)
	if o.WeightDecay > 0 {
		text += ", weight decay " + plain(o.WeightDecay)
	}
	if o.Momentum > 0 {
		text += ", momentum " + plain(o.Momentum)
	}
	return text
}

// plain writes a number as a spec takes it.
func plain(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// AsPreset reports whether the row trains exactly its preset: without parameters, miner,
// memory or number of proxies of its own. The preset of a loss with the name of a
// built-in one is the built-in's. A row without a loss does not.
func (r *Row) AsPreset(d *Dataset) bool {
	if r == nil || r.Choice.Spec == nil {
		return false
	}

	c := r.Choice
	presets := c.Spec.Presets
	if known := builtIn(c.Spec.Name); known != nil {
		presets = known.Presets // of which the published numbers are
	}
	for _, p := range presets {
		if p.Name == c.Preset && c.Form() == p.Form {
			return reflect.DeepEqual(c.Value, p.Value) && reflect.DeepEqual(c.Miner, p.Miner) &&
				!r.MemoryOn(d).Remembers() && r.Proxies == DefaultProxies(c)
		}
	}
	return false
}

// ComparesBatch reports whether a step compares the batch with itself, and not with a
// memory bank or proxies.
func (r *Row) ComparesBatch(d *Dataset, step int) bool {
	m := r.MemoryOn(d)
	return r != nil && r.Proxies.PerClass == 0 && (!m.Remembers() || step < m.Warmup)
}

// MemoryCaption names a memory in labels and captions.
func MemoryCaption(m config.Memory) string {
	if !m.Remembers() {
		return "no memory"
	}
	return fmt.Sprintf("%s of %d from step %d", m.Name, m.Size, m.Warmup)
}

// AugmentCaption names what is done to the features of batches in captions: "dropout 0.1,
// mix 0.5". What is 0 is left out.
func AugmentCaption(a config.Augment) string {
	var parts []string
	for _, p := range losses.Parameters(a) {
		if v := p.Value.(float64); v != 0 {
			parts = append(parts, p.Name+" "+plain(v))
		}
	}
	return strings.Join(parts, ", ")
}

// AverageCaption names an average of the weights in captions: "average 0.99".
func AverageCaption(a config.Average) string { return "average " + plain(a.Decay) }

// DefaultProxies returns one proxy a class, and ten for SoftTriple, as its paper has it.
// A loss without proxies has none.
func DefaultProxies(c losses.Choice) config.Proxies {
	if c.Spec == nil || c.Spec.Family != losses.Proxies {
		return config.Proxies{}
	}
	if _, ok := c.Value.(losses.SoftTriple); ok {
		return config.Proxies{PerClass: 10}
	}
	return config.Proxies{PerClass: 1}
}

func (d *decoder) proxies(n *yaml.Node, r *Row) {
	if r.Proxies.PerClass == 0 {
		d.add(n, "%s compares the samples of a batch and has no proxies", r.Choice.Spec.Name)
		return
	}
	d.mapping(n, "proxies", tagged(d, "proxies", &r.Proxies, config.Keys(r.Proxies))...)
}

// block returns the name of a block that is given as a scalar or as a mapping.
func block(n *yaml.Node) *yaml.Node {
	if name := lookup(n, "name"); name != nil {
		return name
	}
	return n
}

func (d *decoder) choose(n *yaml.Node, name string) (losses.Choice, bool) {
	c, err := losses.Choose(d.allLosses(), name)
	if err == nil && !d.recordable(n, c) {
		return c, false
	}
	var unknown *losses.UnknownError
	if errors.As(err, &unknown) && unknown.What == "loss" && name == "all" {
		d.addUnknownLoss(n, "all is no loss by itself; where every loss can be meant, as in losses: all, it stands alone")
		return c, false
	}

	if errors.As(err, &unknown) && unknown.What == "loss" {
		d.addUnknownLoss(n, "unknown loss %q%s", shorten(unknown.Name, mostShown), oneOf(nearest(unknown.Name, unknown.Known)))
		return c, false
	}

	if errors.As(err, &unknown) {
		d.add(n, "unknown %s %q%s; known: %s", unknown.What, shorten(unknown.Name, mostShown), DidYouMean(unknown.Name, unknown.Known), strings.Join(unknown.Known, ", "))
		return c, false
	}

	if err != nil {
		d.add(n, "%v", err)
		return c, false
	}

	return c, true
}

// label names a row that the spec does not name: its title, and what is not the default.
func (d *decoder) label(c losses.Choice) string {
	if c.Spec == nil {
		return ""
	}

	label := c.Spec.Title
	var preset losses.Preset
	for k, p := range c.Spec.Presets {
		if p.Name != c.Preset {
			continue
		}
		preset = p
		if k > 0 {
			label += " " + p.Name
		}
	}

	before := losses.Parameters(preset.Value)
	for k, p := range losses.Parameters(c.Value) {
		if k >= len(before) || p.Value != before[k].Value {
			label += ", " + p.Symbol + " " + p.Text()
		}
	}

	switch {
	case c.Miner == nil && preset.Miner != nil:
		label += ", no mining"
	case c.Miner != nil && !reflect.DeepEqual(c.Miner, preset.Miner):
		label += ", " + c.MinerCaption()
	}

	return label
}

// share is the domain of a fraction.
var share = losses.Domain{Low: 0, High: 1, LowOpen: true}

// atoi returns the integer of a scalar, if it is one.
func atoi(n *yaml.Node) (int, bool) {
	v, err := strconv.Atoi(n.Value)
	return v, n.Kind == yaml.ScalarNode && err == nil
}

// recordable refuses a loss whose records could not be distinguished from those of
// another formula: the Form and the Revision are all of the code that the id of a run
// contains.
func (d *decoder) recordable(n *yaml.Node, c losses.Choice) bool {
	if _, err := c.Loss(); err != nil && c.Miner == nil {
		d.add(n, "%v", err)
		return false
	}
	if err := checkNames(c); err != nil {
		d.add(n, "%v", err)
		return false
	}
	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset && p.Form == "" || c.Spec.Revision < 1 {
			d.add(n, "%s needs Preset.Form, the name of its formula, and Spec.Revision, from 1 on: ids of runs hold them, so that records of another formula are not taken for its own", c.Name())
			return false
		}
	}
	return true
}
