package train

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train/config"
)

func memoryConfig(size, warmup int) Config {
	c := settings(4, 3)
	c.Optimizer = config.Optimizer{Name: "sgd", LR: 1}
	c.Head.Init, c.Head.Dim = "orthogonal", 5
	c.Memory = config.Memory{Name: "xbm", Size: size, Warmup: warmup}
	return c
}

// A bank is what a memory must hold: the k-th row ever stored is at k mod size.
type bank struct {
	size, n int
	rows    [][]float64
	labels  []int
}

// add stores a batch and returns its places.
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

// The size is no multiple of the batch's, so that the ring wraps within a batch.
func TestMemory(t *testing.T) {
	x, labels := data(5, 4, 7)
	const warmup = 2
	for _, size := range []int{12, 29, 200} {
		c := memoryConfig(size, warmup)
		tr := newTrainer(t, c, x, labels, contrastive)
		c.Memory = config.Memory{}
		plain := newTrainer(t, c, x, labels, contrastive)
		want := bank{size: size}

		for step := range 9 {
			w := tr.Weights().W
			s := mustStep(t, tr)
			if step < warmup {
				if p := mustStep(t, plain); p.Loss != s.Loss || !slices.Equal(p.G, s.G) || !slices.Equal(p.S, s.S) {
					t.Errorf("step %d of the warm-up is not that of a run without memory", step)
				}
				near(t, "weights in the warm-up", tr.Weights().W, plain.Weights().W, 0)
				continue
			}
			e := embedUnits(x, toFloat64(w), s.Rows)
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

// The gradient goes to the anchors only. All that is in memory is constant, the copies
// of the anchors too.
func TestMemoryGradient(t *testing.T) {
	x, labels := data(5, 4, 7)
	for _, c := range []struct {
		name   string
		loss   losses.Loss
		traits losses.Traits
	}{{"contrastive", contrastive, 0}, {"nca", nca, 0}, {"multi_similarity", multiSimilarity, 0}, {"snr", snr, losses.ReadsVectorMeans}} {
		t.Run(c.name, func(t *testing.T) {
			settings := memoryConfig(29, 0)
			settings.Traits = c.traits
			settings.Optimizer.LR = 0.125
			tr := newTrainer(t, settings, x, labels, c.loss)
			want := bank{size: 29}
			for step := range 4 {
				before := tr.Weights().W
				s := mustStep(t, tr)
				w := toFloat64(before)
				want.add(embedUnits(x, w, s.Rows), s.Labels)
				// In the first step the memory is the batch, and in the last it has
				// wrapped.
				if step%3 > 0 {
					continue
				}
				wantGradient(t, "∂L/∂W", before, tr.Weights().W, 0.125, w, func() float64 {
					return crossValue(t, c.loss, embedUnits(x, w, s.Rows), want.rows, s.Anchors, s.Candidates, s.Self)
				})
			}
		})
	}
}

// memoryGoldens are those of losses/testdata with a memory: batch A as anchors, and a
// memory of A and of four rows of batch B, with labels of their own.
type memoryGoldens struct {
	Batches map[string]struct {
		Raw    [][]float32
		Labels []int
	}
	XBM struct {
		Labels []int `json:"memory_labels"`
		Losses map[string]memoryGolden
	}
}

type memoryGolden struct {
	Value float64
	G     [][]float64 `json:"G_rect"`
	Raw   [][]float32 `json:"grad_raw_query"`
}

func readMemoryGoldens(t *testing.T) (all memoryGoldens) {
	t.Helper()
	bytes, err := os.ReadFile("../losses/testdata/goldens.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(bytes, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Here the rows of batch B were stored before those of A.
func TestMemoryGoldens(t *testing.T) {
	all := readMemoryGoldens(t)
	golden := map[string]losses.Loss{
		"xbm_contrastive_cos":  contrastive,
		"xbm_multi_similarity": losses.Mean(losses.MultiSimilarity{Alpha: 2, Beta: 50, Lambda: 0.5}),
	}
	if len(all.XBM.Losses) != len(golden) {
		t.Errorf("%d goldens of a memory, want %d", len(all.XBM.Losses), len(golden))
	}

	for name, loss := range golden {
		t.Run(name, func(t *testing.T) { wantMemoryGolden(t, all, all.XBM.Losses[name], loss) })
	}
}

func wantMemoryGolden(t *testing.T, all memoryGoldens, want memoryGolden, loss losses.Loss) {
	a, b := all.Batches["A"], all.Batches["B"]
	e, de := rowsOf(a.Raw...), matrix.New(len(a.Labels), 4)
	lengths := make([]float64, len(a.Labels))
	if err := normalizeRows(e, lengths); err != nil {
		t.Fatal(err)
	}
	pairs, err := newMemory(config.Memory{Size: 10}, len(a.Labels), 4)
	if err != nil {
		t.Fatal(err)
	}
	m := pairs.(*memory)
	for k := range 4 {
		copy(m.rows.Row(k), b.Raw[k])
		normalize(m.rows.Row(k))
		m.labels[k] = all.XBM.Labels[len(a.Labels)+k]
	}
	m.used, m.next = 4, 4

	s := &Step{Labels: a.Labels, S: make([]float64, 60), G: make([]float64, 60)}
	m.forward(e, s)
	cross, err := losses.NewCross(s.S, s.Anchors, s.Candidates, s.Self)
	if err != nil {
		t.Fatal(err)
	}
	if value := loss.Eval(cross, s.G); math.Abs(value-want.Value) > 1e-6*want.Value {
		t.Errorf("L = %v, want %v", value, want.Value)
	}
	for i, row := range want.G {
		for j, g := range row {
			if got := s.G[i*10+(j+4)%10]; math.Abs(got-g) > 1e-5 {
				t.Errorf("G = %v at (%d, %d), want %v", got, i, j, g)
			}
		}
	}

	m.backward(de, e, s)
	backThroughLength(de, e, lengths)
	near(t, "∂L/∂R", de, rowsOf(want.Raw...), 1e-5)
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
		{"proxies", func(c *Config) { c.Proxies = config.Proxies{PerClass: 1, LR: 1} }, "leave one of them out"},
		{"square", func(c *Config) { c.Relation = losses.Square }, "it takes the batch only: leave memory and proxies out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			settings := memoryConfig(20, 0)
			c.edit(&settings)
			_, err := New(settings, x, labels, contrastive)
			wantError(t, err, c.want)
		})
	}

	c := memoryConfig(0, 0)
	c.Memory.Name, c.Relation = "none", losses.Square
	newTrainer(t, c, x, labels, contrastive)
}
