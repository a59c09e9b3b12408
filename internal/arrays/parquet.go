package arrays

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// readParquet lists the columns of a Parquet file. A column of lists is a matrix, if all
// its lists have one length, and so are all columns of single floats together.
func readParquet(f *File) (err error) {
	defer recovered(&err)
	f.limit = max(expandedLeast, expandedTimes*f.size)
	if err := checkFooter(f); err != nil {
		return err
	}
	p, err := parquet.OpenFile(f.r, f.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return fmt.Errorf("is damaged (%w): write it again", err)
	}
	if p.NumRows() < 0 {
		return fmt.Errorf("has %d rows: it is damaged", p.NumRows())
	}

	var floats []*parquetColumn
	for _, top := range p.Root().Columns() {
		leaf := top
		for !leaf.Leaf() && len(leaf.Columns()) == 1 {
			leaf = leaf.Columns()[0]
		}
		c := &parquetColumn{f: f, p: p, leaf: leaf}
		a, err := c.array(top.Name())
		if err != nil {
			return err
		}
		f.Arrays = append(f.Arrays, a)
		if a.dtype.kind == floating && len(a.Shape) == 1 && !slices.Contains(otherColumns, strings.ToLower(a.Name)) {
			floats = append(floats, c)
		}
	}
	if len(floats) > 1 {
		f.Arrays = append(f.Arrays, sideBySide(f, floats))
	}
	return nil
}

// recovered turns a panic of the library on a damaged file into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("is damaged (%v): write it again", r)
	}
}

// checkFooter walks the metadata before the library reads them.
func checkFooter(f *File) error {
	var tail [8]byte
	if f.size < 12 {
		return errors.New("ends early: it is cut short")
	}
	if _, err := f.r.ReadAt(tail[:], f.size-8); err != nil && err != io.EOF {
		return err
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if string(tail[4:]) == "PARE" {
		return errors.New("is encrypted: write it without encryption")
	}
	if string(tail[4:]) != "PAR1" || n > f.size-12 {
		return fmt.Errorf("ends with %q and claims %d bytes of metadata in a file of %d: it is cut short or damaged", tail[4:], n, f.size)
	}
	footer := make([]byte, n)
	if _, err := f.r.ReadAt(footer, f.size-8-n); err != nil && err != io.EOF {
		return err
	}
	if _, err := walkThrift(footer); err != nil {
		return fmt.Errorf("is damaged: %w", err)
	}
	return nil
}

// A parquetColumn is the values of one column.
type parquetColumn struct {
	f    *File
	p    *parquet.File
	leaf *parquet.Column

	dtype dtype
	width int // values of a row; 0 of a column of single values
}

// parquetTypes are the types of columns of numbers.
var parquetTypes = map[parquet.Kind]dtype{
	parquet.Boolean: bools, parquet.Int32: int32s, parquet.Int64: int64s, parquet.Float: float32s, parquet.Double: float64s,
}

// array describes the column.
func (c *parquetColumn) array(name string) (*Array, error) {
	rows := int(c.p.NumRows())
	a := &Array{Name: name, Shape: []int{rows}, Type: "nested values", place: -1}
	if !c.leaf.Leaf() || c.leaf.MaxRepetitionLevel() > 1 {
		return a, nil
	}

	t := c.leaf.Type()
	c.dtype = parquetTypes[t.Kind()]
	a.Type = t.String()
	if l := t.LogicalType(); l != nil && l.Value != nil {
		switch v := l.Value.(type) {
		case *format.IntType:
			if !v.IsSigned {
				c.dtype.kind, c.dtype.name = unsigned, "u"+c.dtype.name
			}
		case *format.StringType, *format.EnumType:
			c.dtype = strs
		case *format.DecimalType, *format.DateType, *format.TimeType, *format.TimestampType:
			c.dtype = dtype{}
		}
	} else if t.Kind() == parquet.ByteArray {
		c.dtype = strs
	} else if c.isFloat16() {
		c.dtype = float16
	}
	if c.dtype.kind == opaque {
		return a, nil
	}
	a.dtype, a.Type = c.dtype, c.dtype.name

	if c.leaf.MaxRepetitionLevel() == 1 {
		n, err := c.countValues()
		if err != nil {
			return nil, err
		}
		if rows > 0 {
			c.width = int(n / int64(rows))
		}
		if c.width < 1 || n != int64(rows)*int64(c.width) || c.dtype.kind == text {
			a.Type, a.dtype = fmt.Sprintf("lists of %s, %d in %d rows", a.Type, n, rows), dtype{}
			return a, nil
		}
		a.Shape = append(a.Shape, c.width)
	}
	c.fill(a)
	return a, nil
}

// isFloat16 reports whether the schema calls the two bytes of a value a float16, which
// the library's types leave out.
func (c *parquetColumn) isFloat16() bool {
	leaf := -1
	for k, e := range c.p.Metadata().Schema {
		if k == 0 || e.NumChildren.V > 0 {
			continue
		}
		if leaf++; leaf == c.leaf.Index() {
			_, ok := e.LogicalType.Value.(*format.Float16Type)
			return ok && c.leaf.Type().Length() == 2
		}
	}
	return false
}

// fill sets how the elements are read.
func (c *parquetColumn) fill(a *Array) {
	if c.dtype.kind == text {
		a.strings = func() ([]string, error) { return parquetValues(c, c.text) }
		return
	}
	a.floats64 = func() ([]float64, error) { return parquetValues(c, c.float) }
	a.floats32 = func() ([]float32, error) {
		return parquetValues(c, func(v parquet.Value) (float32, error) {
			if c.dtype.integer() {
				return exactFloat32(c, v)
			}
			wide, err := c.float(v)
			return float32(wide), err
		})
	}
	if c.dtype.integer() {
		a.integers = func() ([]int, error) { return parquetValues(c, c.int) }
	}
}

// countValues are the values of the column by the metadata of its parts.
func (c *parquetColumn) countValues() (int64, error) {
	var n int64
	for _, g := range c.p.Metadata().RowGroups {
		if c.leaf.Index() >= len(g.Columns) {
			return 0, fmt.Errorf("has %d columns in a row group: it is damaged", len(g.Columns))
		}
		n += g.Columns[c.leaf.Index()].MetaData.NumValues
	}
	return n, nil
}

func (c *parquetColumn) int(v parquet.Value) (int, error) {
	switch {
	case v.Kind() == parquet.Boolean:
		if v.Boolean() {
			return 1, nil
		}
		return 0, nil
	case v.Kind() == parquet.Int32 && c.dtype.kind == unsigned:
		return int(v.Uint32()), nil
	case v.Kind() == parquet.Int32:
		return int(v.Int32()), nil
	case c.dtype.kind == unsigned && v.Int64() < 0:
		return 0, beyond(fmt.Sprint(v.Uint64()))
	}
	return int(v.Int64()), nil
}

func (c *parquetColumn) float(v parquet.Value) (float64, error) {
	switch v.Kind() {
	case parquet.Float:
		return float64(v.Float()), nil
	case parquet.Double:
		return v.Double(), nil
	case parquet.FixedLenByteArray:
		if b := v.ByteArray(); len(b) == 2 {
			return float64(half(binary.LittleEndian.Uint16(b))), nil
		}
		return 0, errors.New("has a float16 of another size than 2 bytes: it is damaged")
	}
	i, err := c.int(v)
	if wide := float64(i); err == nil && (int(wide) != i || wide >= 0x1p63) {
		err = inexact(fmt.Sprint(i), []float64(nil))
	}
	return float64(i), err
}

func exactFloat32(c *parquetColumn, v parquet.Value) (float32, error) {
	i, err := c.int(v)
	if narrow := float32(i); err == nil && (narrow >= 0x1p63 || int(narrow) != i) {
		err = inexact(fmt.Sprint(i), []float32(nil))
	}
	return float32(i), err
}

func (c *parquetColumn) text(v parquet.Value) (string, error) {
	return strings.ToValidUTF8(string(v.ByteArray()), "�"), nil
}

// parquetValues reads all values of a column.
func parquetValues[T any](c *parquetColumn, convert func(v parquet.Value) (T, error)) (out []T, err error) {
	defer recovered(&err)
	rows, width := int(c.p.NumRows()), max(c.width, 1)
	row, place := -1, 0
	for k, g := range c.p.RowGroups() {
		if err := c.checkPages(k); err != nil {
			return nil, err
		}
		err := eachValue(g.ColumnChunks()[c.leaf.Index()], func(v parquet.Value) error {
			if c.width == 0 || v.RepetitionLevel() == 0 {
				if row >= 0 && place != width {
					return fmt.Errorf("has a list of %d values in row %d, and of %d in others: all rows need one length", place, row, width)
				}
				row, place = row+1, 0
			}
			if v.IsNull() {
				return fmt.Errorf("has no value in row %d: give every row one", row)
			}
			if place++; place > width || row >= rows {
				return fmt.Errorf("has more values in row %d of %d than %d: all rows need one length", row, rows, width)
			}
			t, err := convert(v)
			out = append(out, t)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(out) != rows*width {
		return nil, fmt.Errorf("has %d values, want %d in %d rows: it is damaged", len(out), rows*width, rows)
	}
	return out, nil
}

// eachValue passes the values of a part of a column.
func eachValue(chunk parquet.ColumnChunk, do func(v parquet.Value) error) error {
	pages := chunk.Pages()
	defer pages.Close()
	var buf [1024]parquet.Value
	for {
		page, err := pages.ReadPage()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("is damaged (%w): write it again", err)
		}
		for values := page.Values(); err == nil; {
			var n int
			n, err = values.ReadValues(buf[:])
			for _, v := range buf[:n] {
				if err := do(v); err != nil {
					parquet.Release(page)
					return err
				}
			}
			if n == 0 && err == nil {
				err = io.ErrNoProgress
			}
		}
		parquet.Release(page)
		if err != io.EOF {
			return fmt.Errorf("is damaged (%w): write it again", err)
		}
	}
}

// sideBySide is the matrix of columns of single floats.
func sideBySide(f *File, columns []*parquetColumn) *Array {
	rows := int(columns[0].p.NumRows())
	a := &Array{Name: "features", Shape: []int{rows, len(columns)}, dtype: columns[0].dtype, place: -1, joined: true}
	for _, c := range columns {
		if c.dtype.size > a.dtype.size {
			a.dtype = c.dtype
		}
	}
	for slices.ContainsFunc(f.Arrays, func(b *Array) bool { return b.Name == a.Name }) {
		a.Name += "_all"
	}
	a.Type = a.dtype.name
	a.floats64 = func() ([]float64, error) { return columnsOf[float64](rows, columns) }
	a.floats32 = func() ([]float32, error) { return columnsOf[float32](rows, columns) }
	return a
}

func columnsOf[T float32 | float64](rows int, columns []*parquetColumn) ([]T, error) {
	all := make([][]T, len(columns))
	for k, c := range columns {
		var err error
		if all[k], err = parquetValues(c, func(v parquet.Value) (T, error) {
			wide, err := c.float(v)
			return T(wide), err
		}); err != nil {
			return nil, fmt.Errorf("column %s: %w", strings.Join(c.leaf.Path(), "."), err)
		}
	}
	out := make([]T, 0, rows*len(columns))
	for i := range rows {
		for k := range columns {
			out = append(out, all[k][i])
		}
	}
	return out, nil
}
