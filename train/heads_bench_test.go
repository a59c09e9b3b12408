package train

import (
	"testing"

	"gpwbench/losses"
	"gpwbench/train/config"
)

// BenchmarkHeads is a step of 80 rows of 1,280 features, the triplet loss and Adam, of
// every head that is trained.
func BenchmarkHeads(b *testing.B) {
	x, labels := data(98, 41, 1280)
	choice, err := losses.Choose(losses.Catalogue, "triplet")
	if err != nil {
		b.Fatal(err)
	}
	loss, err := choice.Loss()
	if err != nil {
		b.Fatal(err)
	}

	for name, edit := range map[string]func(*Config){
		"linear":         func(*Config) {},
		"residual":       func(c *Config) { c.Head.Name = config.Residual },
		"mlp":            func(c *Config) { c.Head.Name = config.MLP },
		"linear+augment": func(c *Config) { c.Augment = config.Augment{Dropout: 0.1, Noise: 0.1, Mix: 0.5} },
		"linear+average": func(c *Config) { c.Average.Decay = 0.99 },
	} {
		c := settings(16, 5)
		edit(&c)
		b.Run("head="+name+"/m=80", func(b *testing.B) {
			tr, err := New(c, x, labels, loss)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := tr.Step(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
