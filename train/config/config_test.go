package config

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

// blocks are all blocks, with every setting at another value than 0.
var blocks = []any{
	Head{Name: Residual, Dim: 64, Hidden: 32, Init: PCA, DecayToInit: 0.5},
	Sampler{Name: RandomIdentity, Classes: 16, PerClass: 5},
	Optimizer{Name: SGD, LR: 1e-4, WeightDecay: 0.01, Momentum: 0.9},
	Memory{Name: XBM, Size: 1024, Warmup: 10},
	Proxies{PerClass: 2, LR: 0.01},
	Augment{Dropout: 0.25, Noise: 0.5, Mix: 1},
	Average{Decay: 0.5},
}

// Every field has a key, a domain and a meaning. The names that a setting belongs to are
// names of its block.
func TestTags(t *testing.T) {
	for _, block := range blocks {
		v := reflect.ValueOf(block)
		parameters := losses.Parameters(block)
		if len(parameters) != v.NumField() {
			t.Fatalf("%T has %d fields, and %d have a key", block, v.NumField(), len(parameters))
		}

		for k, p := range parameters {
			if p.Doc == "" {
				t.Errorf("%T.%s says nothing", block, p.Name)
			}
			if word, ok := p.Value.(string); ok {
				if !slices.Contains(p.Domain.Words, word) {
					t.Errorf("%T.%s has the words %q, without %q", block, p.Name, p.Domain.Words, word)
				}
			} else if !(p.Domain.Low < p.Domain.High) || !p.Domain.Contains(number(p.Value)) {
				t.Errorf("%T.%s has the domain %v", block, p.Name, p.Domain)
			}
			for _, owner := range owners(v, k) {
				if !slices.Contains(Names(block), owner) {
					t.Errorf("%T.%s belongs to %q, which is no name", block, p.Name, owner)
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		block any
		want  string
	}{
		{Head{Name: None}, "name"},
		{Head{Name: Linear}, "name dim init decay_to_init"},
		{Head{Name: Residual}, "name dim hidden init decay_to_init"},
		{Head{Name: MLP}, "name dim init decay_to_init"},
		{Sampler{Name: Uniform}, "name classes per_class"},
		{Optimizer{Name: SGD}, "name lr weight_decay momentum"},
		{Optimizer{Name: AdamW}, "name lr weight_decay"},
		{Memory{Name: None}, "name"},
		{Memory{Name: XBM}, "name size warmup"},
		{Proxies{}, "per_class lr"},
	} {
		var keys []string
		for _, p := range Keys(c.block) {
			keys = append(keys, p.Name)
		}
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%+v has the keys %s, want %s", c.block, got, c.want)
		}
	}
}

// The defaults, and blocks with all settings, are right.
func TestCheckAccepts(t *testing.T) {
	all := slices.Clone(blocks)
	for _, name := range Names(Head{}) {
		all = append(all, DefaultHead(name))
	}
	for _, name := range Names(Optimizer{}) {
		all = append(all, DefaultOptimizer(name))
	}
	for _, name := range Names(Memory{}) {
		all = append(all, DefaultMemory(name))
	}
	all = append(all, DefaultSampler(), Proxies{})

	for _, block := range all {
		if err := Check("block", block); err != nil {
			t.Errorf("%+v: %v", block, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, c := range []struct {
		what  string
		block any
		want  string
	}{
		{"head", Head{Name: "cnn"}, `unknown head "cnn": use none, linear, residual or mlp`},
		{"head", Head{Name: Linear}, `unknown head.init "": use identity, pca, orthogonal or whitened`},
		{"head", Head{Name: Linear, Init: PCA, Dim: -1}, "head.dim is -1: it must be from 1 to 10000000"},
		{"head", Head{Name: Linear, Init: PCA, DecayToInit: -1},
			"head.decay_to_init is -1: it must be 0 or more"},
		{"head", Head{Name: None, Dim: 8},
			`head.dim is 8, but dim belongs to linear, residual or mlp, not to "none": leave it out`},
		{"head", Head{Name: None, Init: PCA},
			`head.init is pca, but init belongs to linear, residual or mlp, not to "none": leave it out`},
		{"sampler", Sampler{}, `unknown sampler "": use m_per_class, random_identity or uniform`},
		{"sampler", Sampler{Name: MPerClass, Classes: 1},
			"sampler.classes is 1: it must be from 2 to 10000000"},
		{"sampler", Sampler{Name: MPerClass, PerClass: 1e8},
			"sampler.per_class is 100000000: it must be from 2 to 10000000"},
		{"optimizer", Optimizer{Name: "adagrad"}, `unknown optimizer "adagrad": use sgd, adam or adamw`},
		{"optimizer", Optimizer{Name: Adam, LR: -1}, "optimizer.lr is -1: it must be above 0"},
		{"optimizer", Optimizer{Name: Adam, LR: math.NaN()}, "optimizer.lr is NaN: it must be above 0"},
		{"optimizer", Optimizer{Name: Adam, LR: math.Inf(1)}, "optimizer.lr is +Inf: it must be above 0"},
		{"optimizer", Optimizer{Name: SGD, Momentum: 1}, "optimizer.momentum is 1: it must be in [0, 1)"},
		{"optimizer", Optimizer{Name: Adam, Momentum: 0.9},
			`optimizer.momentum is 0.9, but momentum belongs to sgd, not to "adam": leave it out`},
		{"memory", Memory{Name: "moco"}, `unknown memory "moco": use none or xbm`},
		{"memory", Memory{Name: XBM, Warmup: -1}, "memory.warmup is -1: it must be from 0 to 10000000"},
		{"memory", Memory{Name: None, Size: 8},
			`memory.size is 8, but size belongs to xbm, not to "none": leave it out`},
		{"proxies", Proxies{PerClass: -1}, "proxies.per_class is -1: it must be from 1 to 10000000"},
		{"proxies", Proxies{PerClass: 1, LR: -1}, "proxies.lr is -1: it must be above 0"},
	} {
		err := Check(c.what, c.block)
		if err == nil || err.Error() != c.want {
			t.Errorf("%+v: error %v, want %s", c.block, err, c.want)
		}
	}
}

// What is required must be given, unless the block has it not under its name.
func TestRequire(t *testing.T) {
	err := Require("optimizer", Optimizer{Name: SGD}, "lr", "momentum")
	if want := "optimizer.lr is 0: it must be above 0"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if err := Require("memory", Memory{Name: None}, "size"); err != nil {
		t.Error(err)
	}
	if err := Require("optimizer", Optimizer{Name: SGD, LR: 1}, "lr", "momentum"); err != nil {
		t.Errorf("a momentum of 0, which is in its domain: %v", err)
	}
}

// The form that enters the id of a run, as a tag of the JSON name on every field gave it.
func TestJSON(t *testing.T) {
	for k, want := range []string{
		`{"decay_to_init":0.5,"dim":64,"hidden":32,"init":"pca","name":"residual"}`,
		`{"classes":16,"name":"random_identity","per_class":5}`,
		`{"lr":0.0001,"momentum":0.9,"name":"sgd","weight_decay":0.01}`,
		`{"name":"xbm","size":1024,"warmup":10}`,
		`{"lr":0.01,"per_class":2}`,
		`{"dropout":0.25,"mix":1,"noise":0.5}`,
		`{"decay":0.5}`,
	} {
		got, err := json.Marshal(blocks[k])
		if err != nil || string(got) != want {
			t.Errorf("%s, error %v, want %s", got, err, want)
		}

		back := reflect.New(reflect.TypeOf(blocks[k]))
		if err := json.Unmarshal(got, back.Interface()); err != nil {
			t.Fatal(err)
		}
		if back.Elem().Interface() != blocks[k] {
			t.Errorf("%+v came back as %+v", blocks[k], back.Elem())
		}
	}

	// What is not given is left out of settings that are newer than records without them.
	got, err := json.Marshal(Head{Name: Linear, Dim: 64, Init: PCA, DecayToInit: 0.5})
	if want := `{"decay_to_init":0.5,"dim":64,"init":"pca","name":"linear"}`; err != nil || string(got) != want {
		t.Errorf("%s, error %v, want %s", got, err, want)
	}

	// Other settings that are not given, or do not hold, have keys too.
	got, err = json.Marshal(Head{Name: None})
	if want := `{"decay_to_init":0,"dim":0,"init":"","name":"none"}`; err != nil || string(got) != want {
		t.Errorf("%s, error %v, want %s", got, err, want)
	}
	if _, err := json.Marshal(Optimizer{LR: math.NaN()}); err == nil {
		t.Error("NaN has a JSON form")
	}
}

func TestJSONErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"size":8.5}`, "size is 8.5, want a whole number"},
		{`{"size":1e300}`, "size is 1e+300, want a whole number"},
		{`{"size":"8"}`, "size is 8, want a whole number"},
		{`{"size":null}`, "size is <nil>, want a whole number"},
		{`{"name":8}`, "name is 8, want a word"},
		{`[]`, "cannot unmarshal array"},
	} {
		var m Memory
		err := json.Unmarshal([]byte(c.text), &m)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.text, err, c.want)
		}
	}
	var o Optimizer
	if err := json.Unmarshal([]byte(`{"lr":true}`), &o); err == nil || err.Error() != "lr is true, want a number" {
		t.Errorf("error %v", err)
	}
}

func TestMethods(t *testing.T) {
	h := Head{Name: Linear, Init: Orthogonal, DecayToInit: 1}
	if !h.Trains() || !h.StartsRandom() || h.Start().DecayToInit != 0 || h.Start().Init != Orthogonal {
		t.Errorf("%+v trains %v, starts random %v, starts as %+v", h, h.Trains(), h.StartsRandom(), h.Start())
	}
	for _, name := range []string{Linear, Residual, MLP} {
		h := Head{Name: name, Dim: 3, Init: Whitened, DecayToInit: 1}
		if h.Start() != (Head{Name: Linear, Dim: 3, Init: Whitened}) || DefaultHead(name) != (Head{Name: name, Init: Identity}) {
			t.Errorf("%s starts as %+v, and is %+v by default", name, h.Start(), DefaultHead(name))
		}
	}
	if none := (Head{Name: None}); none.Start() != none || none.Trains() || none.StartsRandom() {
		t.Error("head none trains")
	}
	if (Memory{}).Remembers() || !(Memory{Name: XBM}).Remembers() {
		t.Error("the zero memory remembers, or xbm does not")
	}
	if (Augment{}).InUse() || !(Augment{Mix: 1}).InUse() {
		t.Error("nothing is done to features, or mixing is not")
	}
	if (Average{}).InUse() || !(Average{Decay: 0.5}).InUse() {
		t.Error("no average is in use, or one is not")
	}
	if (Proxies{}).InUse() || !(Proxies{PerClass: 1}).InUse() {
		t.Error("no proxies are in use, or one is not")
	}
}

// What is no block has no settings, and is refused.
func TestNoBlock(t *testing.T) {
	for _, v := range []any{nil, 3, "adam", &Head{}, (*Head)(nil), []Head{{}}} {
		if Keys(v) != nil || Name(v) != "" || Names(v) != nil {
			t.Errorf("%T has settings", v)
		}
		if Check("x", v) == nil || Require("x", v, "lr") == nil {
			t.Errorf("%T is taken", v)
		}
	}
}

// Zeros stand for a default where a tag says what is taken instead.
func TestMayBeZero(t *testing.T) {
	for _, block := range append(slices.Clone(blocks), nil, 3) {
		for k, p := range losses.Parameters(block) {
			text, want := reflect.TypeOf(block).Field(k).Tag.Lookup("default")
			if _, always := block.(Proxies); always && p.Name == "per_class" {
				want = false // as many as the loss has
			}
			if got := MayBeZero(block, p.Name); got != want {
				t.Errorf("%T.%s may be zero: %v, and its default is %q", block, p.Name, got, text)
			}
		}
		if MayBeZero(block, "none such") {
			t.Errorf("%T has a setting that it lacks", block)
		}
	}
}
