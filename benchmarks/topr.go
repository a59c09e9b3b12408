package benchmarks

import (
	"cmp"
	"slices"
	"sort"
)

// A topR collects what a query's AP@R and R-precision depend on, without sorting or keeping its negatives: for each distinct
// similarity of a positive, a level, how many negatives lie just above it and how many equal it.
//
// Only the R most similar of the gallery matter, R being the number of positives. A level with R or more before it is dropped as
// soon as the negatives seen so far tell so; the counts of a level that stays are exact, in whatever order the negatives come.
type topR struct {
	r       int
	levels  []level // descending
	counted int     // negatives since levels were last dropped
}

type level struct {
	similarity float32
	positives  int32
	above      int32 // negatives below the level before this one, and above this one
	equal      int32 // negatives
}

// positive adds a positive; all are added before begin.
func (t *topR) positive(s float32) {
	t.levels = append(t.levels, level{similarity: s, positives: 1})
}

// begin turns the positives into levels.
func (t *topR) begin() {
	t.r = len(t.levels)
	slices.SortFunc(t.levels, func(a, b level) int { return cmp.Compare(b.similarity, a.similarity) })
	n := 0
	for _, l := range t.levels {
		if n > 0 && t.levels[n-1].similarity == l.similarity {
			t.levels[n-1].positives++
			continue
		}
		t.levels[n] = l
		n++
	}
	t.levels = t.levels[:n]
}

// negatives adds negatives.
func (t *topR) negatives(row []float32) {
	if len(t.levels) == 0 {
		return
	}
	lowest := t.levels[len(t.levels)-1].similarity
	for _, s := range row {
		if s < lowest {
			continue
		}
		i := sort.Search(len(t.levels), func(i int) bool { return t.levels[i].similarity <= s })
		if l := &t.levels[i]; l.similarity == s {
			l.equal++
		} else {
			l.above++
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
		before += int(l.positives + l.equal)
	}
}

// precision returns AP@R and R-precision.
//
// A level of h positives and g-h equal negatives takes the places s+1 … s+g, c positives being before it. In a random order each
// of its places is a positive with probability h/g, and then, at place s+t, it has c + 1 + (t-1)(h-1)/(g-1) positives up to it, in
// expectation, which divided by s+t is the precision there (McSherry and Najork, Computing Information Retrieval Performance
// Measures Efficiently in the Presence of Tied Scores, ECIR 2008). The extremes put its negatives first or last.
func (t *topR) precision() (ap, rp Range) {
	s, c := 0, 0 // places and positives before the level
	for _, l := range t.levels {
		s += int(l.above)
		if s >= t.r {
			break
		}
		h, e := int(l.positives), int(l.equal)
		g := h + e
		share := float64(h) / float64(g)
		follow := 0.0 // how many positives each earlier place of the level has, given that this one is a positive
		if g > 1 {
			follow = float64(h-1) / float64(g-1)
		}
		places := min(g, t.r-s)
		for i := 1; i <= places; i++ {
			ap.Expected += share * (float64(c+1) + float64(i-1)*follow) / float64(s+i)
		}
		first := min(h, places)  // positives within R, if they come first
		last := max(0, places-e) // and if they come last
		for i := 1; i <= first; i++ {
			ap.High += float64(c+i) / float64(s+i)
		}
		for i := 1; i <= last; i++ {
			ap.Low += float64(c+i) / float64(s+e+i)
		}
		rp.Expected += share * float64(places)
		rp.High += float64(first)
		rp.Low += float64(last)
		s += g
		c += h
	}
	for _, v := range []*Range{&ap, &rp} {
		v.Low /= float64(t.r)
		v.Expected /= float64(t.r)
		v.High /= float64(t.r)
	}
	return ap, rp
}
