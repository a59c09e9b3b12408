//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/f32"
	"gpwbench/internal/npy"
	"gpwbench/losses"
	"gpwbench/matrix"
	"gpwbench/train"
	"gpwbench/train/config"
)

// A work is what is timed. Paths name arrays of NumPy.
type work struct {
	Task   string `json:"task"` // product, recall, map_at_r, loss, step
	X      string `json:"x"`    // rows, float32
	Y      string `json:"y"`    // the second matrix of a product
	Labels string `json:"labels"`

	Op   string `json:"op"`   // of a product: nt, nn, tn, gram
	Loss string `json:"loss"` // of a loss or a step: a preset of the catalogue
	Dim  int    `json:"dim"`  // of a step: the head's

	// Out says, for recall and map_at_r, where to write the rank of every query's first
	// positive, from 0, or its average precision. Nothing is written if it is empty.
	Out string `json:"out"`
}

// A task is prepared work.
type task struct {
	call   func() error
	checks func() (map[string]float64, error) // what the last call computed
}

func (w work) prepare() (*task, error) {
	x, err := readMatrix(w.X)
	if err != nil {
		return nil, err
	}
	if w.Task == "product" {
		return w.product(x)
	}

	labels, err := npy.ReadInts(w.Labels)
	if err != nil {
		return nil, err
	}
	if len(labels) != x.Rows {
		return nil, fmt.Errorf("%d labels for %d rows: they must agree", len(labels), x.Rows)
	}

	switch w.Task {
	case "recall":
		return w.retrieval(x, labels, retrieval.Options{Ks: []int{1}}), nil
	case "map_at_r":
		return w.retrieval(x, labels, retrieval.Options{Ks: []int{1}, MAPAtR: true}), nil
	case "loss":
		return w.loss(x, labels)
	case "step":
		return w.step(x, labels)
	}

	return nil, fmt.Errorf("unknown task %q: use product, recall, map_at_r, loss or step", w.Task)
}

func readMatrix(path string) (matrix.Matrix, error) {
	rows, cols, data, err := npy.ReadFloats(path)
	return matrix.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}, err
}

// product is X·Yᵀ, X·Y, Xᵀ·Y, or X·Xᵀ.
func (w work) product(x matrix.Matrix) (*task, error) {
	y := x
	if w.Op != "gram" {
		var err error
		if y, err = readMatrix(w.Y); err != nil {
			return nil, err
		}
	}

	var c matrix.Matrix
	var call func()
	switch w.Op {
	case "nt":
		c, call = matrix.New(x.Rows, y.Rows), func() { f32.MulNT(c, x, y) }
	case "nn":
		c, call = matrix.New(x.Rows, y.Cols), func() { f32.MulNN(c, x, y) }
	case "tn":
		c, call = matrix.New(x.Cols, y.Cols), func() { f32.MulTN(c, x, y) }
	case "gram":
		c, call = matrix.New(x.Rows, x.Rows), func() { f32.Gram(c, x) }
	default:
		return nil, fmt.Errorf("unknown op %q: use nt, nn, tn or gram", w.Op)
	}

	return &task{
		call:   func() error { call(); return nil },
		checks: func() (map[string]float64, error) { return numbersOf(c), nil },
	}, nil
}

// numbersOf is what is compared of a matrix: its norm, and its projection on a wave,
// which tells a sign, a scale and an order.
func numbersOf(m matrix.Matrix) map[string]float64 {
	squares, projection, at := 0.0, 0.0, 0
	for i := range m.Rows {
		for _, v := range m.Row(i) {
			at++
			squares += float64(v) * float64(v)
			projection += float64(v) * math.Sin(float64(at))
		}
	}
	return map[string]float64{"norm": math.Sqrt(squares), "projection": projection}
}

func (w work) retrieval(x matrix.Matrix, labels []int, o retrieval.Options) *task {
	var scores *retrieval.Scores
	return &task{
		call: func() (err error) {
			scores, err = retrieval.Evaluate(context.Background(), retrieval.Float32(x), labels, o)
			return err
		},
		checks: func() (map[string]float64, error) {
			checks := map[string]float64{"recall_at_1": scores.Recall(1)}
			if !o.MAPAtR {
				return checks, w.write(func(f io.Writer) error { return npy.WriteInt64(f, []int{x.Rows}, wide(scores.Above)) })
			}

			mean, _ := scores.MAPAtR() // o asks for it
			checks["map_at_r"] = mean.Expected
			return checks, w.write(func(f io.Writer) error { return npy.WriteFloat64(f, []int{x.Rows}, expected(scores.AP)) })
		},
	}
}

func (w work) write(array func(io.Writer) error) error {
	if w.Out == "" {
		return nil
	}
	f, err := os.Create(w.Out)
	if err != nil {
		return err
	}
	if err := array(f); err != nil {
		f.Close()
		return err
	}

	return f.Close()
}

func wide(ranks []int32) []int64 {
	w := make([]int64, len(ranks))
	for i, rank := range ranks {
		w[i] = int64(rank)
	}
	return w
}

func expected(precisions []retrieval.Range) []float64 {
	e := make([]float64, len(precisions))
	for i, p := range precisions {
		e[i] = p.Expected
	}
	return e
}

func (w work) choose() (losses.Loss, losses.Choice, error) {
	choice, err := losses.Choose(losses.Catalogue, w.Loss)
	if err != nil {
		return nil, choice, err
	}
	loss, err := choice.Loss()
	return loss, choice, err
}

// loss is the value of a loss of rows and its gradient in them.
func (w work) loss(x matrix.Matrix, labels []int) (*task, error) {
	loss, choice, err := w.choose()
	if err != nil {
		return nil, err
	}
	o, err := train.NewObjective(loss, choice.Traits(), labels, x.Cols)
	if err != nil {
		return nil, err
	}
	gradient, value := matrix.New(x.Rows, x.Cols), 0.0
	return &task{
		call: func() (err error) {
			value, err = o.Eval(x, gradient)
			return err
		},
		checks: func() (map[string]float64, error) {
			checks := numbersOf(gradient)
			checks["value"] = value
			return checks, nil
		},
	}, nil
}

// A step's batches are those of the recipe: 16 classes of 5 rows. Its checks are of the
// 20th from the start. Peers that are to agree with it get a set of as many rows, so
// that every batch is the same.
const stepClasses, stepPerClass, stepChecked, stepRate = 16, 5, 20, 1e-3

// step is a step of training by Adam of a linear head that starts as the first
// coordinates of the features.
func (w work) step(x matrix.Matrix, labels []int) (*task, error) {
	loss, choice, err := w.choose()
	if err != nil {
		return nil, err
	}

	t, err := train.New(train.Config{
		Head:      config.Head{Name: "linear", Dim: w.Dim, Init: "identity"},
		Sampler:   config.Sampler{Name: "m_per_class", Classes: stepClasses, PerClass: stepPerClass},
		Optimizer: config.Optimizer{Name: "adam", LR: stepRate},
		Relation:  choice.Spec.Relation,
		Traits:    choice.Traits(),
	}, x, labels, loss)

	if err != nil {
		return nil, err
	}

	call := func() error {
		_, err := t.Step()
		return err
	}

	var s train.Step
	for range stepChecked {
		if s, err = t.Step(); err != nil {
			return nil, err
		}
	}

	value := s.Loss
	return &task{call, func() (map[string]float64, error) { return map[string]float64{"value": value}, nil }}, nil
}
