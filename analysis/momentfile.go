package analysis

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
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

// WriteMoments writes a CSV with a line for each moment, in full.
func WriteMoments(w io.Writer, moments []Moment) error {
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

// ReadMoments reads the moments that a run kept, in the order of its steps. path is results.Store.Path of MomentFile.
func ReadMoments(path string) ([]Moment, error) {
	damaged := func(err error) error {
		return fmt.Errorf("analysis: %s is damaged: delete it, and the run is made again (%w)", path, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, damaged(err)
	}
	if len(lines) == 0 || !slices.Equal(lines[0], MomentColumns()) {
		return nil, damaged(errors.New("its first line does not name the columns"))
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
				return nil, damaged(fmt.Errorf("line %d, column %s: %w", k+2, f.name, err))
			}
		}
		moments = append(moments, m)
	}
	return moments, nil
}
