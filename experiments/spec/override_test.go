package spec

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// shared is a spec whose data sets share blocks by an alias and by merges.
const shared = `name: two
datasets:
  - &d {name: a, synthetic: cub, optimizer: &o {name: adam, lr: 0.25}, sampler: {classes: 4}}
  - {<<: *d, name: b}
  - {name: c, synthetic: cars, optimizer: *o, head: {<<: [{dim: 8}, {dim: 9, init: pca}]}}
losses: [contrastive]
`

// An override changes what it names and nothing that only shares an anchor with it:
// YAML's anchors are a way of writing, and a spec that writes the same out holds three
// learning rates, of which one is named.
func TestOverrideThroughAlias(t *testing.T) {
	before, err := parse(shared)
	if err != nil {
		t.Fatal(err)
	}

	for _, name := range []string{"a", "b", "c"} {
		after, err := parse(shared, "datasets."+name+".optimizer.lr=0.5", "datasets."+name+".sampler.per_class=7")
		if err != nil {
			t.Fatal(err)
		}

		for k, d := range after.Datasets {
			want := before.Datasets[k]
			if d.Name == name {
				want.Optimizer.LR, want.Sampler.PerClass = 0.5, 7
			}
			if d.Optimizer != want.Optimizer || d.Sampler != want.Sampler || d.Head != want.Head {
				t.Errorf("after a change of %s, %s has %+v and %+v, want %+v and %+v", name, d.Name, d.Optimizer, d.Sampler, want.Optimizer, want.Sampler)
			}
		}
	}

	if head := before.Datasets[2].Head; head.Dim != 8 || head.Init != "pca" {
		t.Errorf("merged head %+v, want dim 8 of the first mapping and init pca of the second", head)
	}
}

// A value is kept in the resolved source, and read from there it is the same spec.
func TestSourceOfOverride(t *testing.T) {
	s, err := parse(shared, "datasets.b.optimizer.lr=0.5")
	if err != nil {
		t.Fatal(err)
	}
	again, err := parse(sourceOf(t, s))
	if err != nil {
		t.Fatalf("%v in\n%s", err, []byte(sourceOf(t, s)))
	}

	for k := range s.Datasets {
		if s.Datasets[k].Optimizer != again.Datasets[k].Optimizer {
			t.Errorf("%s: optimizer %+v of the kept source, want %+v", s.Datasets[k].Name, again.Datasets[k].Optimizer, s.Datasets[k].Optimizer)
		}
	}
}

// Of two overrides that set the same, one would be lost; which one is meant cannot be
// told.
func TestOverrideErrors(t *testing.T) {
	for _, c := range []struct {
		overrides []string
		want      string
	}{
		{[]string{"steps=3", "steps=4"}, "steps=4: steps is set before, by steps=3; leave one of them out"},
		{[]string{"head.dim=3", "head=none"}, "head=none: this sets all of head anew, and head.dim=3 before it would be lost; write it first, or leave one of them out"},
		{[]string{"optimizer.lr=3", "optimizer.name=sgd"}, "optimizer.name=sgd: this sets all of optimizer anew, and optimizer.lr=3 before it would be lost"},
		{[]string{"stepz=3"}, `stepz=3: unknown key "stepz" in the spec (did you mean steps?); known: name, `},
		{[]string{"optimiser.lr=3"}, `optimiser.lr=3: unknown key "optimiser" in the spec (did you mean optimizer?); known: `},
		{[]string{"optimizer.rl=3"}, `optimizer.rl=3: unknown key "rl" in optimizer (did you mean lr?); known: `},
		{[]string{"datasets.d.steps=3"}, `datasets.d.steps=3: no data set "d" to change (did you mean a?); there are a, b, c: write datasets.NAME.key=value`},
		{[]string{"datasets.cub200.steps=3"}, `datasets.cub200.steps=3: no data set "cub200" to change; there are a, b, c: write datasets.NAME.key=value`},
		{[]string{"datasets.d=3"}, `datasets.d=3: no data set "d" to change (did you mean a?); there are a, b, c: write`},
		{[]string{"sweep.datasets.d.head.dim=[2, 3]"}, `sweep.datasets.d.head.dim=[2, 3]: no data set "d" to change (did you mean a?); there are a, b, c`},
		{[]string{"datasets.a=3"}, "datasets.a=3: a data set is changed by its keys; write datasets.a.key=value"},
		{[]string{"steps=-3"}, "steps=-3: steps = -3 is too small; at least 1"},
		{[]string{"steps=99999999999999999999"}, "steps=99999999999999999999: steps = 99999999999999999999 is too large; at most 10000000"},
		{[]string{"optimizer.lr=1e999"}, "optimizer.lr=1e999: lr = 1e999 is beyond the largest number, about 1.8e308"},
		{[]string{"head..dim=3"}, "head..dim=3: not of the form key=value, such as optimizer.lr=3e-5"},
		{[]string{"head=&x {<<: *x}"}, "head=&x {<<: *x}: *x stands within &x and would have no end; write it out"},
		{[]string{"head={<<: 5}"}, `head={<<: 5}: << merges a mapping or a list of mappings, not "5"`},
		{[]string{"steps=3\n--- 4"}, "steps=3 --- 4: a second document; "},
		{[]string{"losses=" + doubling(27)}, "over 100000 values with aliases written out"},
		{[]string{"name=" + strings.Repeat("a", MostBytes+1)}, "1048577 bytes of YAML; at most 1048576 are read"},
	} {
		_, err := parse(shared, c.overrides...)
		if e := new(SpecError); !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80q: error %.300v, want %s", c.overrides, err, c.want)
		}
	}
}

// doubling is a list in which every element stands for two of the one before: 2ⁿ values
// in n short ones.
func doubling(n int) string {
	text := "[&x0 {a: 1}"
	for k := 1; k <= n; k++ {
		now, before := string(rune('a'+k/10))+string(rune('0'+k%10)), string(rune('a'+(k-1)/10))+string(rune('0'+(k-1)%10))
		if k == 1 {
			before = "x0"
		}
		text += ", &" + now + " {<<: [*" + before + ", *" + before + "]}"
	}
	return text + "]"
}

// A name that a block has already, by itself or by default, leaves its other keys as they
// are; a new name makes a new block of those whose keys hold for one name only.
func TestOverrideOfName(t *testing.T) {
	const spec = minimal + "optimizer: {lr: 0.5}\nsampler: {classes: 7}\n"
	for _, c := range []struct {
		override string
		lr       float64
		classes  int
	}{{"optimizer.name=adam", 0.5, 7}, {"optimizer.name=sgd", 0.01, 7}, {"sampler.name=uniform", 0.5, 7}} {
		s, err := parse(spec, c.override)
		if err != nil {
			t.Errorf("%s: %v", c.override, err)
			continue
		}
		if d := s.Datasets[0]; d.Optimizer.LR != c.lr || d.Sampler.Classes != c.classes {
			t.Errorf("%s: lr %v and %d classes, want %v and %d", c.override, d.Optimizer.LR, d.Sampler.Classes, c.lr, c.classes)
		}
	}

	s, err := parse(minimal, "datasets.cub.name=birds")
	if err != nil || s.Datasets[0].Name != "birds" || s.Datasets[0].Synthetic != "cub" {
		t.Errorf("a data set with another name: %+v, error %v, want the same data set", s, err)
	}
}

// Whatever the override, Parse ends with a spec or a SpecError, and data sets that the
// override does not name are as they were.
func FuzzOverride(f *testing.F) {
	for _, o := range []string{
		"datasets.a.optimizer.lr=0.5", "datasets.b.head={dim: 3}", "datasets.c.optimizer.name=sgd", "datasets.a=&x {<<: *x}", "steps=3", "losses=" + doubling(3),
		"head=&x {<<: [*x]}", "datasets.c.head.dim=-1", "metrics.recall_at=1,2", "optimizer=sgd", "datasets.b.name=e", "datasets.a.preprocess=[l2, l2]", "a=",
	} {
		f.Add(shared, o)
	}
	f.Fuzz(func(t *testing.T, source, override string) {
		after, err := parse(source, override)
		if e := new(SpecError); err != nil && !errors.As(err, &e) {
			t.Fatalf("error of type %T: %v", err, err)
		}
		before, errBefore := parse(source)
		if err != nil || errBefore != nil || !strings.HasPrefix(override, "datasets.") {
			return
		}

		name := strings.Split(override, ".")[1]
		for k, d := range after.Datasets {
			if was := before.Datasets[k]; was.Name != name && !reflect.DeepEqual(d, was) {
				t.Fatalf("%s changes %s from %+v to %+v", override, was.Name, was, d)
			}
		}
	})
}

// Whatever the text, ParseLoss ends with a loss or a SpecError.
func FuzzParseLoss(f *testing.F) {
	for _, text := range []string{
		"multi_similarity.official", "{name: nca, params: {scale: 3}, miner: none}", "&x {name: contrastive, <<: *x}", doubling(27),
		"{name: mine, positive: 1 - s, negative: relu(s - mean_pos(s))}", "{name: mine, value: 'mean(s)', params: {a: 1}}", "nca\n--- triplet", "{name: nca, memory: {name: xbm}}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		row, _, err := parseLoss(text)
		if e := new(SpecError); err != nil && !errors.As(err, &e) {
			t.Fatalf("error of type %T: %v", err, err)
		}
		if err == nil && row.Choice.Spec == nil {
			t.Fatal("neither a loss nor an error")
		}
	})
}

// The name of a setting in place of a block that has no name is told how its value is
// written, and what is set below it is no error of its own.
func TestNamelessBlockByName(t *testing.T) {
	const head = "augment must be none or a mapping of dropout, noise, mix, not \"mix\"; write "
	for _, c := range []struct {
		source    string
		overrides []string
		want      string
	}{
		{minimal, []string{"augment=mix", "augment.noise=1"}, "augment=mix: " + head + "augment.mix=0.5, or augment={mix: 0.5}"},
		{minimal, []string{"augment=mix"}, "augment=mix: " + head + "augment.mix=0.5, or augment={mix: 0.5}"},
		{minimal, []string{"average=decay"}, "average=decay: average must be none or a mapping of decay, not \"decay\"; write average.decay=0.5, or average={decay: 0.5}"},
		{minimal + "augment: mix\n", []string{"augment.noise=1"}, "s.yaml:4:10: " + head + "augment: {mix: 0.5}"},
		{minimal, []string{"augment=blur"}, "augment=blur: augment must be none or a mapping of dropout, noise, mix, not \"blur\""},
	} {
		_, err := parse(c.source, c.overrides...)
		var e *SpecError
		if !errors.As(err, &e) || len(e.Problems) != 1 || e.Problems[0] != c.want {
			t.Errorf("%q: got\n%v\nwant\n%s", c.overrides, err, c.want)
		}
	}
	if s, err := parse(minimal+"augment: none\n", "augment.noise=1"); err != nil || s.Datasets[0].Augment.Noise != 1 {
		t.Errorf("noise after none: %v", err)
	}
}
