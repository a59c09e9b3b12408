package spec

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"gpwbench/experiments/protocol"
	"gpwbench/gpw/formula"
	"gpwbench/losses"
	"gpwbench/train/config"
)

// Clone returns a copy that shares nothing that a run or a caller changes; of nil, nil.
func (s *Spec) Clone() *Spec {
	if s == nil {
		return nil
	}

	c := *s
	c.Datasets, c.Baselines, c.Losses = slices.Clone(s.Datasets), slices.Clone(s.Baselines), slices.Clone(s.Losses)
	c.Weights, c.Hints, c.Sweep = slices.Clone(s.Weights), slices.Clone(s.Hints), cloneSweep(s.Sweep)
	c.Elsewhere, c.Keep, c.Launch = slices.Clone(s.Elsewhere), slices.Clone(s.Keep), s.Launch.clone()
	for k := range c.Elsewhere {
		c.Elsewhere[k].Seeds = slices.Clone(c.Elsewhere[k].Seeds)
	}
	for k := range c.Datasets {
		d := &c.Datasets[k]
		d.Preprocess, d.Metrics.RecallAt = slices.Clone(d.Preprocess), slices.Clone(d.Metrics.RecallAt)
		d.Metrics.Also = slices.Clone(d.Metrics.Also)
	}

	for k := range c.Losses {
		if m := c.Losses[k].Memory; m != nil {
			copied := *m
			c.Losses[k].Memory = &copied
		}
		if o := c.Losses[k].Optimizer; o != nil {
			copied := *o
			c.Losses[k].Optimizer = &copied
		}
	}

	return &c
}

// A pair is a key of a mapping with its value.
type pair struct {
	key   string
	value any
}

// mapping returns a YAML mapping of the pairs whose values are not nil, in their order.
func mapping(pairs ...pair) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range pairs {
		if p.value == nil {
			continue
		}
		value, ok := p.value.(*yaml.Node)
		if !ok {
			value = new(yaml.Node)
			if err := value.Encode(p.value); err != nil {
				panic(err) // a number, a text, or a list of them
			}
		}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: p.key}, value)
	}

	return n
}

// encode writes the spec as YAML, each data set with all its settings.
func (s *Spec) encode() ([]byte, error) {
	if err := s.checkProtocols(); err != nil {
		return nil, err
	}
	if err := s.checkSweepValues(); err != nil {
		return nil, err
	}
	var datasets, baselines []*yaml.Node
	for k := range s.Datasets {
		datasets = append(datasets, s.Datasets[k].encode())
	}
	for _, b := range s.Baselines {
		baselines = append(baselines, mapping(pair{"name", b.Name}, pair{"dim", given(b.Dim)}))
	}
	rows, err := s.encodeRows()
	if err != nil {
		return nil, err
	}

	root := mapping(pair{"name", s.Name}, pair{"datasets", datasets})
	add := func(key string, value any) {
		root.Content = append(root.Content, mapping(pair{key, value}).Content...)
	}
	switch {
	case len(baselines) == 0:
		add("baselines", "none")
	case !s.OptionalBaselines || !s.hasDefaultBaselines():
		add("baselines", baselines)
	}

	if len(rows) > 0 {
		add("losses", rows)
	}
	add("seeds", s.Seeds)
	add("weights", mapping(pair{"at", s.encodeSteps()}))
	if len(s.Keep) > 0 {
		add("keep", s.Keep)
	}
	if launch := s.Launch.encode(); launch != nil {
		add("launch", launch)
	}
	if s.Reference != "" {
		add("reference", s.Reference)
	}
	if len(s.Sweep) > 0 {
		s.encodeSweep(root)
	}
	return yaml.Marshal(root)
}

// encodeSteps writes the steps whose weights are kept.
func (s *Spec) encodeSteps() []any {
	at := []any{}
	for _, step := range s.Weights {
		if step == Last {
			at = append(at, "last")
		} else {
			at = append(at, step)
		}
	}
	return at
}

// encodeRows writes the losses of a spec, then its rows that were trained elsewhere.
func (s *Spec) encodeRows() ([]*yaml.Node, error) {
	var rows []*yaml.Node
	wrong := new(SpecError)
	for k := range s.Losses {
		n, err := s.Losses[k].encode()
		if err == nil {
			err = s.checkOthers(k)
		}
		if err != nil {
			wrong.Problems = append(wrong.Problems, fmt.Sprintf("%s: %v", inSpec(s.Name, fmt.Sprintf("losses[%d]", k)), err))
		}
		if len(s.Sweep) > 0 && n != nil && !s.Losses[k].hasOwnLabel() {
			removeKey(n, "label")
		}
		rows = append(rows, n)
	}

	if len(wrong.Problems) > 0 {
		return nil, wrong
	}
	for k := range s.Elsewhere {
		rows = append(rows, s.Elsewhere[k].encode())
	}

	return rows, nil
}

// hasDefaultBaselines reports whether the baselines are those of a spec that names none.
func (s *Spec) hasDefaultBaselines() bool {
	own, defaults := *s, *s
	defaults.Baselines = New("").Baselines
	own.addUntrained()
	defaults.addUntrained()
	return slices.Equal(own.Baselines, defaults.Baselines)
}

// given returns a value, or nil for the zero value, which stands for a setting not given.
func given[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func (d *Dataset) encode() *yaml.Node {
	var split any = given(d.Split.Name)
	if d.Split.TrainClasses != 0 { // with a name too, it is refused
		split = mapping(pair{"name", given(d.Split.Name)}, pair{"train_classes", d.Split.TrainClasses})
	}
	var scale any
	if d.Synthetic != "" {
		scale = d.Scale
	}
	metrics := mapping(pair{"map_at_r", d.Metrics.MAPAtR}, pair{"clustering", d.Metrics.Clustering})
	if len(d.Metrics.RecallAt) > 0 {
		metrics.Content = append(metrics.Content, mapping(pair{"recall_at", d.Metrics.RecallAt}).Content...)
	}
	if len(d.Metrics.Also) > 0 {
		metrics.Content = append(metrics.Content, mapping(pair{"also", d.Metrics.Also}).Content...)
	}
	preprocess := append([]string{}, d.Preprocess...)
	var augment, average, ignore any
	if len(d.Ignore) > 0 {
		ignore = d.Ignore
	}
	if d.Augment.InUse() {
		augment = encodeBlock(d.Augment)
	}
	if d.Average.InUse() {
		average = encodeBlock(d.Average)
	}

	return mapping(
		pair{"name", d.Name}, pair{"features", given(d.Features)}, pair{"labels", given(d.Labels)}, pair{"layout", given(d.Layout)}, pair{"paths", given(d.Paths)}, pair{"partition", d.encodePartition()},
		pair{"train", d.Separate.Train.encode()}, pair{"query", d.Separate.Query.encode()}, pair{"gallery", d.Separate.Gallery.encode()}, pair{"test", d.Separate.Test.encode()},
		pair{"ignore", ignore}, pair{"groups", given(d.Groups)}, pair{"split", split}, pair{"synthetic", given(d.Synthetic)}, pair{"scale", scale},
		pair{"preprocess", preprocess}, pair{"head", encodeBlock(d.Head)}, pair{"sampler", encodeBlock(d.Sampler)},
		pair{"optimizer", encodeBlock(d.Optimizer)}, pair{"memory", encodeBlock(d.Memory)}, pair{"augment", augment}, pair{"average", average}, pair{"steps", d.Steps},
		pair{"protocol", encodeProtocol(d.Protocol)}, pair{"metrics", metrics},
	)
}

// encodeBlock writes the settings of a block. A zero that stands for a default is left
// out. Settings that do not apply to its name are written where they are not zero, and
// zeros that mean nothing as well, so that both are refused.
func encodeBlock(block any) *yaml.Node {
	if block == (config.Memory{}) {
		block = config.DefaultMemory(config.None)
	}
	applies := map[string]bool{"name": true}
	for _, p := range config.Keys(block) {
		applies[p.Name] = !config.MayBeZero(block, p.Name)
	}

	var all []pair
	for _, p := range losses.Parameters(block) {
		if !reflect.ValueOf(p.Value).IsZero() || applies[p.Name] {
			all = append(all, pair{p.Name, p.Value})
		}
	}
	return mapping(all...)
}

// checkProtocols refuses protocols of other types than those of package protocol, of
// which YAML has the name alone. A pointer to one is of another type.
func (s *Spec) checkProtocols() error {
	wrong := new(SpecError)
	check := func(p protocol.Protocol, path string) {
		if p == nil {
			return
		}
		for _, name := range protocol.Names() {
			if known, _ := protocol.Default(name); reflect.TypeOf(known) == reflect.TypeOf(p) {
				return
			}
		}
		wrong.Problems = append(wrong.Problems, fmt.Sprintf("%s: a %T is no protocol of a spec; take one of package protocol, such as protocol.Fixed{}", inSpec(s.Name, path), p))
	}
	for k := range s.Datasets {
		check(s.Datasets[k].Protocol, fmt.Sprintf("datasets[%d].protocol", k))
	}
	for k := range s.Losses {
		check(s.Losses[k].Protocol, fmt.Sprintf("losses[%d].protocol", k))
	}
	if len(wrong.Problems) > 0 {
		return wrong
	}
	return nil
}

func encodeProtocol(p protocol.Protocol) any {
	if p == nil {
		return nil
	}
	all := []pair{{"name", p.Name()}}
	for _, s := range losses.Parameters(p) {
		if s.Value != "" { // a word that is not given
			all = append(all, pair{s.Name, s.Value})
		}
	}
	return mapping(all...)
}

// encode writes a row with all its parameters.
func (r *Row) encode() (*yaml.Node, error) {
	c := r.Choice
	if c.Spec == nil {
		return nil, errors.New("it has no loss; losses.Choose gives one, and NewRow makes a row of it")
	}
	if err := errors.Join(checkNames(c), checkValue(c)); err != nil {
		return nil, err
	}

	var proxies, memory, optimizer any
	if r.Proxies != (config.Proxies{}) {
		proxies = encodeBlock(r.Proxies)
	}
	if r.Memory != nil {
		memory = encodeBlock(*r.Memory)
	}
	if r.Optimizer != nil {
		optimizer = encodeBlock(*r.Optimizer)
	}
	miner, err := encodeMiner(c)
	if err != nil {
		return nil, err
	}

	own := []pair{
		{"label", given(r.Label)}, {"miner", miner}, {"memory", memory}, {"optimizer", optimizer}, {"protocol", encodeProtocol(r.Protocol)}, {"proxies", proxies},
	}
	if l, ok := c.Value.(*formula.Loss); ok {
		return mapping(append(encodeFormula(c, l), own...)...), nil
	}

	var params []pair
	for _, p := range losses.Parameters(c.Value) {
		params = append(params, pair{p.Name, p.Value})
	}
	first := []pair{{"name", c.Spec.Name}, {"preset", given(c.Preset)}}
	if len(params) > 0 {
		first = append(first, pair{"params", mapping(params...)})
	}

	return mapping(append(first, own...)...), nil
}

// checkValue refuses a choice whose value has another type than its preset's: reading the
// YAML would give the type of the preset.
func checkValue(c losses.Choice) error {
	for _, p := range c.Spec.Presets {
		if p.Name == c.Preset && reflect.TypeOf(p.Value) != reflect.TypeOf(c.Value) {
			return fmt.Errorf("its value is a %T, and %s is a %T; losses.Choose gives the value, and losses.With changes it", c.Value, c.Name(), p.Value)
		}
	}
	if c.Value == nil {
		return fmt.Errorf("%s has no value; losses.Choose gives it", c.Name())
	}
	return nil
}

func encodeFormula(c losses.Choice, l *formula.Loss) []pair {
	source := l.Source()
	var params []pair
	for _, p := range l.Parameters() {
		params = append(params, pair{p.Name, p.Value})
	}
	all := []pair{
		{"name", c.Spec.Name}, {"title", given(c.Spec.Title)},
		{"value", given(source.Value)}, {"positive", given(source.Positive)}, {"negative", given(source.Negative)},
	}

	if source.MinePositive != "" || source.MineNegative != "" {
		all = append(all, pair{"mine", mapping(pair{"positive", given(source.MinePositive)}, pair{"negative", given(source.MineNegative)})})
	}
	if len(params) > 0 {
		all = append(all, pair{"params", mapping(params...)})
	}

	return all
}

// encodeMiner writes the miner of a choice, and "none" where only its preset has one.
func encodeMiner(c losses.Choice) (any, error) {
	if c.Miner == nil {
		for _, p := range c.Spec.Presets {
			if p.Name == c.Preset && p.Miner != nil {
				return "none", nil
			}
		}
		return nil, nil
	}

	for _, m := range losses.Miners {
		if reflect.TypeOf(m.Value) != reflect.TypeOf(c.Miner) {
			continue
		}
		all := []pair{{"name", m.Name}}
		for _, p := range losses.Parameters(c.Miner) {
			all = append(all, pair{p.Name, p.Value})
		}
		return mapping(all...), nil
	}

	return nil, fmt.Errorf("the miner %T has no name; append a MinerSpec to losses.Miners", c.Miner)
}
