package arrays

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
)

var csvWriter = Writer{Format: "csv", Extensions: []string{".csv", ".tsv"}, Keeps: "features and columns beside them, as decimal numbers", write: writeCSV}

// A csvColumn is what stands beside the features.
type csvColumn struct {
	name  string
	words []string
	ints  []int
}

// writeCSV writes a line a row: the columns of words and integers under their names, the
// labels as label, and the features as f0, f1, …. A number has all digits of float64, so
// it is read as the same number whatever type it is read as.
func writeCSV(w io.Writer, s *Source) (notes []string, err error) {
	columns, notes, err := s.csvColumns()
	if err != nil {
		return nil, err
	}
	rows := -1
	for _, c := range columns {
		if n := max(len(c.words), len(c.ints)); rows >= 0 && n != rows {
			return nil, fmt.Errorf("csv has one line a row, and column %s has %d of them, others %d: name one array, as FILE:NAME", c.name, n, rows)
		} else {
			rows = n
		}
	}

	header := []string{}
	for _, c := range columns {
		header = append(header, c.name)
	}
	if s.X != nil {
		if rows >= 0 && s.X.Shape[0] != rows {
			return nil, fmt.Errorf("csv has one line a row, and there are %d rows and %d labels: name one array, as FILE:NAME", s.X.Shape[0], rows)
		}
		if rows = s.X.Shape[0]; s.X.Shape[1] == 0 {
			return nil, errors.New("csv cannot keep rows of no columns")
		}
		for k := range s.X.Shape[1] {
			header = append(header, "f"+strconv.Itoa(k))
		}
		if len(header) > maxColumns {
			return nil, fmt.Errorf("csv takes %d columns here, and there are %d: choose another format", maxColumns, len(header))
		}
		if s.X.dtype.name != float64s.name {
			notes = append(notes, fmt.Sprintf("%s of the type %s become decimal numbers, the same in value, and are read as float64", s.nameOf(s.X), s.X.Type))
		}
	}

	out := csv.NewWriter(bufio.NewWriterSize(w, 1<<16))
	if s.extension() == ".tsv" {
		out.Comma = '\t'
	}
	if err := out.Write(header); err != nil {
		return nil, err
	}
	if err := s.csvRows(out, columns, rows); err != nil {
		return nil, err
	}
	out.Flush()
	return notes, out.Error()
}

// csvColumns are the arrays beside the features. Others are named in the notes.
func (s *Source) csvColumns() (columns []csvColumn, notes []string, err error) {
	for _, a := range s.Arrays {
		if a == s.X {
			continue
		}
		if !a.isVector() {
			notes = append(notes, fmt.Sprintf("%s is left out: csv takes one matrix and columns of integers or words", s.nameOf(a)))
			continue
		}
		c := csvColumn{name: a.Name}
		switch {
		case a == s.Y:
			c.name = "label"
		case a.Name == "" || isFloat([]byte(a.Name)): // a number is no name for a reader
			c.name = "column" + a.Name
		}
		if c.ints, c.words, err = a.Labels(); err != nil {
			return nil, nil, err
		}
		numbers := len(c.words) > 0
		for i, word := range c.words {
			if word == "" && a.gappy == nil { // a table had the gap already
				return nil, nil, fmt.Errorf("%s of row %d is empty, which csv cannot keep: give every row a word", c.name, i)
			}
			numbers = numbers && isFloat([]byte(word))
		}
		if numbers {
			notes = append(notes, fmt.Sprintf("%s are words that look like numbers, such as %q, and are read from csv as numbers", c.name, c.words[0]))
		}
		columns = append(columns, c)
	}
	if len(columns) == 0 && s.X == nil {
		return nil, nil, errors.New("csv takes features and labels, and there are neither: name an array, as FILE:NAME")
	}
	return columns, notes, nil
}

// csvRows writes the lines behind the header.
func (s *Source) csvRows(out *csv.Writer, columns []csvColumn, rows int) error {
	var fields []string
	line := func(i int, values []float64) error {
		fields = fields[:0]
		for _, c := range columns {
			if c.words != nil {
				fields = append(fields, c.words[i])
			} else {
				fields = append(fields, strconv.Itoa(c.ints[i]))
			}
		}
		for _, v := range values {
			fields = append(fields, strconv.FormatFloat(v, 'g', -1, 64))
		}
		return out.Write(fields)
	}
	if s.X != nil {
		return s.X.eachRow(line)
	}
	for i := range rows {
		if err := line(i, nil); err != nil {
			return err
		}
	}
	return nil
}
