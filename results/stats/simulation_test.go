package stats

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// simulations returns n, or what GPW_STATS_SIMULATIONS asks for: the coverages that the
// package's documentation prints are those of 4,000.
func simulations(t *testing.T, n int) int {
	asked := os.Getenv("GPW_STATS_SIMULATIONS")
	if asked == "" {
		return n
	}
	n, err := strconv.Atoi(asked)
	if err != nil {
		t.Fatalf("GPW_STATS_SIMULATIONS: %v", err)
	}

	return n
}

// A rate counts how often something happened.
type rate struct{ hits, n int }

func (r *rate) count(hit bool) {
	r.n++
	if hit {
		r.hits++
	}
}

func (r rate) value() float64 { return float64(r.hits) / float64(r.n) }

// within reports whether the rate is p but for three and a half standard errors of a
// binomial rate, which chance exceeds once in 2,000 times.
func (r rate) within(p float64) bool { return math.Abs(r.value()-p) <= r.error(p) }

func (r rate) atMost(p float64) bool { return r.value() <= p+r.error(p) }

func (r rate) atLeast(p float64) bool { return r.value() >= p-r.error(p) }

func (r rate) error(p float64) float64 { return 3.5 * math.Sqrt(p*(1-p)/float64(r.n)) }

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 12)) }

// near reports whether got is want but for a relative or absolute error.
func near(got, want, err float64) bool { return math.Abs(got-want) <= err*max(1, math.Abs(want)) }
