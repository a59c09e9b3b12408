// Package report prints what package [gpwbench/benchmarks/retrieval] measures.
//
// # Route
//
//   - [WriteScores] prints the figures of [retrieval.Evaluate] and
//     [retrieval.EvaluateGallery] with their remarks.
//   - [Nearest] lists the rows that are most similar to each query, and [WriteNeighbours]
//     prints the list.
//
// The formats are text, json, csv, markdown and latex.
package report

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gpwbench/benchmarks/retrieval"
	"gpwbench/internal/output"
	"gpwbench/results"
)

// ScoresJSON is the JSON of scores. Figures are fractions of 1; what is not defined is
// null.
type ScoresJSON struct {
	Queries           int                `json:"queries"`
	WithoutPositives  int                `json:"lonely"`
	Ties              int                `json:"ties"`
	DecidedPairs      int                `json:"decided_pairs"`
	DecidedQueries    int                `json:"decided_queries"`
	Undecided         int                `json:"undecided_queries"`
	Copies            int                `json:"copies"`
	Recall            map[string]float64 `json:"recall"`
	RecallPessimistic map[string]float64 `json:"recall_pessimistic"`
	RecallExpected    map[string]float64 `json:"recall_expected"`
	MAPAtR            float64            `json:"map_at_r"`
	MAPAtRLow         float64            `json:"map_at_r_low"`
	MAPAtRHigh        float64            `json:"map_at_r_high"`
	RPrecision        float64            `json:"r_precision"`
	RPrecisionLow     float64            `json:"r_precision_low"`
	RPrecisionHigh    float64            `json:"r_precision_high"`
	*clusteringJSON
	Sample  *SampleJSON `json:"sample,omitempty"`
	Remarks []string    `json:"remarks"`
}

// SampleJSON is of queries that are a sample. The intervals of 95 % are of the figures of
// all queries, each from low to high.
type SampleJSON struct {
	Of         int                   `json:"of"`
	Seed       uint64                `json:"seed"`
	Recall     map[string][2]float64 `json:"recall"`
	MAPAtR     [2]float64            `json:"map_at_r"`
	RPrecision [2]float64            `json:"r_precision"`
}

// clusteringJSON is in the JSON where clustering was asked for.
type clusteringJSON struct {
	NMI     *float64 `json:"nmi"`
	NMILow  *float64 `json:"nmi_low"`
	NMIHigh *float64 `json:"nmi_high"`
	AMI     *float64 `json:"ami"`
	AMILow  *float64 `json:"ami_low"`
	AMIHigh *float64 `json:"ami_high"`
}

// WriteScores prints scores that were evaluated with [retrieval.Options.MAPAtR]. Text,
// Markdown and LaTeX are in percent, with the range that ties leave open and with remarks
// below. CSV and JSON have fractions of 1 in full. The error is that of w, or that of
// scores without MAP@R.
func WriteScores(w io.Writer, format string, s *retrieval.Scores) error {
	if s == nil {
		return errors.New("report: no scores to print")
	}
	if len(s.Equal) != len(s.Above) || len(s.PosEqual) != len(s.Above) || len(s.RP) != len(s.AP) {
		return errors.New("report: scores that no evaluation made; retrieval.Evaluate makes them")
	}
	if _, ok := s.MAPAtR(); !ok {
		return errors.New("report: scores without MAP@R, which is printed; evaluate with Options.MAPAtR")
	}

	switch format {
	case "json":
		return output.JSON(w, NewScoresJSON(s), "  ")
	case "csv":
		return scoresCSV(s).Write(w, format)
	}

	g := &output.Grid{Header: []string{"metric", "value", "ties against", "ties for"}}
	if s.Clustering != nil {
		g.Header = []string{"metric", "value", "low", "high"} // ties are not what NMI leaves open
	}
	eachFigure(s, func(name string, value, low, high *float64) { g.Add(name, percent(value), percent(low), percent(high)) })
	if err := g.Write(w, format); err != nil {
		return err
	}

	notes := []string{fmt.Sprintf("%d queries; %d lonely (no positive: not in the means); "+
		"%d tied (a negative as similar as the best positive)", s.Queries, s.WithoutPositives, s.Ties)}
	if s.Clustering != nil {
		notes = append(notes,
			fmt.Sprintf("NMI and AMI: mean, least and greatest of %d starts of k-means", retrieval.Starts),
			"low and high of the other metrics: ties against the query and for it")
	}
	if s.Sample != nil {
		notes = append(notes, sampleNote(s))
	}
	remarks := s.Remarks()
	if s.Collapsed() { // what the figures come to, before their counts
		notes, remarks = append(remarks[:1:1], notes...), remarks[1:]
	}
	return output.Notes(w, format, append(notes, remarks...))
}

// eachFigure visits the figures in the order of a table. What is not defined is nil.
func eachFigure(s *retrieval.Scores, visit func(name string, value, low, high *float64)) {
	title := func(name string, k int) string { return results.MetricNamed(name).FullTitle(k) }
	figure := func(name string, value, low, high float64) { visit(title(name, 0), &value, &low, &high) }
	for _, k := range s.Ks {
		value, low := s.Recall(k), s.RecallPessimistic(k)
		visit(title(results.Recall, k), &value, &low, &value)
	}
	ap, _ := s.MAPAtR()
	figure(results.MAPAtR, ap.Expected, ap.Low, ap.High)
	rp, _ := s.RPrecision()
	figure(results.RPrecision, rp.Expected, rp.Low, rp.High)

	switch c := s.Clustering; {
	case c != nil:
		figure(results.NMI, c.NMI.Mean, c.NMI.Low, c.NMI.High)
		figure(results.AMI, c.AMI.Mean, c.AMI.Low, c.AMI.High)
	case s.NoClustering != "":
		visit(title(results.NMI, 0), nil, nil, nil)
		visit(title(results.AMI, 0), nil, nil, nil)
	}
}

// eachInterval visits the intervals of the figures of a sample, by their titles.
func eachInterval(s *retrieval.Scores, visit func(name string, low, high float64)) {
	title := func(name string, k int) string { return results.MetricNamed(name).FullTitle(k) }
	for _, k := range s.Ks {
		low, high := s.RecallInterval(k)
		visit(title(results.Recall, k), low, high)
	}
	low, high := s.MAPAtRInterval()
	visit(title(results.MAPAtR, 0), low, high)
	low, high = s.RPrecisionInterval()
	visit(title(results.RPrecision, 0), low, high)
}

// sampleNote says what the figures of a sample say of all queries.
func sampleNote(s *retrieval.Scores) string {
	var all []string
	eachInterval(s, func(name string, low, high float64) {
		all = append(all, fmt.Sprintf("%s %.2f %% to %.2f %%", name, 100*low, 100*high))
	})
	return fmt.Sprintf("the queries are a random sample of %d (seed %d); intervals of 95 %% for all of them: %s",
		s.Sample.Of, s.Sample.Seed, strings.Join(all, ", "))
}

func newSampleJSON(s *retrieval.Scores) *SampleJSON {
	if s.Sample == nil {
		return nil
	}
	interval := func(low, high float64) [2]float64 { return [2]float64{low, high} }
	j := &SampleJSON{
		Of: s.Sample.Of, Seed: s.Sample.Seed, Recall: map[string][2]float64{},
		MAPAtR: interval(s.MAPAtRInterval()), RPrecision: interval(s.RPrecisionInterval()),
	}
	for _, k := range s.Ks {
		j.Recall[strconv.Itoa(k)] = interval(s.RecallInterval(k))
	}
	return j
}

// NewScoresJSON takes the figures of scores that were evaluated with MAP@R.
func NewScoresJSON(s *retrieval.Scores) ScoresJSON {
	ap, _ := s.MAPAtR()
	rp, _ := s.RPrecision()
	j := ScoresJSON{
		Queries: s.Queries, WithoutPositives: s.WithoutPositives, Ties: s.Ties, DecidedPairs: s.Decided,
		DecidedQueries: s.DecidedQueries, Undecided: s.Undecided, Copies: s.Copies,
		Recall: map[string]float64{}, RecallPessimistic: map[string]float64{}, RecallExpected: map[string]float64{},
		MAPAtR: ap.Expected, MAPAtRLow: ap.Low, MAPAtRHigh: ap.High,
		RPrecision: rp.Expected, RPrecisionLow: rp.Low, RPrecisionHigh: rp.High,
		Sample:  newSampleJSON(s),
		Remarks: append([]string{}, s.Remarks()...),
	}
	for _, k := range s.Ks {
		key := strconv.Itoa(k)
		j.Recall[key], j.RecallPessimistic[key], j.RecallExpected[key] = s.Recall(k), s.RecallPessimistic(k), s.RecallExpected(k)
	}

	switch c := s.Clustering; {
	case c != nil:
		j.clusteringJSON = &clusteringJSON{&c.NMI.Mean, &c.NMI.Low, &c.NMI.High, &c.AMI.Mean, &c.AMI.Low, &c.AMI.High}
	case s.NoClustering != "":
		j.clusteringJSON = new(clusteringJSON)
	}
	return j
}

// scoresCSV has a line for every figure, count and remark.
func scoresCSV(s *retrieval.Scores) *output.Grid {
	g := &output.Grid{Header: []string{"metric", "value", "low", "high"}}
	eachFigure(s, func(name string, value, low, high *float64) { g.Add(name, exact(value), exact(low), exact(high)) })
	for _, k := range s.Ks {
		g.Add("expected "+results.MetricNamed(results.Recall).FullTitle(k), output.Exact(s.RecallExpected(k)), "", "")
	}

	for _, count := range []struct {
		name string
		n    int
	}{
		{"queries", s.Queries}, {"lonely", s.WithoutPositives}, {"ties", s.Ties}, {"decided pairs", s.Decided},
		{"decided queries", s.DecidedQueries}, {"undecided queries", s.Undecided}, {"copies", s.Copies},
	} {
		g.Add(count.name, strconv.Itoa(count.n), "", "")
	}
	if s.Sample != nil {
		g.Add("sample of", strconv.Itoa(s.Sample.Of), "", "")
		g.Add("sample seed", strconv.FormatUint(s.Sample.Seed, 10), "", "")
		eachInterval(s, func(name string, low, high float64) {
			g.Add("interval of "+name, "", output.Exact(low), output.Exact(high))
		})
	}
	for _, remark := range s.Remarks() {
		g.Add("remark", remark, "", "")
	}
	return g
}

// exact writes all digits, and nothing for what is not defined.
func exact(v *float64) string {
	if v == nil {
		return ""
	}
	return output.Exact(*v)
}

// percent writes a fraction of 1, and a dash for what is not defined.
func percent(fraction *float64) string {
	if fraction == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f %%", 100**fraction)
}
