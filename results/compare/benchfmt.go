package compare

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gpwbench/results"
)

// WriteBenchfmt writes the printed metrics of the rows of those names, of all rows
// without any, in the format of Go benchmarks: a line for each data set, row and seed.
// Lines of one row have one name, because that is what benchstat takes for samples of
// one benchmark; they stand in the order of the seeds. Rows are distinguished by the
// part loss, so that "benchstat -col /loss" sets them side by side. The error is that
// of w or a [*NameError].
//
// The format is that of https://go.dev/design/14313-benchmark-format, with the lines Unit
// of golang.org/x/perf/benchfmt.
func WriteBenchfmt(w io.Writer, sets []*Set, names ...string) error {
	chosen, err := choose(sets, names)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, m := range benchUnits(sets, chosen) {
		better := "higher"
		if results.Better(m) < 0 {
			better = "lower"
		}
		fmt.Fprintf(out, "Unit %s better=%s assume=nothing\n", m, better)
	}
	var taken []string
	for k, s := range sets {
		for _, r := range chosen[k] {
			name := benchName(s.Dataset, s.names[r])
			for n := 2; slices.Contains(taken, name); n++ {
				name = benchName(s.Dataset, fmt.Sprintf("%s_%d", s.names[r], n))
			}
			taken = append(taken, name)
			for _, run := range s.Rows[r].Runs {
				fmt.Fprintf(out, "%s 1", name)
				for _, m := range printed(run) {
					fmt.Fprintf(out, " %s %s", strconv.FormatFloat(run.Metrics[m], 'f', -1, 64), m)
				}
				fmt.Fprintln(out)
			}
		}
	}
	return out.Flush()
}

// printed are the metrics of a run that tables print.
func printed(run results.Record) []string {
	var metrics []string
	for key := range run.Metrics {
		if m, k, ok := results.FindMetric(key); ok && m.ColumnTitle(k) != "" {
			metrics = append(metrics, key)
		}
	}
	slices.SortFunc(metrics, results.CompareMetrics)
	return metrics
}

func benchUnits(sets []*Set, chosen [][]int) []string {
	var units []string
	for k, s := range sets {
		for _, r := range chosen[k] {
			for _, run := range s.Rows[r].Runs {
				for _, m := range printed(run) {
					if !slices.Contains(units, m) {
						units = append(units, m)
					}
				}
			}
		}
	}
	slices.SortFunc(units, results.CompareMetrics)
	return units
}

// beforeDigit is a hyphen with a digit behind it. At the end of a name the format reads
// the two as a number of processors, so 1e-4 would be 1e. It is replaced everywhere in a
// row's name, so that a value has one name wherever it stands.
var beforeDigit = regexp.MustCompile(`-(\d)`)

// benchName is Benchmark, the data set with an upper-case letter first, and the row.
func benchName(d results.DatasetInfo, row string) string {
	set := benchWord(datasetTitle(d.Name, d.Synthetic))
	first, size := utf8.DecodeRuneInString(set)
	if unicode.IsLower(first) {
		set = string(unicode.ToUpper(first)) + set[size:]
	}
	return "Benchmark" + set + "/loss=" + beforeDigit.ReplaceAllString(benchWord(row), "_$1")
}

// benchWord replaces what ends a name or a part of one: spaces, slashes, equals signs,
// and what cannot be seen.
func benchWord(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '(' || r == ')':
			return -1
		case unicode.IsSpace(r), !unicode.IsGraphic(r), r == '/', r == '=', r == utf8.RuneError:
			return '_'
		}
		return r
	}, text)
}
