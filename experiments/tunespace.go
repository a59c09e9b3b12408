package experiments

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gpwbench/experiments/search"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results"
)

// A Range says what [Tune] does with a setting: searches it between two bounds, or leaves
// it as it is.
type Range struct {
	// Path is optimizer.lr, params.NAME or miner.NAME for every row that has it, or
	// losses.KEY. and one of these for the rows of a loss or a label.
	Path      string
	Low, High float64
	Fixed     bool // not searched; Low and High do not count
}

// A RangeError is a [Range] that no setting can be searched in, or that is of no setting.
type RangeError struct {
	Path    string // of the range
	Problem string // what is wrong with it, and what to do
}

func (e *RangeError) Error() string { return e.Problem }

func rangeError(r Range, format string, args ...any) error {
	return &RangeError{r.Path, fmt.Sprintf(format, args...)}
}

// factor is how far a setting whose domain is infinite is searched around its default, in
// either direction.
const factor = 10

// rateFactor is how far a learning rate is searched around that of the spec.
const rateFactor = 30

// A rowSpace is what is searched of a row.
type rowSpace struct {
	row   *spec.Row
	data  *spec.Dataset
	space search.Space
	fixed []string // what is not searched, and why

	domains []losses.Domain // of the settings in space

	on      *datasetRuns
	variant string // its label with the swept values that change it; "" without
}

// label names the row with the variant that it is of.
func (s *rowSpace) label() string {
	if s.variant == "" {
		return s.row.Label
	}
	return s.variant
}

// newRowSpace returns the default search of a row, changed by ranges. It reports which of
// these it met. What the swept values of the row give is not searched.
func newRowSpace(d *spec.Dataset, row *spec.Row, ranges []Range, swept []spec.Swept, met map[string]bool) (*rowSpace, error) {
	s := &rowSpace{row: row, data: d}
	lr := row.OptimizerOn(d).LR
	all := []candidate{{search.Dimension{Path: "optimizer.lr", Low: search.Digits(lr / rateFactor), High: search.Digits(lr * rateFactor), Log: true, Default: lr}, losses.Domain{LowOpen: true, High: math.Inf(1), HighOpen: true}, ""}}
	for _, p := range losses.Parameters(row.Choice.Value) {
		all = append(all, candidateOf("params.", p))
	}
	if row.Choice.Miner != nil {
		for _, p := range losses.Parameters(row.Choice.Miner) {
			all = append(all, candidateOf("miner.", p))
		}
	}

	for _, c := range all {
		given := s.isSwept(swept, c.Path)
		if given && c.why == "" {
			c.why = "swept, here " + plain(c.Default)
		}
		for _, r := range ranges {
			if !s.isFor(r, c.Path) {
				continue
			}
			met[r.Path] = true
			if given && !r.Fixed {
				return nil, rangeError(r, "%s is swept, so that each variant has its value and no range; leave out the range or the key of the sweep", r.Path)
			}
			if given {
				continue
			}
			if err := c.set(r); err != nil {
				return nil, err
			}
		}
		if c.why != "" {
			s.fixed = append(s.fixed, c.Path+": "+c.why)
			continue
		}
		s.space, s.domains = append(s.space, c.Dimension), append(s.domains, c.domain)
	}
	return s, s.space.Check()
}

// isFor reports whether a range is for a setting of the row.
func (s *rowSpace) isFor(r Range, path string) bool {
	if r.Path == path {
		return true
	}
	key, ok := strings.CutPrefix(r.Path, "losses.")
	key, ends := strings.CutSuffix(key, "."+path)
	c := s.row.Choice
	return ok && ends && (key == s.row.Label || key == c.Spec.Name || key == c.Spec.Name+"."+c.Preset)
}

// isSwept reports whether one of the swept values of the row gives a setting: by its own
// path, or as a part of a block.
func (s *rowSpace) isSwept(swept []spec.Swept, path string) bool {
	before := []string{"", "datasets." + s.data.Name + "."}
	for _, name := range rowNames(s.row) {
		before = append(before, "losses."+name+".")
	}
	for _, v := range swept {
		for _, b := range before {
			key, is := strings.CutPrefix(v.Path, b)
			rest, within := strings.CutPrefix(path, key)
			if is && within && (rest == "" || rest[0] == '.' && holds(v.Value, rest[1:])) {
				return true
			}
		}
	}
	return false
}

// holds reports whether a swept value is a block that gives a setting of that name.
func holds(value any, name string) bool {
	block, _ := asJSON(value).(map[string]any)
	_, is := block[name]
	return is
}

// A candidate is a setting that may be searched.
type candidate struct {
	search.Dimension
	domain losses.Domain
	why    string // not to search it
}

// candidateOf returns a parameter with the range that its domain gives: all of it where
// that is finite, and a factor around the default where it is not.
func candidateOf(before string, p losses.Parameter) candidate {
	c := candidate{Dimension: search.Dimension{Path: before + p.Name}, domain: p.Domain}
	switch v := p.Value.(type) {
	case string:
		c.why = "a word, which makes another formula"
		return c
	case int:
		c.Default, c.Whole = float64(v), true
	case float64:
		c.Default = v
	}

	finite := !math.IsInf(p.Domain.Low, 0) && !math.IsInf(p.Domain.High, 0)
	switch {
	case finite:
		c.Low, c.High = inside(p.Domain)
		c.Log = c.Low > 0 && c.High/c.Low >= 100
	case c.Default > 0:
		c.Low, c.High, c.Log = max(search.Digits(c.Default/factor), lowest(p.Domain)), min(search.Digits(c.Default*factor), p.Domain.High), true
		if c.Whole {
			c.Low, c.High = math.Ceil(c.Low), math.Floor(c.High)
		}
	default:
		c.why = fmt.Sprintf("its domain %v is infinite and its default %v gives no scale; give it a range", p.Domain, c.Default)
	}
	return c
}

// inside are bounds within a finite domain: an open end is left out by a hundredth.
func inside(d losses.Domain) (low, high float64) {
	low, high = d.Low, d.High
	margin := (high - low) / 100
	if d.LowOpen {
		low += margin
	}
	if d.HighOpen {
		high -= margin
	}
	return low, high
}

// lowest is a lower bound above 0.
func lowest(d losses.Domain) float64 {
	if d.Low > 0 {
		return d.Low
	}
	return 0
}

// set changes the range of a setting.
func (c *candidate) set(r Range) error {
	if r.Fixed {
		if c.domain.Words == nil { // a word is not searched anyway
			c.why = "fixed at " + plain(c.Default)
		}
		return nil
	}
	if c.domain.Words != nil {
		return rangeError(r, "%s is one of the words %v, which have no range; leave the range out, and sweep the setting to compare words", r.Path, c.domain)
	}
	switch {
	case math.IsInf(r.Low, 0) || math.IsInf(r.High, 0) || math.IsNaN(r.Low) || math.IsNaN(r.High):
		return rangeError(r, "%s: the range from %v to %v is infinite; give two finite bounds within %v", r.Path, losses.Number(r.Low), losses.Number(r.High), c.domain)
	case !c.domain.Contains(r.Low) || !c.domain.Contains(r.High):
		return rangeError(r, "%s: the range from %v to %v is not within %v; give bounds within it", r.Path, r.Low, r.High, c.domain)
	case c.Whole && (r.Low != math.Trunc(r.Low) || r.High != math.Trunc(r.High)):
		return rangeError(r, "%s: the range from %v to %v is of whole numbers; give whole bounds", r.Path, r.Low, r.High)
	}

	c.why, c.Low, c.High = "", r.Low, r.High
	c.Log = r.Low > 0 && r.High/r.Low >= 10
	named := c.Dimension
	named.Path = r.Path
	if err := (search.Space{named}).Check(); err != nil {
		return rangeError(r, "%v", err)
	}
	return nil
}

// with returns the row with the values of a trial.
func (s *rowSpace) with(values []float64) (*spec.Row, error) {
	row := *s.row
	for k, d := range s.space {
		group, name, _ := strings.Cut(d.Path, ".")
		var err error
		switch group {
		case "optimizer":
			o := row.OptimizerOn(s.data)
			o.LR = values[k]
			row.Optimizer = &o
		case "params":
			row.Choice.Value, err = losses.With(row.Choice.Value, name, values[k])
		default:
			row.Choice.Miner, err = losses.With(row.Choice.Miner, name, values[k])
		}
		if err != nil {
			return nil, err
		}
	}
	return &row, nil
}

// ranges are the searched settings as results tell of them.
func (s *rowSpace) ranges() []results.SearchRange {
	var all []results.SearchRange
	for _, d := range s.space {
		all = append(all, results.SearchRange{Path: d.Path, Low: d.Low, High: d.High, Log: d.Log, Default: d.Default})
	}
	return all
}

// nearEnds are the values of the best trial that are near an end of their range, where
// the domain goes on beyond it. An untrained head, of 0 steps, does not depend on them.
func (s *rowSpace) nearEnds(row results.TunedRow) []results.NearEnd {
	if row.Best < 0 || row.Trials[row.Best].Steps == 0 {
		return nil
	}
	var near []results.NearEnd
	for k, d := range s.space {
		v := row.Trials[row.Best].Values[k]
		if side := d.NearEnd(v); side != 0 && goesOn(s.domains[k], d, side) {
			near = append(near, results.NearEnd{Path: d.Path, Value: v, Low: d.Low, High: d.High})
		}
	}
	return near
}

// goesOn reports whether a domain has values beyond an end of a range that a wider range
// could have: the margin at an open end of a finite domain is left out.
func goesOn(domain losses.Domain, d search.Dimension, side int) bool {
	low, high := domain.Low, domain.High
	if !math.IsInf(low, 0) && !math.IsInf(high, 0) {
		low, high = inside(domain)
	}
	if side < 0 {
		return d.Low > low
	}
	return d.High < high
}

// swept are the values of a trial by their paths, for messages.
func (s *rowSpace) swept(values []float64) []spec.Swept {
	var all []spec.Swept
	for k, d := range s.space {
		all = append(all, spec.Swept{Path: d.Path, Value: values[k]})
	}
	return all
}

// checkRanges refuses ranges that no row met, and settings that have two.
func checkRanges(ranges []Range, met map[string]bool, spaces []*rowSpace) error {
	seen := map[string]bool{}
	for _, r := range ranges {
		if seen[r.Path] {
			return rangeError(r, "%s has two ranges; leave one of them out", r.Path)
		}
		seen[r.Path] = true
		if met[r.Path] {
			continue
		}
		var known []string
		for _, s := range spaces {
			for _, d := range s.space {
				known = append(known, d.Path, "losses."+s.row.Choice.Spec.Name+"."+d.Path)
			}
		}
		slices.Sort(known)
		known = slices.Compact(known)
		return rangeError(r, "no row has the setting %s to search%s; there are %s", r.Path, spec.DidYouMean(r.Path, known), strings.Join(known, ", "))
	}
	return nil
}
