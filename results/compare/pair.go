package compare

import (
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A Pair is what is known of the difference of two rows of one data set in one metric, as
// fractions of 1. What is not known is nil, and Why says why.
type Pair struct {
	Dataset   string  `json:"dataset"`
	Synthetic bool    `json:"synthetic"`
	Metric    string  `json:"metric"` // a key of Record.Metrics
	A         string  `json:"a"`
	B         string  `json:"b"`
	MeanA     float64 `json:"mean_a"` // over the seeds in common
	MeanB     float64 `json:"mean_b"`

	// Difference is a − b by the bootstrap over test classes. N is 0 where the rows could
	// not be compared query by query; Mean is then that of the records.
	stats.Difference
	PHolm *float64 `json:"p_holm"` // P adjusted for all pairs of the report's family
	Tied  *bool    `json:"tied"`   // not distinguishable; nil where the rows were not compared

	Seeds        []uint64 `json:"seeds"`                    // in common
	Dropped      int      `json:"dropped_seeds,omitempty"`  // of which one row has no run
	ChosenOnTest []string `json:"chosen_on_test,omitempty"` // the row, or rows, that did

	Detail  *Detail  `json:"detail,omitempty"`        // of Two
	Overall *Overall `json:"over_datasets,omitempty"` // of a report on two data sets or more
}

// A Detail is the rest of what is known of one pair.
type Detail struct {
	OverQueries stats.Difference       `json:"over_queries"`
	OverSeeds   stats.PairedDifference `json:"over_seeds"`

	// SignFlip is the p of the exact sign-flip test over seeds, nil where it could not be
	// below the level for so few seeds in the family of the report.
	SignFlip *float64 `json:"sign_flip_p"`

	Changed Changed `json:"changed"`
}

// Changed are the queries whose first neighbour is right in one row alone. Figures are
// averaged over the seeds in common.
type Changed struct {
	Metric  string          `json:"metric"`  // recall@1
	Won     float64         `json:"won"`     // queries that a alone finds
	Lost    float64         `json:"lost"`    // queries that b alone finds
	Classes []ChangedClass  `json:"classes"` // those with changes, most first
	Queries []ChangedSingle `json:"queries"` // in the order of the test rows
}

// A ChangedClass is a test class some of whose queries changed sides.
type ChangedClass struct {
	Class   int     `json:"class"`   // its place among the labels of the queries, from 0
	Queries int     `json:"queries"` // that it has
	Won     float64 `json:"won"`
	Lost    float64 `json:"lost"`
}

// A ChangedSingle is a query that changed sides with some seed.
type ChangedSingle struct {
	Query int     `json:"query"` // its row among the test rows that are queries, from 0
	Class int     `json:"class"`
	Won   float64 `json:"won"` // the share of the seeds
	Lost  float64 `json:"lost"`
}

// pairOf compares two rows of a set. Samples are those of the set in the metric.
func (s *Set) pairOf(a, b int, metric string, samples []*sample) *Pair {
	p := &Pair{Dataset: s.Dataset.Name, Synthetic: s.Dataset.Synthetic, Metric: metric, A: s.names[a], B: s.names[b], Seeds: []uint64{}}
	for _, r := range []int{a, b} {
		if s.Rows[r].ChosenOnTest() {
			p.ChosenOnTest = append(p.ChosenOnTest, s.names[r])
		}
	}
	if samples[a] != nil && samples[b] != nil {
		d := samples[a].against(s.bootstrap, samples[b])
		p.Difference, p.Dropped = d.Difference, d.dropped
		if len(d.seeds) > 0 {
			p.Seeds = d.seeds
			p.MeanA, p.MeanB = mean(samples[a].over(d.seeds)), mean(samples[b].over(d.seeds))
			return p
		}
	}

	// Without queries there are the means of the records.
	seeds, dropped := common(s.Rows[a], s.Rows[b])
	p.Difference = stats.Difference{Unit: "class", Why: s.whyNot(a, b)}
	if len(seeds) == 0 {
		p.MeanA, p.MeanB = s.recordMean(a, metric), s.recordMean(b, metric)
	} else {
		inA, _ := s.Rows[a].values(metric, seeds)
		inB, _ := s.Rows[b].values(metric, seeds)
		p.Seeds, p.MeanA, p.MeanB = seeds, mean(inA), mean(inB)
	}
	p.Mean, p.Dropped = p.MeanA-p.MeanB, dropped
	return p
}

// leavesOut reports whether the pair was compared over some of the seeds alone.
func (p *Pair) leavesOut() bool { return p.Dropped > 0 && len(p.Seeds) > 0 }

// whyNot says why two rows are not compared query by query.
func (s *Set) whyNot(a, b int) string {
	var why []string
	for _, r := range []int{a, b} {
		if s.why[r] != "" {
			why = append(why, s.names[r]+": "+s.why[r])
		}
	}
	if why == nil {
		return noSeeds
	}
	return strings.Join(why, "; ")
}

// measured reports whether every run of a row has the metric.
func (s *Set) measured(row int, metric string) bool {
	_, ok := s.Rows[row].values(metric, s.Rows[row].seeds())
	return ok
}

// recordMean is the mean of a metric over all runs of a row.
func (s *Set) recordMean(row int, metric string) float64 {
	values, _ := s.Rows[row].values(metric, s.Rows[row].seeds())
	return mean(values)
}

// adjust fills in PHolm and Tied of the pairs of one family: those that were compared. An
// unknown p counts as 1, as in [stats.TiesOf].
func adjust(pairs []*Pair) {
	var family []*Pair
	var p []float64
	for _, pair := range pairs {
		if pair.N == 0 {
			continue
		}
		family = append(family, pair)
		if pair.P == nil {
			p = append(p, 1)
			continue
		}
		p = append(p, *pair.P)
	}
	for k, adjusted := range stats.Holm(p) {
		tied := adjusted >= stats.Level
		family[k].Tied = &tied
		if family[k].P != nil {
			family[k].PHolm = &adjusted
		}
	}
}

// detail compares two rows in all ways, for a family of so many tests. It returns nil
// where the rows are not compared query by query.
func (s *Set) detail(a, b int, p *Pair, samples []*sample, family int) *Detail {
	if p.N == 0 {
		return nil
	}
	inA, _ := s.Rows[a].values(p.Metric, p.Seeds)
	inB, _ := s.Rows[b].values(p.Metric, p.Seeds)
	d := &Detail{
		OverQueries: samples[a].against(s.byQuery, samples[b]).Difference,
		OverSeeds:   stats.Paired(inA, inB),
		Changed:     s.changed(a, b, p.Seeds),
	}
	if stats.SignFlipReaches(len(p.Seeds), family, stats.Level) {
		differences := make([]float64, len(inA))
		for k := range inA {
			differences[k] = inA[k] - inB[k]
		}
		if sign, ok := stats.SignFlip(differences); ok {
			d.SignFlip = &sign
		}
	}
	return d
}

// changed finds the queries that changed sides at Recall@1.
func (s *Set) changed(a, b int, seeds []uint64) Changed {
	metric := results.MetricNamed(results.Recall).Key(1)
	inA, inB := s.sample(a, metric), s.sample(b, metric)
	c := Changed{Metric: metric, Classes: []ChangedClass{}, Queries: []ChangedSingle{}}
	classes := map[int]*ChangedClass{}
	for k, i := range s.positive {
		q := ChangedSingle{Query: i, Class: s.class[k]}
		class := classes[q.Class]
		if class == nil {
			class = &ChangedClass{Class: q.Class}
			classes[q.Class] = class
		}
		class.Queries++

		won, lost := 0, 0
		for _, seed := range seeds {
			switch d := inA.at(seed)[k] - inB.at(seed)[k]; {
			case d > 0:
				won++
			case d < 0:
				lost++
			}
		}
		if won+lost == 0 {
			continue
		}
		n := float64(len(seeds))
		q.Won, q.Lost = float64(won)/n, float64(lost)/n
		c.Queries = append(c.Queries, q)
		c.Won, c.Lost = c.Won+q.Won, c.Lost+q.Lost
		class.Won, class.Lost = class.Won+q.Won, class.Lost+q.Lost
	}

	for _, class := range classes {
		if class.Won+class.Lost > 0 {
			c.Classes = append(c.Classes, *class)
		}
	}
	slices.SortFunc(c.Classes, func(x, y ChangedClass) int {
		if d := y.Won + y.Lost - x.Won - x.Lost; d > 1e-9 {
			return 1
		} else if d < -1e-9 {
			return -1
		}
		return x.Class - y.Class
	})
	return c
}

// at are the row's values with one seed.
func (v *sample) at(seed uint64) []float64 {
	if v.row.constant() {
		return v.perSeed[0]
	}
	return v.perSeed[slices.Index(v.row.seeds(), seed)]
}
