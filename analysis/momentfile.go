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

// MomentFile is where the moments of a run are kept, in the results folder.
func MomentFile(id string) string { return "moments/" + id + ".csv" }

// A field of a moment has a column of the file.
type field struct {
	name    string
	integer func(*Moment) *int     // or
	number  func(*Moment) *float64 // NaN is an empty cell
}

var momentFields = slices.Concat(
	[]field{
		{name: "step", integer: func(m *Moment) *int { return &m.Step }},
		{name: "loss", number: func(m *Moment) *float64 { return &m.Loss }},
	},
	kindFields("positive_", func(m *Moment) *Kind { return &m.Positive }),
	kindFields("negative_", func(m *Moment) *Kind { return &m.Negative }),
)

func kindFields(prefix string, kind func(*Moment) *Kind) []field {
	return []field{
		{name: prefix + "pairs", integer: func(m *Moment) *int { return &kind(m).Pairs }},
		{name: prefix + "weighted", integer: func(m *Moment) *int { return &kind(m).Weighted }},
		{name: prefix + "mass", number: func(m *Moment) *float64 { return &kind(m).Mass }},
		{name: prefix + "effective", number: func(m *Moment) *float64 { return &kind(m).Effective }},
		{name: prefix + "hardest", number: func(m *Moment) *float64 { return &kind(m).Hardest }},
		{name: prefix + "largest", number: func(m *Moment) *float64 { return &kind(m).Largest }},
		{name: prefix + "force", number: func(m *Moment) *float64 { return &kind(m).Force }},
		{name: prefix + "s_mean", number: func(m *Moment) *float64 { return &kind(m).Mean }},
		{name: prefix + "s_low", number: func(m *Moment) *float64 { return &kind(m).Low }},
		{name: prefix + "s_high", number: func(m *Moment) *float64 { return &kind(m).High }},
	}
}

// MomentColumns are the names of the columns of a file of moments.
func MomentColumns() []string {
	var names []string
	for _, f := range momentFields {
		names = append(names, f.name)
	}
	return names
}

// WriteMoments writes a CSV with a line for each moment, in full. It refuses moments that
// ReadMoments would not read.
func WriteMoments(w io.Writer, moments []Moment) error {
	if err := checkMoments(moments); err != nil {
		return fmt.Errorf("analysis: moments: %w", err)
	}
	c := csv.NewWriter(w)
	c.Write(MomentColumns()) // an error stays until Flush
	line := make([]string, len(momentFields))
	for _, m := range moments {
		for k, f := range momentFields {
			switch {
			case f.integer != nil:
				line[k] = strconv.Itoa(*f.integer(&m))
			case math.IsNaN(*f.number(&m)):
				line[k] = ""
			default:
				line[k] = strconv.FormatFloat(*f.number(&m), 'g', -1, 64)
			}
		}
		c.Write(line)
	}
	c.Flush()
	return c.Error()
}

// ReadMoments reads the moments that a run kept, in the order of its steps. path is
// results.Store.Path of MomentFile. The error is a *results.DamagedError where the file
// holds anything that no training comes to.
func ReadMoments(path string) ([]Moment, error) {
	file, _, err := input.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	moments, err := readMoments(file)
	if err != nil {
		return nil, &results.DamagedError{Path: path, Err: err}
	}
	return moments, nil
}

func readMoments(r io.Reader) ([]Moment, error) {
	lines, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 || !slices.Equal(lines[0], MomentColumns()) {
		return nil, errors.New("its first line does not name the columns")
	}
	var moments []Moment
	for k, line := range lines[1:] {
		var m Moment
		for i, f := range momentFields {
			var err error
			switch {
			case f.integer != nil:
				*f.integer(&m), err = strconv.Atoi(line[i])
			case line[i] == "":
				*f.number(&m) = math.NaN()
			default:
				*f.number(&m), err = strconv.ParseFloat(line[i], 64)
			}
			if err != nil {
				return nil, fmt.Errorf("line %d, column %s: %w", k+2, f.name, err)
			}
		}
		moments = append(moments, m)
	}
	return moments, checkMoments(moments)
}

// checkMoments refuses what no training comes to.
func checkMoments(moments []Moment) error {
	if len(moments) == 0 {
		return errors.New("it has no step")
	}
	before := -1
	for _, m := range moments {
		switch {
		case m.Step < 0:
			return fmt.Errorf("it has step %d, and steps count from 0", m.Step)
		case m.Step <= before:
			return fmt.Errorf("it has step %d after step %d, and steps ascend", m.Step, before)
		case !finite(m.Loss):
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

// check refuses what pairs do not come to: see the fields for their ranges.
func (k Kind) check() error {
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

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
