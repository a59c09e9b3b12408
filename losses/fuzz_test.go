package losses_test

import (
	"encoding/binary"
	"math"
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// FuzzEval reads a loss, its parameters, labels and similarities from bytes: whatever
// they are, L and G are finite, all of G is written, self has none, and nothing panics.
func FuzzEval(f *testing.F) {
	all := choices(f)
	for k := range all {
		f.Add(uint16(k), uint64(0), []byte{0, 0, 1, 1, 2}, []byte("similarities, by two bytes each"))
	}
	f.Add(uint16(0), uint64(1), []byte{}, []byte{})
	f.Add(uint16(3), uint64(2), []byte{1}, []byte{255, 255})
	f.Fuzz(func(t *testing.T, which uint16, seed uint64, classes, bytes []byte) {
		c := all[int(which)%len(all)]
		if seed != 0 {
			c = losstest.Vary(c, seed)
		}
		loss, err := c.Loss()
		if err != nil {
			t.Fatal(err)
		}
		labels := make([]int, min(len(classes), 24))
		for i := range labels {
			labels[i] = int(classes[i])
		}
		s := make([]float64, len(labels)*len(labels))
		for k := range s {
			if len(bytes) > 0 {
				two := [2]byte{bytes[2*k%len(bytes)], bytes[(2*k+1)%len(bytes)]}
				s[k] = float64(int16(binary.LittleEndian.Uint16(two[:]))) / math.MaxInt16 // −1.00003 to 1
			}
		}
		b, err := losses.NewBatch(s, labels)
		if err != nil {
			t.Fatal(err)
		}
		means := make([]float64, len(labels))
		for i := range means {
			means[i] = s[i*len(labels)+i] // anything, also what no vectors have: the diagonal of S is not read
		}
		b.SetMeans(means, means)
		g := make([]float64, len(s))
		for k := range g {
			g[k] = math.NaN()
		}
		if v := loss.Eval(b, g); math.IsNaN(v - v) {
			t.Fatalf("%s (%s): L = %v", c.Name(), c.Caption(), v)
		}
		for k, v := range g {
			if math.IsNaN(v-v) || k%(len(labels)+1) == 0 && v != 0 {
				t.Fatalf("%s (%s): G = %v at %d, %d", c.Name(), c.Caption(), v, k/len(labels), k%len(labels))
			}
		}
	})
}
