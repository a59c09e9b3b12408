package datasets

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
)

// A stream is one of the independent sequences of random numbers that a stand-in is made
// of: one for each class, so that the classes can be generated in any order. It takes
// only the bits of PCG, which are specified, from math/rand/v2, whose derived
// distributions may change.
type stream struct {
	bits  *rand.PCG
	spare float64 // the second normal variate of a pair
	full  bool    // whether spare is one
}

// stream returns the sequence of a purpose and an index.
func (s *standIn) stream(seed uint64, purpose string, index int) *stream {
	h := fnv.New64a()
	h.Write([]byte(s.name() + "\x00" + purpose + "\x00" + strconv.Itoa(index)))
	return &stream{bits: rand.NewPCG(seed, h.Sum64())}
}

// uniform is in [0, 1).
func (r *stream) uniform() float64 { return float64(r.bits.Uint64()>>11) / (1 << 53) }

// below is one of 0, …, n-1. Its bias, n/2⁵³, is nothing to the few thousand rows that
// it chooses among.
func (r *stream) below(n int) int { return int(r.uniform() * float64(n)) }

// normal has mean 0 and variance 1, by the polar method (Marsaglia and Bray, SIAM Review
// 1964).
func (r *stream) normal() float64 {
	if r.full {
		r.full = false
		return r.spare
	}

	for {
		a, b := 2*r.uniform()-1, 2*r.uniform()-1
		q := float64(a*a) + float64(b*b) // the conversions forbid fusing, so that every processor rejects the same pairs
		if q == 0 || q >= 1 {
			continue
		}

		f := math.Sqrt(-2 * math.Log(q) / q)
		r.spare, r.full = b*f, true
		return a * f
	}
}

// logNormal is exp(σ·z − σ²) with normal z: its square has mean 1.
func (r *stream) logNormal(sigma float64) float64 { return math.Exp(sigma*r.normal() - sigma*sigma) }
