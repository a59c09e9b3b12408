package train

import (
	"maps"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// The names in the tags of package config and the tables of constructors agree: a name
// that a spec may give has something to construct, and nothing else has.
func TestTablesAgreeWithTags(t *testing.T) {
	for _, c := range []struct {
		what  string
		words []string
		table []string
	}{
		{"heads", config.Names(config.Head{}), slices.Sorted(maps.Keys(heads))},
		{"inits", words(t, config.Head{}, "init"), slices.Sorted(maps.Keys(inits))},
		{"samplers", config.Names(config.Sampler{}), slices.Sorted(maps.Keys(samplers))},
		{"optimizers", config.Names(config.Optimizer{}), slices.Sorted(maps.Keys(optimizers))},
		{"memories", config.Names(config.Memory{}), slices.Sorted(maps.Keys(memories))},
		{"preprocess", config.PreprocessSteps, slices.Sorted(maps.Keys(preprocessSteps))},
	} {
		if !slices.Equal(slices.Sorted(slices.Values(c.words)), c.table) {
			t.Errorf("%s: the tag has %v, the table %v", c.what, c.words, c.table)
		}
	}
}

// words are those that a setting of a block can be.
func words(t *testing.T, block any, key string) []string {
	t.Helper()
	for _, p := range losses.Parameters(block) {
		if p.Name == key {
			return p.Domain.Words
		}
	}
	t.Fatalf("%T has no %s", block, key)
	return nil
}
