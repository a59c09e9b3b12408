package stats

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// Resamples is the number of resamples of a [Bootstrap]. No p is below 1/(Resamples + 1),
// so that Holm's method can reject in families of up to 499 comparisons.
const Resamples = 9999

// A Bootstrap resamples the units of one data set, its classes or its queries, with
// replacement. The resamples depend on its key and the number of units only, so that all
// rows and pairs of rows of the data set are judged by the same ones. It does not change
// once made and may be used by several goroutines.
type Bootstrap struct {
	key       string
	unit      string    // class or query
	of        []int     // the unit of each query
	sizes     []float64 // queries in each unit
	resamples int
}

// OverClasses returns the bootstrap whose units are classes, where classes are what the
// data set is a sample of: rows are to be compared on classes unseen in training. The
// key is the data set's; class has the label of each query, of which there must be at
// least one. Queries that the metric does not count are left out by the caller.
func OverClasses(key string, class []int) *Bootstrap {
	labels := slices.Clone(class)
	slices.Sort(labels)
	labels = slices.Compact(labels)

	b := &Bootstrap{key: key, unit: "class", of: make([]int, len(class)), sizes: make([]float64, len(labels)), resamples: Resamples}
	for q, label := range class {
		b.of[q], _ = slices.BinarySearch(labels, label)
		b.sizes[b.of[q]]++
	}

	return b
}

// OverQueries returns the bootstrap of n ≥ 1 queries, each a unit of its own. It takes
// the classes as given, and queries of one class as independent, which they are not:
// its intervals are too narrow for what is said of other classes.
func OverQueries(key string, n int) *Bootstrap {
	b := &Bootstrap{key: key, unit: "query", of: make([]int, n), sizes: make([]float64, n), resamples: Resamples}
	for q := range n {
		b.of[q], b.sizes[q] = q, 1
	}

	return b
}

// Units returns how many classes, or queries, are resampled.
func (b *Bootstrap) Units() int { return len(b.sizes) }

// An Estimate is the mean of one row's metric over queries with its interval over the
// units of a [Bootstrap], as fractions of 1. The interval is cut at 0 and 1. One that is
// all of that, as of few classes, says nothing and is nil, and so is one without a width.
type Estimate struct {
	N    int    `json:"n"`    // how many units there are
	Unit string `json:"unit"` // class or query

	Mean float64  `json:"mean"` // over all queries
	SE   *float64 `json:"se"`   // the linearised standard error of Mean
	Low  *float64 `json:"low"`  // the 95 % interval of Mean
	High *float64 `json:"high"`

	Why string `json:"why,omitempty"` // why something is nil
}

// Mean returns the mean of the per-query values of one row, averaged over its seeds if it
// has several, and its interval. It panics unless there is one finite value per query.
func (b *Bootstrap) Mean(values []float64) Estimate {
	b.mustFit(values)
	mean, atoms := b.atoms(values)
	e := Estimate{N: b.Units(), Unit: b.unit, Mean: mean}
	if e.N < 2 {
		e.Why = b.alone()
		return e
	}

	se := b.standardError(atoms)
	e.SE = &se
	half := b.half(b.distances(atoms, se))
	if math.IsInf(half, 1) {
		e.Why = b.tooFew()
		return e
	}
	switch low, high := max(0, mean-half), min(1, mean+half); {
	case se == 0:
		e.Why = "the mean is the same for every " + b.unit
	case low == 0 && high == 1:
		e.Why = wholeRange(e.N, b.unit)
	default:
		e.Low, e.High = &low, &high
	}

	return e
}

// Difference compares two rows by their per-query values, each averaged over the row's
// seeds. Its Mean is the mean of a − b over all queries; its P is below [Level] exactly
// where 0 is outside the interval. It panics unless both have one finite value per query.
func (b *Bootstrap) Difference(rowA, rowB []float64) Difference {
	b.mustFit(rowA)
	b.mustFit(rowB)
	values := make([]float64, len(rowA))
	for q := range values {
		values[q] = rowA[q] - rowB[q]
	}

	mean, atoms := b.atoms(values)
	d := Difference{N: b.Units(), Unit: b.unit, Mean: mean}
	if d.N < 2 {
		d.Why = b.alone()
		return d
	}
	se := b.standardError(atoms)
	if se == 0 {
		d.sameForAll()
		return d
	}

	distances := b.distances(atoms, se)
	p := share(distances, math.Abs(mean))
	d.SE, d.P = &se, &p
	half := b.half(distances)
	if math.IsInf(half, 1) {
		d.Why = b.tooFew()
		return d
	}

	smallest := half + normalPower*se
	d.Smallest = &smallest
	low, high := mean-half, mean+half
	d.Low, d.High = &low, &high
	d.withinShares()

	return d
}

func (b *Bootstrap) alone() string { return "one " + b.unit + ": no interval and no p" }

func (b *Bootstrap) tooFew() string { return "too few " + plural[b.unit] + " vary for an interval" }

func (b *Bootstrap) mustFit(values []float64) {
	if len(values) != len(b.of) {
		panic(fmt.Sprintf("stats: %d values for %d queries", len(values), len(b.of)))
	}
	mustBeFinite(values)
}

// An atom is a unit: its residual, the sum of its values less the mean of all for each of
// its queries, and how many queries it has.
type atom struct{ residual, size float64 }

// atoms returns the mean over queries and the units about it. Residuals that are rounding
// errors are 0.
func (b *Bootstrap) atoms(values []float64) (mean float64, atoms []atom) {
	atoms = make([]atom, b.Units())
	largest := 0.0
	for q, v := range values {
		atoms[b.of[q]].residual += v - values[0]
		largest = max(largest, math.Abs(v))
	}
	var sum float64
	for k := range atoms {
		sum += atoms[k].residual
	}
	shift := sum / float64(len(values))
	mean = values[0] + shift

	for k, size := range b.sizes {
		r := atoms[k].residual - shift*size
		if math.Abs(r) <= 8*size*largest*0x1p-53 {
			r = 0
		}
		atoms[k] = atom{residual: r, size: size}
	}

	return mean, atoms
}

// standardError returns the linearised standard error of the ratio Σ sums / Σ sizes.
func (b *Bootstrap) standardError(atoms []atom) float64 {
	var squares float64
	for _, a := range atoms {
		squares += a.residual * a.residual
	}
	n := float64(len(atoms))

	return math.Sqrt(squares*n/(n-1)) / float64(len(b.of))
}

// distances returns |t*|·se for every resample, in ascending order, where t* is the
// resample's deviation from the mean over its own standard error. A resample that
// deviates without a spread of its own is infinitely far.
func (b *Bootstrap) distances(atoms []atom, se float64) []float64 {
	stream := b.stream()
	n := float64(len(atoms))
	out := make([]float64, b.resamples)
	for k := range out {
		m := resample(stream, atoms)
		deviation := m.r / m.s
		square, other := deviation*deviation*m.ss, m.rr
		variance := other - 2*deviation*m.rs + square
		switch {
		case deviation == 0:
			out[k] = 0
		case variance <= 1e-12*(other+square): // 0 but for rounding
			out[k] = math.Inf(1)
		default:
			out[k] = math.Abs(deviation) / (math.Sqrt(variance*n/(n-1)) / m.s) * se
		}
	}
	slices.Sort(out)

	return out
}

// stream returns the numbers by which units are drawn.
func (b *Bootstrap) stream() *rand.PCG {
	h := fnv.New64a()
	h.Write([]byte(b.key))
	h.Write([]byte{0})
	h.Write([]byte(b.unit))

	return rand.NewPCG(h.Sum64(), uint64(b.Units()))
}

// moments are sums over the units of a resample: of residuals, sizes, and their products.
type moments struct{ r, s, rr, rs, ss float64 }

// resample draws as many units as there are, two with each number of the stream. A unit's
// probability is 1/n but for 2⁻³². Two sums of each kind are kept, as a processor adds
// to one while it still adds to the other, and in variables, which are in registers.
func resample(stream *rand.PCG, atoms []atom) moments {
	n := uint64(len(atoms))
	var r0, s0, rr0, rs0, ss0, r1, s1, rr1, rs1, ss1 float64
	for range n / 2 {
		x := stream.Uint64()
		a, b := &atoms[(x>>32)*n>>32], &atoms[(x&math.MaxUint32)*n>>32]
		r, s := a.residual, a.size
		r0, s0, rr0, rs0, ss0 = r0+r, s0+s, rr0+r*r, rs0+r*s, ss0+s*s
		r, s = b.residual, b.size
		r1, s1, rr1, rs1, ss1 = r1+r, s1+s, rr1+r*r, rs1+r*s, ss1+s*s
	}
	if n%2 == 1 {
		a := &atoms[(stream.Uint64()>>32)*n>>32]
		r, s := a.residual, a.size
		r0, s0, rr0, rs0, ss0 = r0+r, s0+s, rr0+r*r, rs0+r*s, ss0+s*s
	}

	return moments{r0 + r1, s0 + s1, rr0 + rr1, rs0 + rs1, ss0 + ss1}
}

// half returns half the width of the interval: the largest distance that [share] does not
// call significant.
func (b *Bootstrap) half(distances []float64) float64 {
	n := len(distances)
	atLeast := sort.Search(n, func(m int) bool { return float64(m+1)/float64(n+1) >= Level })

	return distances[n-max(atLeast, 1)]
}

// share returns the p of a distance: the share of the resamples, with the data themselves
// as one more, that are at least as far.
func share(distances []float64, distance float64) float64 {
	below, _ := slices.BinarySearch(distances, distance)
	return float64(len(distances)-below+1) / float64(len(distances)+1)
}
