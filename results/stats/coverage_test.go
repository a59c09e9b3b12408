package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// A population is where classes are drawn from: it appends the values of one class, and
// its mean over all queries is known.
type population struct {
	name string
	mean float64
	draw func(r *rand.Rand, values []float64) []float64
}

// unequal returns the size of a class: 50 in the middle, a factor of 1.8 about it.
func unequal(r *rand.Rand) (size int, z float64) {
	z = r.NormFloat64()
	return max(2, int(math.Round(50*math.Exp(0.6*z)))), z
}

// around appends size values about the mean of a class.
func around(r *rand.Rand, values []float64, size int, mean, spread float64) []float64 {
	for range size {
		values = append(values, mean+spread*r.NormFloat64())
	}

	return values
}

var populations = []population{
	// Classes of equal sizes with normal effects.
	{"even", 0, func(r *rand.Rand, v []float64) []float64 { return around(r, v, 50, 0.3*r.NormFloat64(), 0.3) }},
	// Unequal sizes, and effects with a long tail: some classes gain much.
	{"skewed", 0, func(r *rand.Rand, v []float64) []float64 {
		size, _ := unequal(r)
		return around(r, v, size, 0.1*(r.ExpFloat64()-1), 0.4)
	}},
	// The same, and large classes gain more: E[e^0.6z·0.05z]/E[e^0.6z] = 0.6·0.05.
	{"by size", 0.03, func(r *rand.Rand, v []float64) []float64 {
		size, z := unequal(r)
		return around(r, v, size, 0.1*(r.ExpFloat64()-1)+0.05*z, 0.4)
	}},
	// One row's Recall@1 near 1, with a few hard classes; 5/5.7 is the mean of the beta.
	{"recall", 5 / 5.7, func(r *rand.Rand, v []float64) []float64 {
		size, _ := unequal(r)
		p := distuv.Beta{Alpha: 5, Beta: 0.7, Src: r}.Rand()
		for range size {
			hit := 0.0
			if r.Float64() < p {
				hit = 1
			}
			v = append(v, hit)
		}
		return v
	}},
	// Two rows that agree on all but a seventh of the classes.
	{"sparse", 0, func(r *rand.Rand, v []float64) []float64 {
		size, _ := unequal(r)
		effect := 0.0
		if r.IntN(7) == 0 {
			effect = 0.1 * r.NormFloat64()
		}
		return around(r, v, size, effect, 0)
	}},
}

// sample draws the queries of n classes. The bootstrap makes 999 resamples, by a key of
// its own for each sample: simulations would share the luck of one set of resamples.
func (p population) sample(r *rand.Rand, n int) (*Bootstrap, []float64) {
	var values []float64
	var class []int
	for c := range n {
		values = p.draw(r, values)
		for len(class) < len(values) {
			class = append(class, c)
		}
	}
	b := OverClasses(fmt.Sprint(r.Uint64()), class)
	b.resamples = 999

	return b, values
}

// A resampled sample is what every method makes its interval from.
type resampled struct {
	mean, se float64
	atoms    []atom
	means    []float64 // of the resamples, ascending
	ts       []float64 // their deviations over their own standard errors, ascending
}

func (b *Bootstrap) resampled(values []float64) resampled {
	s := resampled{}
	s.mean, s.atoms = b.atoms(values)
	s.se = b.standardError(s.atoms)
	stream := rand.NewPCG(uint64(len(values)), math.Float64bits(s.mean))
	n := float64(len(s.atoms))
	for range b.resamples {
		m := resample(stream, s.atoms)
		d := m.r / m.s
		s.means = append(s.means, s.mean+d)
		if d != 0 {
			variance := max(0, m.rr-2*d*m.rs+d*d*m.ss)
			d /= math.Sqrt(variance*n/(n-1)) / m.s
		}
		s.ts = append(s.ts, d)
	}
	slices.Sort(s.means)
	slices.Sort(s.ts)

	return s
}

// at returns the order statistic for the probability p.
func at(sorted []float64, p float64) float64 {
	k := int(math.Round(p * float64(len(sorted)+1)))
	return sorted[min(max(k, 1), len(sorted))-1]
}

// methods are the intervals that were considered, but for the one that was chosen.
var methods = []struct {
	name     string
	interval func(s resampled) (low, high float64)
}{
	{"percentile", func(s resampled) (float64, float64) { return at(s.means, 0.025), at(s.means, 0.975) }},
	{"BCa", func(s resampled) (float64, float64) {
		below, _ := slices.BinarySearch(s.means, s.mean)
		z := distuv.UnitNormal.Quantile(min(max(float64(below), 0.5)/float64(len(s.means)), 1-1e-3))
		var n, cubes, squares float64
		for _, a := range s.atoms {
			n += a.size
		}
		for _, a := range s.atoms { // the jackknife: the mean without a class
			l := a.residual / (n - a.size)
			cubes += l * l * l
			squares += l * l
		}
		acceleration := cubes / (6 * math.Pow(squares, 1.5))
		p := func(q float64) float64 {
			return distuv.UnitNormal.CDF(z + (z+q)/(1-acceleration*(z+q)))
		}
		return at(s.means, p(-1.959964)), at(s.means, p(1.959964))
	}},
	{"t", func(s resampled) (float64, float64) {
		half := StudentT(0.975, len(s.atoms)-1) * s.se
		return s.mean - half, s.mean + half
	}},
	{"bootstrap-t", func(s resampled) (float64, float64) {
		return s.mean - at(s.ts, 0.975)*s.se, s.mean - at(s.ts, 0.025)*s.se
	}},
}

// TestCoverage measures how often each method's interval covers the mean of the population
// that classes are drawn from. With -v it prints the table of the package documentation;
// without, the other methods are measured at 8 classes only, where they differ most.
func TestCoverage(t *testing.T) {
	classes := []int{8, 20, 49, 98}
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-8s %7s", "", "classes")
	for _, m := range methods {
		fmt.Fprintf(&table, " %11s", m.name)
	}
	fmt.Fprintf(&table, " %11s %11s\n", "symmetric", "no interval")

	for _, p := range populations {
		for _, n := range classes {
			others, chosen, none := cover(t, p, n)
			fmt.Fprintf(&table, "%-8s %7d", p.name, n)
			for _, o := range others {
				fmt.Fprintf(&table, " %11.1f", 100*o.value())
			}
			fmt.Fprintf(&table, " %11.1f %11.1f\n", 100*chosen.value(), 100*none.value())
			hold(t, p.name, n, others, chosen)
		}
	}
	t.Log(table.String())
}

// cover draws samples and counts which intervals cover. A method without a bound covers.
func cover(t *testing.T, p population, classes int) (others []rate, chosen, none rate) {
	r := seeded(uint64(classes))
	others = make([]rate, len(methods))
	for range simulations(t, 200) {
		b, values := p.sample(r, classes)
		e := b.Mean(values)
		none.count(e.Low == nil)
		chosen.count(e.Low == nil || *e.Low <= p.mean && p.mean <= *e.High)
		if classes > 8 && !testing.Verbose() {
			continue
		}
		if *e.SE == 0 {
			for i := range others {
				others[i].count(e.Mean == p.mean)
			}
			continue
		}
		s := b.resampled(values)
		for i, m := range methods {
			low, high := m.interval(s)
			others[i].count(!(low > p.mean || high < p.mean))
		}
	}

	return others, chosen, none
}

// hold holds the coverages against what the documentation says of them.
func hold(t *testing.T, name string, classes int, others []rate, chosen rate) {
	t.Helper()
	switch {
	case name == "sparse":
		if !chosen.atLeast(0.95) {
			t.Errorf("sparse, %d classes: %.3f", classes, chosen.value())
		}
	case name == "even":
		if !chosen.atLeast(0.95) || chosen.value() > 0.985 {
			t.Errorf("even, %d classes: %.3f", classes, chosen.value())
		}
	default:
		floor := map[int]float64{8: 0.91, 20: 0.915, 49: 0.925, 98: 0.935}[classes]
		if !chosen.atLeast(floor) {
			t.Errorf("%s, %d classes: %.3f, want %.3f", name, classes, chosen.value(), floor)
		}
	}
	if classes == 8 && others[0].value() >= chosen.value()-0.02 && name != "sparse" {
		t.Errorf("%s: the percentile interval covers %.3f, as well as the chosen one, %.3f", name, others[0].value(), chosen.value())
	}
}
