package extract

import (
	"fmt"
	"math"
	"slices"
)

// A Backbone is a network from images to features.
type Backbone interface {
	// Input is what the network takes: how many images at once, and their height and
	// width in pixels. 0 is any number.
	Input() (batch, height, width int)

	// Run computes the output of n images, each of 3·height·width floats, channel by
	// channel: its elements in C order, and its shape, which begins with n. It keeps
	// neither. It may be called by several goroutines, and the output of a batch depends
	// on nothing but the batch.
	Run(pixels []float32, n, height, width int) (output []float32, shape []int, err error)

	// Model says which network it is.
	Model() Model
}

// A Model says which network features are of. Its JSON is in the files of features.
type Model struct {
	File    string `json:"file"`           // without its folder
	SHA256  string `json:"sha256"`         // of the file, and of files of weights beside it
	Output  string `json:"output"`         // the name of the output that is read
	Runtime string `json:"runtime"`        // the library and its version
	Pool    Pool   `json:"pool,omitempty"` // how an output of more than one vector is pooled
	Shape   []int  `json:"-"`              // of the output, −1 where it depends on the input
}

// A Pool makes one row an image of an output that has several.
type Pool string

// The ways of pooling.
const (
	NoPool Pool = ""      // the output has one row an image
	Mean   Pool = "mean"  // the mean over the places of a map, or over all tokens
	First  Pool = "first" // the first token, which is the class token of vision transformers
)

// Pools lists those that can be asked for.
var Pools = []Pool{Mean, First}

// check refuses an output of a shape that p does not make rows of, where the shape is
// known to that extent. n is the number of images, or −1.
func (p Pool) check(shape []int, n int) error {
	if len(shape) > 0 && n >= 0 && shape[0] >= 0 && shape[0] != n {
		return fmt.Errorf("the output has the shape %v for %d images: its first size must be that of the batch", shape, n)
	}
	if slices.Contains(shape[min(1, len(shape)):], 0) {
		return fmt.Errorf("the output has the shape %v and no elements: choose another output", shape)
	}
	switch len(shape) {
	case 2:
		if p != NoPool {
			return fmt.Errorf("the output has one row an image, of %s features: there is nothing to pool by %s", size(shape[1]), p)
		}
	case 3:
		if p == NoPool {
			return fmt.Errorf("the output has %s tokens of %s features an image: pool them by first (the class token of vision transformers) or by mean, or choose another output", size(shape[1]), size(shape[2]))
		}
	case 4:
		if p == First {
			return fmt.Errorf("the output is a map of %s features at %s×%s places, without tokens: pool it by mean", size(shape[1]), size(shape[2]), size(shape[3]))
		}
		if p == NoPool && (shape[2] != 1 || shape[3] != 1) {
			return fmt.Errorf("the output is a map of %s features at %s×%s places: pool it by mean (global average pooling), or choose another output", size(shape[1]), size(shape[2]), size(shape[3]))
		}
	default:
		return fmt.Errorf("the output has the shape %v: want one row an image (2 sizes), tokens (3) or a map (4)", shape)
	}
	return nil
}

// size is a size that may not be known.
func size(n int) string {
	if n < 0 {
		return "some"
	}
	return fmt.Sprint(n)
}

// rows pools an output of n images. Means are summed in float64 and rounded once.
func (p Pool) rows(output []float32, shape []int, n int) (rows []float32, cols int, err error) {
	if err := p.check(shape, n); err != nil {
		return nil, 0, err
	}
	elements := 1
	for _, d := range shape {
		elements *= d
	}
	if elements != len(output) {
		return nil, 0, fmt.Errorf("the output has %d elements and the shape %v: the network is at fault", len(output), shape)
	}

	switch {
	case len(shape) == 2, len(shape) == 4 && p == NoPool:
		return output, shape[1], nil
	case len(shape) == 4:
		cols, places := shape[1], shape[2]*shape[3]
		rows = make([]float32, n*cols)
		for k := range rows {
			rows[k] = mean(output[k*places:(k+1)*places], 1)
		}
		return rows, cols, nil
	}

	tokens, cols := shape[1], shape[2]
	rows = make([]float32, n*cols)
	for k := range rows {
		image := output[k/cols*tokens*cols:][:tokens*cols]
		if p == First {
			rows[k] = image[k%cols]
		} else {
			rows[k] = mean(image[k%cols:], cols)
		}
	}
	return rows, cols, nil
}

// mean is that of every stride-th element from the first.
func mean(v []float32, stride int) float32 {
	sum, n := 0.0, 0
	for k := 0; k < len(v); k += stride {
		sum += float64(v[k])
		n++
	}
	return float32(sum / float64(n))
}

// notFinite returns the first row that has an element which is not finite, or −1.
func notFinite(rows []float32, cols int) int {
	for k, v := range rows {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return k / cols
		}
	}
	return -1
}
