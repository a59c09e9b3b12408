package analysis

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"gpwbench/internal/input"
	"gpwbench/results"
)

// StatsFile is where the statistics of a run are kept, in the results folder.
func StatsFile(id string) string { return "moments/" + id + ".csv" }

// A statsField of the statistics has a column of the file. One of integer and number is
// set.
type statsField struct {
	name    string
	integer func(*WeightStats) *int
	number  func(*WeightStats) *float64 // NaN is an empty cell
}

var statsFields = slices.Concat(
	[]statsField{
		{name: "step", integer: func(m *WeightStats) *int { return &m.Step }},
		{name: "loss", number: func(m *WeightStats) *float64 { return &m.Loss }},
	},
	sideFields("positive_", func(m *WeightStats) *SideStats { return &m.Positive }),
	sideFields("negative_", func(m *WeightStats) *SideStats { return &m.Negative }),
)

func sideFields(prefix string, side func(*WeightStats) *SideStats) []statsField {
	return []statsField{
		{name: prefix + "pairs", integer: func(m *WeightStats) *int { return &side(m).Pairs }},
		{name: prefix + "weighted", integer: func(m *WeightStats) *int { return &side(m).Weighted }},
		{name: prefix + "mass", number: func(m *WeightStats) *float64 { return &side(m).Mass }},
		{name: prefix + "effective", number: func(m *WeightStats) *float64 { return &side(m).Effective }},
		{name: prefix + "hardest", number: func(m *WeightStats) *float64 { return &side(m).Hardest }},
		{name: prefix + "largest", number: func(m *WeightStats) *float64 { return &side(m).Largest }},
		{name: prefix + "force", number: func(m *WeightStats) *float64 { return &side(m).Force }},
		{name: prefix + "s_mean", number: func(m *WeightStats) *float64 { return &side(m).Mean }},
		{name: prefix + "s_low", number: func(m *WeightStats) *float64 { return &side(m).Low }},
		{name: prefix + "s_high", number: func(m *WeightStats) *float64 { return &side(m).High }},
	}
}

// statsColumns are the names of the columns of the file.
func statsColumns() []string {
	var names []string
	for _, f := range statsFields {
		names = append(names, f.name)
	}
	return names
}

// WriteStats writes a CSV with a line for each step, every number in full. It refuses
// statistics that [ReadStats] would not read.
func WriteStats(w io.Writer, steps []WeightStats) error {
	if err := checkStats(steps); err != nil {
		return fmt.Errorf("analysis: moments: %w", err)
	}

	c := csv.NewWriter(w)
	c.Write(statsColumns()) // an error stays until Flush
	line := make([]string, len(statsFields))

	for _, m := range steps {
		for k, f := range statsFields {
			line[k] = f.format(&m)
		}
		c.Write(line)
	}

	c.Flush()
	return c.Error()
}

// format writes the field's value in the shortest form that reads the same.
func (f statsField) format(m *WeightStats) string {
	switch {
	case f.integer != nil:
		return strconv.Itoa(*f.integer(m))
	case math.IsNaN(*f.number(m)):
		return ""
	}
	return strconv.FormatFloat(*f.number(m), 'g', -1, 64)
}

// parse reads what format writes.
func (f statsField) parse(m *WeightStats, cell string) (err error) {
	switch {
	case f.integer != nil:
		*f.integer(m), err = strconv.Atoi(cell)
	case cell == "":
		*f.number(m) = math.NaN()
	default:
		*f.number(m), err = strconv.ParseFloat(cell, 64)
	}
	return err
}

// ReadStats reads the statistics that a run kept, in the order of its steps. path is the
// path of [StatsFile] in the store. The error is a [*results.DamagedError] where the file
// holds anything that no training produces.
func ReadStats(path string) ([]WeightStats, error) {
	file, _, err := input.Open(path)
	if err != nil {
		return nil, err
	}

	defer file.Close()

	steps, err := readStats(file)
	if err != nil {
		return nil, &results.DamagedError{Path: path, Err: err}
	}
	return steps, nil
}

func readStats(r io.Reader) ([]WeightStats, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || !slices.Equal(lines[0], statsColumns()) {
		return nil, errors.New("its first line does not name the columns")
	}

	var steps []WeightStats
	for k, line := range lines[1:] {
		var m WeightStats
		for i, f := range statsFields {
			if err := f.parse(&m, line[i]); err != nil {
				return nil, fmt.Errorf("line %d, column %s: %w", k+2, f.name, err)
			}
		}

		steps = append(steps, m)
	}

	return steps, checkStats(steps)
}

// checkStats refuses what no training produces.
func checkStats(steps []WeightStats) error {
	if len(steps) == 0 {
		return errors.New("it has no step")
	}

	before := -1
	for _, m := range steps {
		switch {
		case m.Step < 0:
			return fmt.Errorf("it has step %d, and steps count from 0", m.Step)
		case m.Step <= before:
			return fmt.Errorf("it has step %d after step %d, and steps ascend", m.Step, before)
		case !isFinite(m.Loss):
			return fmt.Errorf("step %d: the loss is %v", m.Step, m.Loss)
		}

		before = m.Step

		if err := m.Positive.check(); err != nil {
			return fmt.Errorf("step %d, positive pairs: %w", m.Step, err)
		}
		if err := m.Negative.check(); err != nil {
			return fmt.Errorf("step %d, negative pairs: %w", m.Step, err)
		}
	}

	return nil
}

// similarityRounding is by how much the rounding of float32 may take a similarity of unit
// vectors out of [−1, 1].
const similarityRounding = 1e-3

// check refuses values outside the ranges that the fields document.
func (k SideStats) check() error {
	if k.Pairs < 0 || k.Weighted < 0 || k.Weighted > k.Pairs {
		return fmt.Errorf("%d of %d pairs have weight", k.Weighted, k.Pairs)
	}

	for _, number := range []struct {
		name    string
		v, most float64
	}{
		{"mass", k.Mass, math.MaxFloat64}, {"effective", k.Effective, math.MaxFloat64}, {"force", k.Force, math.MaxFloat64},
		{"hardest", k.Hardest, 1}, {"largest", k.Largest, 1},
	} {
		if !(number.v >= 0 && number.v <= number.most) {
			return fmt.Errorf("%s is %v", number.name, number.v)
		}
	}

	for _, s := range []float64{k.Mean, k.Low, k.High} {
		if k.Pairs == 0 && !math.IsNaN(s) || k.Pairs > 0 && !(math.Abs(s) <= 1+similarityRounding) {
			return fmt.Errorf("%d pairs have a similarity of %v", k.Pairs, s)
		}
	}

	if k.Low > k.High {
		return fmt.Errorf("the lowest similarity is %v, the highest %v", k.Low, k.High)
	}
	return nil
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
