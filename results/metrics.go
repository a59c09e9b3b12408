package results

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
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

// A Metric is one metric of the records of this program, as a fraction of 1.
type Metric struct {
	Name string
	// The head of its column; empty for a metric that only JSON and CSV have.
	Title     string
	Caption   string  // its title in a table of one evaluation
	Least     float64 // least value; the greatest is 1
	PerK      bool    // one for each K: keys, titles and captions end in @K
	Extremes  bool    // there are also NAME_low and NAME_high; older records lack them
	Published bool    // files of published numbers may have it

	// Asked reports whether the settings of a run ask for it. It is nil for a metric that
	// a protocol reports of its choice.
	Asked func(MetricSettings) bool
}

// Metrics lists all metrics. A new one is an entry here, and its computation from the
// scores of an evaluation in package experiments.
var Metrics = []Metric{
	{Name: Recall, Title: "R", Caption: "Recall", PerK: true, Published: true, Asked: always},
	{Name: RecallPessimistic, PerK: true, Asked: always},
	{Name: RecallExpected, PerK: true, Asked: always},
	{Name: MAPAtR, Title: "MAP@R", Caption: "MAP@R", Extremes: true, Published: true, Asked: asksMAPAtR},
	{Name: RPrecision, Title: "R-precision", Caption: "R-precision", Extremes: true, Published: true, Asked: asksMAPAtR},
	{Name: NMI, Title: "NMI", Caption: "NMI", Extremes: true, Asked: asksClustering},

	// Below 0, clusters and classes agree less than by chance.
	{Name: AMI, Title: "AMI", Caption: "AMI", Least: -1, Extremes: true, Asked: asksClustering},

	// It is reported by a protocol that chooses on the test classes: recall_expected@1 of
	// the chosen step less that of the last one.
	{Name: Optimism},
}

func always(MetricSettings) bool           { return true }
func asksMAPAtR(s MetricSettings) bool     { return s.MAPAtR }
func asksClustering(s MetricSettings) bool { return s.Clustering }

// MetricNamed returns the metric of that name. It panics if there is none, because names
// are constants.
func MetricNamed(name string) Metric {
	k := slices.IndexFunc(Metrics, func(m Metric) bool { return m.Name == name })
	if k < 0 {
		panic("results: no metric " + name)
	}
	return Metrics[k]
}

// FindMetric returns the metric of a key of [Record.Metrics], and its K, which is 0 for a
// metric without K.
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
	return Metric{}, 0, false
}

// Key returns the key of the metric in [Record.Metrics]. k is used for a PerK metric
// only.
func (m Metric) Key(k int) string { return m.at(m.Name, k) }

// ColumnTitle returns the head of the metric's column in a table of runs, such as R@1. It
// is empty for a metric that is not printed.
func (m Metric) ColumnTitle(k int) string { return m.at(m.Title, k) }

// FullTitle returns the name of the metric in a table of one evaluation, such as
// Recall@1.
func (m Metric) FullTitle(k int) string { return m.at(m.Caption, k) }

func (m Metric) at(text string, k int) string {
	if !m.PerK || text == "" {
		return text
	}
	return text + "@" + strconv.Itoa(k)
}

// LowKey and HighKey return the keys of the extremes of the metric.
func (m Metric) LowKey() string  { return m.Name + "_low" }
func (m Metric) HighKey() string { return m.Name + "_high" }

// leastOf returns the least value of a key of Record.Metrics. An extreme has the range of
// its metric.
func leastOf(key string) float64 {
	for _, m := range Metrics {
		if key == m.Name || m.Extremes && (key == m.LowKey() || key == m.HighKey()) {
			return m.Least
		}
	}
	return 0
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

	return keys
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
	return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(ka, kb))
}
