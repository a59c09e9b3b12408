package results

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gpwbench/benchmarks/metrics"
)

// Names of metrics. For Recall@K they are the part before @K in a record.
const (
	// Ties count for the query, as in the reference codes.
	Recall            = "recall"
	RecallPessimistic = "recall_pessimistic" // ties count against the query
	RecallExpected    = "recall_expected"    // mean over random orders of ties
	MAPAtR            = "map_at_r"
	RPrecision        = "r_precision"
	NMI               = "nmi" // normalized mutual information of clusters and classes
	AMI               = "ami" // adjusted mutual information of clusters and classes
	Optimism          = "optimism"
)

// A Metric is one metric of records: its names, its range, and how it is printed. The
// catalogue of package benchmarks/metrics has the facts of all but Optimism.
type Metric struct {
	Name string
	// The head of its column; empty for a metric that only JSON and CSV have.
	Title       string
	Caption     string // its title in a table of one evaluation
	Least, Most float64
	Lower       bool // smaller values are better
	Neither     bool // neither smaller nor larger values are better
	Share       bool // a fraction of 1, printed in percent
	PerQuery    bool // a mean over queries, whose parts a run keeps
	PerK        bool // one for each K of recall_at: keys, titles and captions end in @K
	Extremes    bool // there are also LowKey and HighKey; older records lack them
	Published   bool // files of published numbers may have it

	// Asked reports whether the settings of a run ask for it by a key of their own. It is
	// nil for a metric that a protocol reports of its choice, and for one of
	// [MetricSettings.Also].
	Asked func(MetricSettings) bool
}

// Metrics lists the metrics that settings ask for by a key of their own. All others of
// the catalogue are asked for by name, and need no entry.
var Metrics = []Metric{
	catalogued(Recall, Metric{Title: "R", PerK: true, Published: true, Asked: always}),
	unprinted(catalogued(RecallPessimistic, Metric{PerK: true, Asked: always})),
	unprinted(catalogued(RecallExpected, Metric{PerK: true, Asked: always})),
	catalogued(MAPAtR, Metric{Extremes: true, Published: true, Asked: asksMAPAtR}),
	catalogued(RPrecision, Metric{Extremes: true, Published: true, Asked: asksMAPAtR}),
	catalogued(NMI, Metric{Extremes: true, Asked: asksClustering}),
	catalogued(AMI, Metric{Extremes: true, Asked: asksClustering}),

	// It is reported by a protocol that chooses on the test classes: recall_expected@1 of
	// the chosen step less that of the last one.
	{Name: Optimism, Most: 1, Share: true},
}

func always(MetricSettings) bool           { return true }
func asksMAPAtR(s MetricSettings) bool     { return s.MAPAtR }
func asksClustering(s MetricSettings) bool { return s.Clustering }

// catalogued fills in what the catalogue says of a metric of that name. It panics if
// there is none, because names are constants.
func catalogued(name string, m Metric) Metric {
	for _, c := range metrics.All {
		if c.Name == name {
			m.Name = name
			return m.describedBy(c, c.Title)
		}
	}
	panic("results: no metric " + name + " in the catalogue")
}

// describedBy copies the facts of the catalogue. A title that is there stays.
func (m Metric) describedBy(c *metrics.Metric, title string) Metric {
	m.Title, m.Caption = cmp.Or(m.Title, title), title
	m.Least, m.Most, m.Lower, m.Neither = c.Least, c.Most, c.Lower, c.Neither
	m.Share, m.PerQuery = c.Share(), c.OfQueries()
	return m
}

func unprinted(m Metric) Metric {
	m.Title, m.Caption = "", ""
	return m
}

// MetricNamed returns the metric of that name. It panics if there is none, because names
// are constants.
func MetricNamed(name string) Metric {
	k := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Name == name })
	if k < 0 {
		panic("results: no metric " + name)
	}
	return Metrics[k]
}

// FindMetric returns the metric of a key of [Record.Metrics], and its K. The K is 0 for a
// metric without K, and for one of [MetricSettings.Also], whose name is its whole key.
func FindMetric(key string) (m Metric, k int, ok bool) {
	for _, m := range Metrics {
		if !m.PerK {
			if key == m.Name {
				return m, 0, true
			}
			continue
		}

		text, ok := strings.CutPrefix(key, m.Name+"@")
		if k, err := strconv.Atoi(text); ok && err == nil && k > 0 && key == m.Key(k) {
			return m, k, true
		}
	}

	if a, found := metrics.Find(key); found {
		m := Metric{Name: key, Extremes: true}
		return m.describedBy(a.Metric, a.Heading()), 0, true
	}
	return Metric{}, 0, false
}

// Key returns the key of the metric in [Record.Metrics]. k is used for a PerK metric
// only.
func (m Metric) Key(k int) string { return m.at(m.Name, k) }

// ColumnTitle returns the head of the metric's column in a table of runs, such as R@1. It
// is empty for a metric that is not printed, and ends in [LowerMark] where smaller values
// are better.
func (m Metric) ColumnTitle(k int) string {
	title := m.at(m.Title, k)
	if m.Lower && title != "" {
		title += " " + LowerMark
	}
	return title
}

// LowerMark stands behind the titles of metrics of which smaller values are better.
const LowerMark = "↓"

// FullTitle returns the name of the metric in a table of one evaluation, such as
// Recall@1.
func (m Metric) FullTitle(k int) string { return m.at(m.Caption, k) }

func (m Metric) at(text string, k int) string {
	if !m.PerK || text == "" {
		return text
	}
	return text + "@" + strconv.Itoa(k)
}

// LowKey and HighKey return the keys of the extremes of the metric, such as map_at_r_low
// and ndcg_low@10.
func (m Metric) LowKey() string  { return extremeKey(m.Name, "_low") }
func (m Metric) HighKey() string { return extremeKey(m.Name, "_high") }

func extremeKey(key, end string) string {
	name, parameter, has := strings.Cut(key, "@")
	if has {
		parameter = "@" + parameter
	}
	return name + end + parameter
}

// metricOf returns the metric whose value, or one of whose extremes, a key of
// Record.Metrics has.
func metricOf(key string) (Metric, bool) {
	m, _, ok := FindMetric(key)
	if ok {
		return m, true
	}
	for _, end := range []string{"_low", "_high"} {
		name, parameter, _ := strings.Cut(key, "@")
		value, cut := strings.CutSuffix(name, end)
		if !cut {
			continue
		}
		if m, _, ok := FindMetric(strings.TrimSuffix(value+"@"+parameter, "@")); ok && m.Extremes {
			return m, true
		}
	}
	return Metric{}, false
}

// rangeOf returns the range of a key of Record.Metrics. An extreme has that of its
// metric, and a key that is not known is of a fraction.
func rangeOf(key string) (least, most float64) {
	if m, ok := metricOf(key); ok {
		return m.Least, m.Most
	}
	return 0, 1
}

// IsShare reports whether tables print the values of a key of [Record.Metrics] in
// percent: they are fractions of 1. Those of a key that is not known are.
func IsShare(key string) bool {
	m, ok := metricOf(key)
	return !ok || m.Share
}

// Keys returns the keys that a record with these settings must have. Extremes are not
// among them, because older records lack them.
func (s MetricSettings) Keys() []string {
	var keys []string
	for _, k := range s.RecallAt {
		for _, m := range Metrics {
			if m.PerK && m.Asked != nil && m.Asked(s) {
				keys = append(keys, m.Key(k))
			}
		}
	}

	for _, m := range Metrics {
		if !m.PerK && m.Asked != nil && m.Asked(s) {
			keys = append(keys, m.Name)
		}
	}

	return append(keys, s.Also...)
}

// CompareMetrics orders the keys of metrics as tables do: Recall@K by ascending K, then
// the others by name and, under one name, by K.
func CompareMetrics(a, b string) int {
	metricA, ka, _ := FindMetric(a)
	metricB, kb, _ := FindMetric(b)
	recallA, recallB := metricA.Name == Recall, metricB.Name == Recall
	switch {
	case recallA && recallB:
		return cmp.Compare(ka, kb)
	case recallA:
		return -1
	case recallB:
		return 1
	}

	nameA, textA, _ := strings.Cut(a, "@")
	nameB, textB, _ := strings.Cut(b, "@")
	ka, _ = strconv.Atoi(textA)
	kb, _ = strconv.Atoi(textB)
	return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(ka, kb), cmp.Compare(a, b))
}
