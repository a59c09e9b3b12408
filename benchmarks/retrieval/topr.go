package retrieval

import (
	"cmp"
	"slices"
	"sort"
)

// A topR collects what a query's AP@R and R-precision depend on, without sorting or
// keeping its negatives: of the positives, in levels, how many negatives lie just above
// each level, and how many as near to it as float32 may be wrong. The first such
// negative has the level divided in float64.
//
// Only the R most similar of the gallery matter, R being the number of positives. A
// level with R or more before it is dropped as soon as the negatives seen so far tell
// so; the counts of a level that stays are exact, in whatever order the negatives come.
type topR struct {
	r         int
	positives []scored // descending
	levels    []level  // descending
	counted   int      // negatives since levels were last dropped
}

// A level is positives that follow each other within the bound of float32. A negative
// above high is surely more similar than all of them, one below low less.
type level struct {
	low, high float32
	to        int32     // where its positives end, which begin where those of the level before end
	above     int32     // negatives below the level before this one, and above this one
	divided   *division // nil before a negative comes between low and high
}

// A division of a level is its positives in groups, and the negatives between low and
// high.
type division struct {
	groups []group // ascending in t
	after  int32   // negatives less similar than all positives
}

// A group is positives that follow each other within twice the bound of float64, or equal
// each other, and the negatives among them.
type group struct {
	interval
	row       int32 // of one of them
	positives int32
	above     int32 // negatives more similar than these positives, and less than those of the group before
	equal     int32 // negatives as similar, or too close to tell
	mixed     bool  // they are not all equal
}

// positive adds a positive; all are added before begin.
func (t *topR) positive(p scored) { t.positives = append(t.positives, p) }

// begin turns the positives into levels, of similarities that may be wrong by so much.
func (t *topR) begin(wrong float64) {
	t.r = len(t.positives)
	t.levels = make([]level, 0, t.r)
	slices.SortFunc(t.positives, func(a, b scored) int { return cmp.Compare(b.similarity, a.similarity) })

	band := 2*wrong + 0x1p-24 // which is more than the sums, below 2, are rounded
	for i, p := range t.positives {
		high, low := float32(float64(p.similarity)+band), float32(float64(p.similarity)-band)
		if n := len(t.levels); n > 0 && high >= t.levels[n-1].low {
			t.levels[n-1].low, t.levels[n-1].to = low, int32(i+1)
			continue
		}

		t.levels = append(t.levels, level{low: low, high: high, to: int32(i + 1)})
	}
}

// negatives adds negatives, gallery rows start and following.
func (t *topR) negatives(d *doubles, query, start int, row []float32) {
	if len(t.levels) == 0 {
		return
	}
	lowest := t.levels[len(t.levels)-1].low

	for j, s := range row {
		if s < lowest {
			continue
		}
		i := sort.Search(len(t.levels), func(i int) bool { return t.levels[i].low <= s })
		if l := &t.levels[i]; s > l.high {
			l.above++
		} else {
			if l.divided == nil {
				l.divided = divide(d, query, t.of(i))
			}
			l.divided.add(d, query, start+j)
		}

		t.counted++
	}

	if t.counted < len(t.levels) { // so that looking for levels to drop costs no more than counting
		return
	}
	t.counted = 0
	before := 0

	for i, l := range t.levels {
		before += int(l.above)
		if before >= t.r {
			t.levels = t.levels[:i]
			return
		}

		before += len(t.of(i))
		if l.divided != nil {
			before += l.divided.negatives()
		}
	}
}

// of returns the positives of a level.
func (t *topR) of(level int) []scored {
	from := int32(0)
	if level > 0 {
		from = t.levels[level-1].to
	}
	return t.positives[from:t.levels[level].to]
}

// divide makes groups of the positives of a level.
func divide(d *doubles, query int, positives []scored) *division {
	l := new(division)
	all := make([]group, len(positives))
	for k, p := range positives {
		all[k] = group{interval: d.best(query, int(p.row)), row: p.row, positives: 1}
	}

	slices.SortFunc(all, func(a, b group) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.row, b.row)) })
	for _, t := range all {
		// So far apart, no negative is too close to both.
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

// add takes a negative between low and high.
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

// negatives is how many there are.
func (l *division) negatives() int {
	n := l.after
	for _, g := range l.groups {
		n += g.above + g.equal
	}
	return int(n)
}

// precision returns AP@R and R-precision, and whether float64 leaves an order open that
// they depend on.
//
// A group of h positives and g-h equal negatives takes the places s+1 … s+g, c positives
// being before it. In a random order each of its places is a positive with probability
// h/g, and then, at place s+t, it has c + 1 + (t-1)(h-1)/(g-1) positives up to it, in
// expectation, which divided by s+t is the precision there (McSherry and Najork,
// Computing Information Retrieval Performance Measures Efficiently in the Presence of
// Tied Scores, ECIR 2008). The extremes put its negatives first or last.
func (t *topR) precision() (ap, rp Range, mixed bool) {
	p := places{r: t.r, ap: &ap, rp: &rp}
	for i, l := range t.levels {
		p.skip(int(l.above))
		if l.divided == nil {
			p.take(len(t.of(i)), 0)
			continue
		}

		for _, g := range l.divided.groups {
			p.skip(int(g.above))
			mixed = mixed || g.mixed && g.equal > 0 && p.before < p.r
			p.take(int(g.positives), int(g.equal))
		}

		p.skip(int(l.divided.after))
	}

	for _, v := range []*Range{&ap, &rp} {
		v.Low /= float64(t.r)
		v.High /= float64(t.r)
		v.Expected = max(v.Low, min(v.Expected/float64(t.r), v.High))
	}

	return ap, rp, mixed
}

// Places are filled from the first one on. Sums of ap and rp are over those up to r.
type places struct {
	r, before, positives int // places before the next one, and positives in them
	ap, rp               *Range
}

// skip puts negatives.
func (p *places) skip(negatives int) { p.before += negatives }

// take puts h positives and e negatives whose order is open.
func (p *places) take(h, e int) {
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
