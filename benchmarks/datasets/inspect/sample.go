package inspect

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// The sizes of samples.
const (
	nearestSample  = 2000  // rows whose nearest row is found
	pairSample     = 20000 // pairs within classes, and between them
	spectrumSample = 1024  // rows
)

// A stream is random numbers for one purpose. It uses the bits of PCG, which are
// specified, and none of the distributions of math/rand/v2, which may change.
type stream struct{ bits *rand.PCG }

func newStream(seed uint64, purpose string) stream {
	h := fnv.New64a()
	h.Write([]byte("inspect\x00" + purpose))
	return stream{rand.NewPCG(seed, h.Sum64())}
}

// below returns one of 0, …, n-1.
func (s stream) below(n int) int { return int(float64(s.bits.Uint64()>>11) / (1 << 53) * float64(n)) }

// choose draws n of the rows without replacement, and all of fewer. They are ascending.
func (s stream) choose(rows []int, n int) []int {
	all := slices.Clone(rows)
	if n >= len(all) {
		return all
	}
	for k := range n {
		j := k + s.below(len(all)-k)
		all[k], all[j] = all[j], all[k]
	}
	all = all[:n]
	slices.Sort(all)
	return all
}
