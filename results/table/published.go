package table

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gpwbench/benchmarks/names"
	"gpwbench/results"
)

//go:embed published/*.csv published/*.json
var publishedFiles embed.FS

// A Reference is a set of numbers that others published. They are printed beside the
// measured ones and never among them.
type Reference struct {
	Name   string
	Values []PublishedValue
	About  About
}

// A PublishedValue is one published number, with where it was read.
type PublishedValue struct {
	Dataset string `json:"dataset"` // the benchmark: cub200, cars196, sop or inshop
	Method  string `json:"method"`  // as it is published
	// Our name of that loss, loss.preset; empty where the catalogue has none.
	Loss string `json:"-"`
	// The label of our ablation row; empty outside an ablation.
	Row      string  `json:"-"`
	Backbone string  `json:"backbone"`
	Dim      int     `json:"dim"`
	Metric   string  `json:"metric"` // as in Record.Metrics
	Percent  string  `json:"-"`      // as it is printed there: "77.3"
	Value    float64 `json:"value"`  // the same, as a fraction of 1
	Paper    string  `json:"paper"`  // the paper or repository the number is from
	// How it was checked: official_repository or secondary. No paper was read itself.
	Status string `json:"status"`
	Note   string `json:"note"` // where it was read, where that is not Paper
	// results.Separated or results.Concatenated where it is of the heads of folds.
	Ensemble string `json:"ensemble,omitempty"`
}

// Where a number was read. One that only others report may have been copied wrongly.
const (
	officialRepository = "official_repository" // of the paper's authors
	secondary          = "secondary"
)

// unverified is the sign of a number that is known from secondary sources only.
const unverified = "‡"

// cell is the number as it is printed, with the sign if only others report it.
func (c PublishedValue) cell() string {
	if c.Status == secondary {
		return c.Percent + " " + unverified
	}
	return c.Percent
}

// Published reads one of the files of published/, by its name without .csv.
func Published(name string) (*Reference, error) {
	f, err := publishedFiles.Open("published/" + name + ".csv")
	if err != nil {
		return nil, fmt.Errorf("results: no published numbers named %q: there are %s", name, strings.Join(References(), ", "))
	}
	defer f.Close()
	cells, err := readPublished(f)
	if err != nil {
		return nil, fmt.Errorf("results: published/%s.csv: %w", name, err)
	}
	text, err := publishedFiles.ReadFile("published/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("results: published/%s.json: %w", name, err)
	}
	about, err := readAbout(text, cells)
	if err != nil {
		return nil, fmt.Errorf("results: published/%s.json: %w", name, err)
	}
	return &Reference{Name: name, Values: cells, About: about}, nil
}

// References returns the names that [Published] takes.
func References() []string {
	entries, err := publishedFiles.ReadDir("published")
	if err != nil {
		panic(err) // it is part of the program
	}
	var all []string
	for _, e := range entries {
		if name, is := strings.CutSuffix(e.Name(), ".csv"); is {
			all = append(all, name)
		}
	}
	return all
}

// lookup returns the published numbers that belong beside the runs of a row: those of the
// ablation row with its label or, where the runs are of a preset as it is, those of that
// loss and preset; in both cases at the dimension of the row's embeddings, and of the
// same ensemble. Where there are none, why says so; it is empty for a baseline.
func (r *Reference) lookup(run results.Record) (found []PublishedValue, why string) {
	if r == nil || run.Kind != results.KindLoss {
		return nil, ""
	}

	benchmark := benchmarkOf(run.Dataset.Name)
	if benchmark == "" {
		return nil, fmt.Sprintf("%s is none of the benchmarks %s by its name", run.Dataset.Name, strings.Join(names.All(), ", "))
	}

	full, ensemble := run.Loss+"."+run.Preset, ensembleOf(run)
	// Older records say it by their label alone.
	asPreset := run.AsPreset || run.Label == run.Loss || run.Label == full
	cells := r.matching(func(c PublishedValue) bool {
		return c.Dataset == benchmark && c.Ensemble == ensemble && c.Row != "" && c.Row == run.Label && (c.Loss == "" || c.Loss == full)
	})
	if len(cells) == 0 {
		cells = r.matching(func(c PublishedValue) bool { return c.Dataset == benchmark && c.Ensemble == ensemble && c.Loss == full })
		switch {
		case len(cells) == 0:
			return nil, r.whyNone(benchmark, full, ensemble)
		case !asPreset && !r.About.Tuned:
			return nil, "parameters, miner or memory are not those of the preset that was published"
		}
	}

	dim := embeddingDim(run)
	var dims []string
	for _, c := range cells {
		if c.Dim == dim {
			found = append(found, c)
		}
		if text := strconv.Itoa(c.Dim); !slices.Contains(dims, text) {
			dims = append(dims, text)
		}
	}

	if found == nil {
		why = fmt.Sprintf("those of this loss on %s are of %s dimensions, the embeddings here of %s",
			benchmarkTitle(benchmark), strings.Join(dims, ", "), thousands(dim))
	}

	return found, why
}

// whyNone says why there is no number of a loss and preset.
func (r *Reference) whyNone(benchmark, full, ensemble string) string {
	for _, c := range r.Values {
		if c.Dataset == benchmark && c.Loss == full && c.Ensemble != ensemble {
			return fmt.Sprintf("those of this loss on %s are of the heads of folds, separated or concatenated", benchmarkTitle(benchmark))
		}
	}
	return fmt.Sprintf("the reference has none of this loss and preset on %s", benchmarkTitle(benchmark))
}

// matching returns the cells that match, one a column.
func (r *Reference) matching(match func(PublishedValue) bool) []PublishedValue {
	var found []PublishedValue
	for _, c := range r.Values {
		if match(c) && !slices.ContainsFunc(found, func(f PublishedValue) bool { return sameColumn(f, c) }) {
			found = append(found, c)
		}
	}
	return found
}

var headDims = regexp.MustCompile(`[0-9]+→([0-9]+)`)

// embeddingDim is the dimension of a run's embeddings: that which its head maps to, and
// without a head that of the features.
func embeddingDim(r results.Record) int {
	dim := r.Dataset.Dim
	if m := headDims.FindStringSubmatch(r.Head); m != nil {
		dim, _ = strconv.Atoi(m[1])
	}
	return dim * joinedHeads(r)
}

// benchmarkOf returns the name of the benchmark that a data set is or stands in for, by
// the words in its name: cars196_train_mobilenetv2 and synthetic_cars are cars196. A part
// of a benchmark, such as cub50, is none, and so is any other data set.
func benchmarkOf(dataset string) string {
	words := strings.FieldsFunc(strings.ToLower(dataset), func(r rune) bool { return strings.ContainsRune("_-. /", r) })
	for _, b := range names.Benchmarks {
		if slices.Contains(words, b.Name) || slices.Contains(words, b.StandIn) {
			return b.Name
		}
	}
	return ""
}

// benchmarkTitle names a benchmark at the head of a column.
func benchmarkTitle(name string) string {
	if b, ok := names.Find(name); ok {
		return b.ShortTitle
	}
	return name
}

var publishedFileColumns = []string{"dataset", "method", "loss", "row", "backbone", "dim", "metric", "value", "paper", "status", "note"}

// ensembleColumn may stand behind the others.
const ensembleColumn = "ensemble"

// readPublished reads a file of published numbers. It is strict, because these numbers
// are not computed again.
func readPublished(r io.Reader) ([]PublishedValue, error) {
	c := csv.NewReader(r)
	header, err := c.Read()
	if err != nil && err != io.EOF {
		return nil, err
	}
	ensembles := len(header) > 0 && header[len(header)-1] == ensembleColumn
	if ensembles {
		header = header[:len(header)-1]
	}
	if !slices.Equal(header, publishedFileColumns) {
		return nil, fmt.Errorf("columns are %q, want %q", strings.Join(header, ","), strings.Join(publishedFileColumns, ","))
	}

	var cells []PublishedValue
	seen := map[[6]string]bool{}
	for {
		row, err := c.Read()
		if err == io.EOF {
			return cells, nil
		}
		if err != nil {
			return nil, err // the CSV reader names the line
		}

		if !ensembles {
			row = append(row, "")
		}
		line, _ := c.FieldPos(0)
		cell, err := parsePublished(row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}

		key := [6]string{row[0], row[1], row[3], row[5], row[6], row[11]}
		if seen[key] {
			return nil, fmt.Errorf("line %d: a second %s of %s at %s dimensions on %s", line, row[6], row[1], row[5], row[0])
		}

		seen[key] = true
		cells = append(cells, cell)
	}
}

var (
	publishedPercent = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]+)?$`)
	publishedLoss    = regexp.MustCompile(`^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)?$`)
)

func parsePublished(row []string) (PublishedValue, error) {
	c := PublishedValue{
		Dataset: row[0], Method: row[1], Loss: row[2], Row: row[3], Backbone: row[4],
		Metric: row[6], Percent: row[7], Paper: row[8], Status: row[9], Note: row[10], Ensemble: row[11],
	}
	if _, ok := names.Find(c.Dataset); !ok {
		return c, fmt.Errorf("unknown dataset %q", c.Dataset)
	}
	if c.Method == "" || c.Backbone == "" || c.Paper == "" {
		return c, errors.New("method, backbone and paper must not be empty")
	}
	if !publishedLoss.MatchString(c.Loss) {
		return c, fmt.Errorf("loss is %q, want loss.preset or nothing", c.Loss)
	}

	dim, err := strconv.Atoi(row[5])
	if err != nil || dim < 1 {
		return c, fmt.Errorf("dim is %q, want a whole number above 0", row[5])
	}

	c.Dim = dim
	if m, _, _ := results.FindMetric(c.Metric); !m.Published {
		return c, fmt.Errorf("unknown metric %q", c.Metric)
	}

	// Exact, as a division by 100 is not.
	value, err := strconv.ParseFloat(c.Percent+"e-2", 64)
	if err != nil || value > 1 || !publishedPercent.MatchString(c.Percent) {
		return c, fmt.Errorf("value is %q, want percent", c.Percent)
	}

	c.Value = value
	if c.Status != officialRepository && c.Status != secondary {
		return c, fmt.Errorf("status is %q, want %s or %s", c.Status, officialRepository, secondary)
	}
	if !slices.Contains([]string{"", results.Separated, results.Concatenated}, c.Ensemble) {
		return c, fmt.Errorf("ensemble is %q, want %s, %s or nothing", c.Ensemble, results.Separated, results.Concatenated)
	}
	return c, nil
}
