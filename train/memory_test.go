package train

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
)

func memoryConfig(size, warmup int) Config {
	c := config(4, 3)
	c.Optimizer = OptimizerConfig{Name: "sgd", LR: 1}
	c.Head.Init, c.Head.Dim = "orthogonal", 5
	c.Memory = MemoryConfig{Name: "xbm", Size: size, Warmup: warmup}
	return c
}

// A bank is what a memory must hold: the k-th row ever remembered stands at k mod size.
type bank struct {
	size, n int
	rows    [][]float64
	labels  []int
}

// add remembers a batch and returns its places.
func (b *bank) add(rows [][]float64, labels []int) (self []int) {
	for i, label := range labels {
		place := b.n % b.size
		if b.n < b.size {
			b.rows, b.labels = append(b.rows, rows[i]), append(b.labels, label)
		} else {
			b.rows[place], b.labels[place] = rows[i], label
		}
		self = append(self, place)
		b.n++
	}
	return self
}

// The size is no multiple of the batch's, so that the ring wraps within a batch, and batches stand in two pieces.
func TestMemory(t *testing.T) {
	x, labels := data(5, 4, 7)
	const warmup = 2
	for _, size := range []int{12, 29, 200} {
		c := memoryConfig(size, warmup)
		tr := newTrainer(t, c, x, labels, contrastive)
		c.Memory = MemoryConfig{}
		plain := newTrainer(t, c, x, labels, contrastive)
		want := bank{size: size}
		for step := range 9 {
			w := tr.Weights()
			s := mustStep(t, tr)
			if step < warmup {
				if p := mustStep(t, plain); p.Loss != s.Loss || !slices.Equal(p.G, s.G) || !slices.Equal(p.S, s.S) {
					t.Errorf("step %d of the warm-up is not that of a run without memory", step)
				}
				near(t, "weights in the warm-up", tr.Weights(), plain.Weights(), 0)
				continue
			}
			e := heads(x, wide(w), s.Rows)
			self := want.add(e, s.Labels) // first, and then it is compared with
			if !slices.Equal(s.Anchors, s.Labels) || !slices.Equal(s.Candidates, want.labels) || !slices.Equal(s.Self, self) {
				t.Fatalf("size %d, step %d: candidates %v, self %v, want %v, %v", size, step, s.Candidates, s.Self, want.labels, self)
			}
			for k, v := range products(e, want.rows) {
				if math.Abs(s.S[k]-v) > 1e-6 {
					t.Fatalf("size %d, step %d: S[%d] = %v, want %v", size, step, k, s.S[k], v)
				}
			}
			b, err := losses.NewCross(s.S, s.Anchors, s.Candidates, s.Self)
			if err != nil {
				t.Fatal(err)
			}
			g := make([]float64, len(s.S))
			if loss := contrastive.Eval(b, g); loss != s.Loss || !slices.Equal(g, s.G) {
				t.Errorf("size %d, step %d: the loss and G are not those of its S", size, step)
			}
		}
	}
}

// The gradient goes to the anchors, while all that is in memory stays as it is, the copies of the anchors too.
func TestMemoryGradient(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range []struct {
		name   string
		loss   losses.Loss
		traits losses.Traits
	}{{"contrastive", contrastive, 0}, {"nca", nca, 0}, {"multi_similarity", multiSimilarity, 0}, {"snr", snr, losses.ReadsVectorMeans}} {
		t.Run(c.name, func(t *testing.T) {
			config := memoryConfig(29, 0)
			config.Traits = c.traits
			config.Optimizer.LR = 0.125
			tr := newTrainer(t, config, x, labels, c.loss)
			want := bank{size: 29}
			for step := range 4 {
				before := tr.Weights()
				s := mustStep(t, tr)
				w := wide(before)
				want.add(heads(x, w, s.Rows), s.Labels)
				if step%3 > 0 { // compare the first, when the memory is the batch, and the last, when it has wrapped
					continue
				}
				wantGradient(t, "∂L/∂W", before, tr.Weights(), 0.125, w, func() float64 {
					return crossValue(t, c.loss, heads(x, w, s.Rows), want.rows, s.Anchors, s.Candidates, s.Self)
				})
			}
		})
	}
}

// The goldens have batch A as anchors and a memory of A and of four rows of batch B with labels of their own. Here B was there before.
func TestMemoryGoldens(t *testing.T) {
	bytes, err := os.ReadFile("../../losses/testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Batches map[string]struct {
			Raw    [][]float32
			Labels []int
		}
		XBM struct {
			Labels []int `json:"memory_labels"`
			Losses map[string]struct {
				Value float64
				G     [][]float64 `json:"G_rect"`
				Raw   [][]float32 `json:"grad_raw_query"`
			}
		}
	}
	if err := json.Unmarshal(bytes, &all); err != nil {
		t.Fatal(err)
	}
	a, b := all.Batches["A"], all.Batches["B"]
	golden := map[string]losses.Loss{
		"xbm_contrastive_cos":  contrastive,
		"xbm_multi_similarity": losses.Mean(losses.MultiSimilarity{Alpha: 2, Beta: 50, Lambda: 0.5}),
	}
	if len(all.XBM.Losses) != len(golden) {
		t.Errorf("%d goldens of a memory, want %d", len(all.XBM.Losses), len(golden))
	}
	for name, loss := range golden {
		want := all.XBM.Losses[name]
		c := newChain(len(a.Labels), 4, 4)
		for i, row := range a.Raw {
			copy(c.x.Row(i), row)
		}
		c.forward(matrix.Matrix{})
		m, err := newMemory(MemoryConfig{Size: 10}, len(a.Labels), 4)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 4 {
			copy(m.rows.Row(k), b.Raw[k])
			normalize(m.rows.Row(k))
			m.labels[k] = all.XBM.Labels[len(a.Labels)+k]
		}
		m.used, m.next = 4, 4
		s := &Step{Labels: a.Labels, S: make([]float64, 60), G: make([]float64, 60)}
		m.compare(c, s)
		cross, err := losses.NewCross(s.S, s.Anchors, s.Candidates, s.Self)
		if err != nil {
			t.Fatal(err)
		}
		if value := loss.Eval(cross, s.G); math.Abs(value-want.Value) > 1e-6*want.Value {
			t.Errorf("%s: L = %v, want %v", name, value, want.Value)
		}
		for i, row := range want.G {
			for j, g := range row {
				if got := s.G[i*10+(j+4)%10]; math.Abs(got-g) > 1e-5 {
					t.Errorf("%s: G = %v at (%d, %d), want %v", name, got, i, j, g)
				}
			}
		}
		m.learn(c, s)
		c.backward()
		near(t, name, c.de, rowsOf(want.Raw...), 1e-5)
	}
}

func TestMemoryErrors(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"name", func(c *Config) { c.Memory.Name = "moco" }, `unknown memory "moco": use none or xbm`},
		{"size", func(c *Config) { c.Memory.Size = 11 }, "memory.size is 11, and a batch has 12 rows"},
		{"warm-up", func(c *Config) { c.Memory.Warmup = -1 }, "memory.warmup is -1"},
		{"proxies", func(c *Config) { c.Proxies = ProxyConfig{PerClass: 1, LR: 1} }, "leave one of them out"},
		{"square", func(c *Config) { c.Relation = losses.Square }, "it takes the batch only: leave memory and proxies out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := memoryConfig(20, 0)
			c.edit(&config)
			_, err := New(config, x, labels, contrastive)
			wantError(t, err, c.want)
		})
	}
	c := memoryConfig(0, 0)
	c.Memory.Name, c.Relation = "none", losses.Square
	newTrainer(t, c, x, labels, contrastive)
}
