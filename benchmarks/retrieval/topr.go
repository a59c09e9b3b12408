package retrieval

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// A topR collects what a query's AP@R and R-precision depend on, without sorting or
// storing its negatives. The positives are in levels, and it counts the negatives between
// one level and the next, and those within the error of float32 of a level. The first
// such negative makes it divide the level in float64.
//
// Only the R most similar rows of the gallery matter, R being the number of positives, or
// more where a profile is asked for to a greater depth. A level with that many rows
// before it is dropped once the negatives read so far show it. The counts of the levels
// that stay are exact, whatever the order of the negatives.
type topR struct {
	r         int
	depth     int       // ranks that matter: R, or more
	positives []scored  // descending
	levels    []level   // descending
	lows      []float32 // of the levels: searching these alone touches little memory

	// A negative above bestHigh is surely more similar than the best positive, and one
	// below bestLow less similar.
	bestLow, bestHigh float32

	counted int // negatives since levels were last dropped
}

// A level is a run of positives whose neighbours differ by less than the bound of
// float32. A negative above high is surely more similar than all of them, and one below
// low less similar.
type level struct {
	low, high float32
	to        int32     // where its positives end, which begin where those of the level before end
	above     int32     // negatives below the level before this one, and above this one
	divided   *division // nil before a negative comes between low and high
}

// A division of a level has its positives in groups, and the negatives between low and
// high.
type division struct {
	groups []group // ascending in t
	after  int32   // negatives less similar than all positives
}

// A group is a run of positives whose neighbours are equal or differ by less than twice
// the bound of float64, with the negatives among them.
type group struct {
	interval
	row       int32 // of one of them
	positives int32
	above     int32 // negatives more similar than these positives, and less than those of the group before
	equal     int32 // negatives that are equal, or too close to order
	mixed     bool  // the positives are not all equal
}

// positive adds a positive; all are added before begin.
func (t *topR) positive(p scored) { t.positives = append(t.positives, p) }

// begin divides the positives into levels. wrong bounds the error of their similarities.
func (t *topR) begin(wrong float64) {
	t.r = len(t.positives)
	t.depth = max(t.depth, t.r)
	t.levels = make([]level, 0, t.r)
	slices.SortFunc(t.positives, func(a, b scored) int { return cmp.Compare(b.similarity, a.similarity) })

	band := 2*wrong + 0x1p-24 // more than the rounding of the sums, which are below 2
	for i, p := range t.positives {
		high, low := float32(float64(p.similarity)+band), float32(float64(p.similarity)-band)
		if n := len(t.levels); n > 0 && high >= t.levels[n-1].low {
			t.levels[n-1].low, t.levels[n-1].to = low, int32(i+1)
			continue
		}

		t.levels = append(t.levels, level{low: low, high: high, to: int32(i + 1)})
	}

	t.lows = make([]float32, len(t.levels))
	for i, l := range t.levels {
		t.lows[i] = l.low
	}
}

// negative adds a negative. It reports whether levels were dropped.
func (t *topR) negative(d *doubles, query, row int, s float32) (dropped bool) {
	i := t.levelOf(s)
	if i == len(t.levels) {
		return false
	}

	if l := &t.levels[i]; s > l.high {
		l.above++
	} else {
		if l.divided == nil {
			l.divided = divide(d, query, t.positivesOf(i))
		}
		l.divided.add(d, query, row)
	}

	t.counted++
	if t.counted < len(t.levels) { // so that searching levels to drop costs no more than counting
		return false
	}
	t.counted = 0
	return t.drop()
}

// levelOf returns the highest level whose low end s reaches, or their number.
func (t *topR) levelOf(s float32) int {
	i, j := 0, len(t.lows)
	for i < j {
		if h := int(uint(i+j) >> 1); t.lows[h] <= s {
			j = h
		} else {
			i = h + 1
		}
	}
	return i
}

// near reports whether a similarity is within a distance of one that decides how it is
// counted.
func (t *topR) near(s float32, distance float64) bool {
	within := func(at float32) bool { return math.Abs(float64(s)-float64(at)) <= distance }
	i := t.levelOf(s)
	return within(t.bestLow) || within(t.bestHigh) ||
		i < len(t.levels) && (within(t.levels[i].low) || within(t.levels[i].high)) ||
		i > 0 && within(t.levels[i-1].low)
}

// drop drops the levels that have the ranks that matter before them.
func (t *topR) drop() bool {
	before := 0
	for i, l := range t.levels {
		before += int(l.above)
		if before >= t.depth {
			t.levels, t.lows = t.levels[:i], t.lows[:i]
			return true
		}

		before += len(t.positivesOf(i))
		if l.divided != nil {
			before += l.divided.negatives()
		}
	}
	return false
}

// positivesOf returns the positives of a level.
func (t *topR) positivesOf(level int) []scored {
	from := int32(0)
	if level > 0 {
		from = t.levels[level-1].to
	}
	return t.positives[from:t.levels[level].to]
}

// divide divides the positives of a level into groups.
func divide(d *doubles, query int, positives []scored) *division {
	l := new(division)
	all := make([]group, len(positives))
	for k, p := range positives {
		all[k] = group{interval: d.best(query, int(p.row)), row: p.row, positives: 1}
	}

	slices.SortFunc(all, func(a, b group) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.row, b.row)) })
	for _, t := range all {
		// At this distance no negative is too close to both groups.
		if n := len(l.groups); n > 0 && t.low-l.groups[n-1].high <= 3*d.radius(t.high) {
			g := &l.groups[n-1]
			g.low, g.high = min(g.low, t.low), max(g.high, t.high)
			g.positives++
			g.mixed = g.mixed || !d.equals(int(t.row), int(g.row))
			continue
		}

		l.groups = append(l.groups, t)
	}

	return l
}

// add adds a negative between low and high.
func (l *division) add(d *doubles, query, row int) {
	t := d.best(query, row)
	i := sort.Search(len(l.groups), func(i int) bool { return l.groups[i].high >= t.low })
	switch {
	case i == len(l.groups):
		l.after++
	case t.beside(l.groups[i].interval) == nearer:
		l.groups[i].above++

	default:
		g := &l.groups[i]
		g.equal++
		g.mixed = g.mixed || !d.equals(row, int(g.row))
	}
}

// negatives returns the number of negatives.
func (l *division) negatives() int {
	n := l.after
	for _, g := range l.groups {
		n += g.above + g.equal
	}
	return int(n)
}

// precision returns AP@R and R-precision, and whether they depend on an order that
// float64 cannot decide.
//
// A group of h positives and g-h equal negatives takes the places s+1 … s+g, after c
// positives. In a random order each of its places is a positive with probability h/g.
// Given that, place s+t has c + 1 + (t-1)(h-1)/(g-1) positives up to it in expectation;
// divided by s+t, this is the precision there (McSherry and Najork, Computing Information
// Retrieval Performance Measures Efficiently in the Presence of Tied Scores, ECIR 2008).
// The extremes rank its negatives first or last.
func (t *topR) precision() (ap, rp Range, mixed bool) {
	p := places{r: t.r, ap: &ap, rp: &rp}
	t.eachTier(func(tier Tier, m bool) {
		p.addNegatives(tier.Above)
		mixed = mixed || m && p.before < t.depth
		p.addTied(tier.Positives, tier.Tied)
	})

	for _, v := range []*Range{&ap, &rp} {
		v.Low /= float64(t.r)
		v.High /= float64(t.r)
		v.Expected = max(v.Low, min(v.Expected/float64(t.r), v.High))
	}

	return ap, rp, mixed
}

// eachTier visits the runs of tied positives in the order of ranks. It says of each
// whether float64 cannot decide if its positives and negatives are equal.
func (t *topR) eachTier(visit func(tier Tier, mixed bool)) {
	above := 0
	for i, l := range t.levels {
		above += int(l.above)
		if l.divided == nil {
			visit(Tier{Above: above, Positives: len(t.positivesOf(i))}, false)
			above = 0
			continue
		}

		for _, g := range l.divided.groups {
			visit(Tier{above + int(g.above), int(g.positives), int(g.equal)}, g.mixed && g.equal > 0)
			above = 0
		}

		above = int(l.divided.after)
	}
}

// Places are filled in the order of ranks. The sums of ap and rp are over those up to r.
type places struct {
	r, before, positives int // places before the next one, and the positives in them
	ap, rp               *Range
}

// addNegatives fills places with negatives.
func (p *places) addNegatives(negatives int) { p.before += negatives }

// addTied fills places with h positives and e negatives that are tied.
func (p *places) addTied(h, e int) {
	s, c, g := p.before, p.positives, h+e
	p.before, p.positives = s+g, c+h
	if s >= p.r {
		return
	}

	share := float64(h) / float64(g)
	follow := 0.0 // how many positives each earlier place of the group has, given that this one is a positive
	if g > 1 {
		follow = float64(h-1) / float64(g-1)
	}

	within := min(g, p.r-s)
	for i := 1; i <= within; i++ {
		p.ap.Expected += share * (float64(c+1) + float64(i-1)*follow) / float64(s+i)
	}

	first := min(h, within) // positives within R, if they come first

	last := max(0, within-e) // and if they come last
	for i := 1; i <= first; i++ {
		p.ap.High += float64(c+i) / float64(s+i)
	}

	for i := 1; i <= last; i++ {
		p.ap.Low += float64(c+i) / float64(s+e+i)
	}
	p.rp.Expected += share * float64(within)
	p.rp.High += float64(first)
	p.rp.Low += float64(last)
}
