package datasets

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
)

// A stream is one of the independent sequences of random numbers of a stand-in. There is
// one for each class, so classes can be generated in any order. It uses only the bits of
// PCG, which are specified; the derived distributions of math/rand/v2 may change.
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

// uniform returns a number in [0, 1).
func (r *stream) uniform() float64 { return float64(r.bits.Uint64()>>11) / (1 << 53) }

// below returns one of 0, …, n-1. Its bias, n/2⁵³, is negligible for the few thousand
// rows that it chooses from.
func (r *stream) below(n int) int { return int(r.uniform() * float64(n)) }

// normal returns a number of mean 0 and variance 1, by the polar method (Marsaglia and
// Bray, SIAM Review 1964).
func (r *stream) normal() float64 {
	if r.full {
		r.full = false
		return r.spare
	}

	for {
		a, b := 2*r.uniform()-1, 2*r.uniform()-1
		q := float64(a*a) + float64(b*b) // the conversions prevent fusing, so that every processor rejects the same pairs
		if q == 0 || q >= 1 {
			continue
		}

		f := math.Sqrt(-2 * math.Log(q) / q)
		r.spare, r.full = b*f, true
		return a * f
	}
}

// logNormal returns exp(σ·z − σ²) with normal z; its square has mean 1.
func (r *stream) logNormal(sigma float64) float64 { return math.Exp(sigma*r.normal() - sigma*sigma) }
