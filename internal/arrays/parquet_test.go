package arrays

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
)

// A fields is a structure of Thrift: numbers of fields and values by turns.
type fields []any

// compact lays a value out in Thrift's compact protocol and returns its type.
func compact(b *[]byte, v any) byte {
	switch v := v.(type) {
	case int32:
		*b = binary.AppendVarint(*b, int64(v))
		return 5
	case int64:
		*b = binary.AppendVarint(*b, v)
		return 6
	case string:
		*b = append(binary.AppendUvarint(*b, uint64(len(v))), v...)
		return 8
	case []any:
		var all []byte
		var kind byte
		for _, item := range v {
			kind = compact(&all, item)
		}
		*b = append(append(*b, byte(len(v))<<4|kind), all...)
		return 9
	case fields:
		last := 0
		for k := 0; k < len(v); k += 2 {
			var value []byte
			kind := compact(&value, v[k+1])
			*b = append(append(*b, byte(v[k].(int)-last)<<4|kind), value...)
			last = v[k].(int)
		}
		*b = append(*b, 0)
		return 12
	}
	panic("no such type")
}

func thrift(v fields) string {
	var b []byte
	compact(&b, v)
	return string(b)
}

// page is a data page of version 1: its header, and levels and values.
func page(values int32, body string) string {
	return thrift(fields{1, int32(0), 2, int32(len(body)), 3, int32(len(body)), 5, fields{1, values, 2, int32(0), 3, int32(3), 4, int32(3)}}) + body
}

// parquetByHand is a file of two rows: the int32 label, and lists of two float32, as the
// format's description lays them out (github.com/apache/parquet-format).
func parquetByHand() []byte {
	label := page(2, "\x07\x00\x00\x00\xff\xff\xff\xff")
	// Four repetition levels of a bit, 0 1 0 1, bit-packed in one group of eight; four
	// definition levels of 1, a run; the values.
	lists := page(4, "\x02\x00\x00\x00\x03\x0a"+"\x02\x00\x00\x00\x08\x01"+"\x00\x00\x80\x3f\x00\x00\x00\xc0\x00\x00\x40\x40\x00\x00\x80\x40")
	column := func(kind int32, values, at, size int, path ...any) fields {
		return fields{2, int64(at), 3, fields{1, kind, 2, []any{int32(0), int32(3)}, 3, path, 4, int32(0), 5, int64(values), 6, int64(size), 7, int64(size), 9, int64(at)}}
	}
	footer := thrift(fields{
		1, int32(1),
		2, []any{
			fields{4, "schema", 5, int32(2)},
			fields{1, int32(1), 3, int32(0), 4, "label"},
			fields{3, int32(0), 4, "embedding", 5, int32(1), 6, int32(3)},
			fields{3, int32(2), 4, "list", 5, int32(1)},
			fields{1, int32(4), 3, int32(0), 4, "element"},
		},
		3, int64(2),
		4, []any{fields{
			1, []any{column(1, 2, 4, len(label), "label"), column(4, 4, 4+len(label), len(lists), "embedding", "list", "element")},
			2, int64(len(label) + len(lists)), 3, int64(2),
		}},
	})
	return []byte("PAR1" + label + lists + footer + string(binary.LittleEndian.AppendUint32(nil, uint32(len(footer)))) + "PAR1")
}

func TestParquetByHand(t *testing.T) {
	f := mustOpen(t, "x.parquet", parquetByHand())
	wantMatrix(t, f, 2, 2, 1, -2, 3, 4)
	wantMatrix(t, mustOpen(t, "x.parquet:embedding.T", parquetByHand()), 2, 2, 1, 3, -2, 4)
	wantInts(t, f, 7, -1)
	if f.Format != "parquet" || f.Arrays[1].Type != "float32" {
		t.Errorf("%s of %s", f.Arrays[1].Type, f.Format)
	}
	everyLength(t, "x.parquet", parquetByHand())
}

type parquetRow struct {
	Path  string    `parquet:"path,dict"`
	Class string    `parquet:"class,dict,optional"`
	Feats []float64 `parquet:"feats,list"`
	A     float32   `parquet:"a"`
	B     float64   `parquet:"b"`
	Big   uint64    `parquet:"big"`
	Flag  bool      `parquet:"flag"`
}

func writeParquet[T any](t testing.TB, codec compress.Codec, rows ...T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, parquet.Compression(codec), parquet.DataPageVersion(1+len(rows)%2))
	half := len(rows) / 2
	for _, part := range [][]T{rows[:half], rows[half:]} { // a row group each
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every compression, both versions of pages, dictionaries, optional columns and several
// row groups, as the library writes them.
func TestParquetOfLibrary(t *testing.T) {
	rows := make([]parquetRow, 1001)
	var feats, beside []float64
	var classes []string
	var flags []int
	for i := range rows {
		x := float64(i)
		rows[i] = parquetRow{fmt.Sprint("a/", i, ".jpg"), fmt.Sprint("class ", i%7), []float64{x / 3, -x, 1}, float32(i) / 2, x / 7, uint64(i) << 20, i%2 == 1}
		feats, beside = append(feats, x/3, -x, 1), append(beside, x/2, x/7)
		classes, flags = append(classes, rows[i].Class), append(flags, i%2)
	}
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd} {
		for _, n := range []int{1000, 1001} {
			content := writeParquet(t, codec, rows[:n]...)
			wantMatrix(t, mustOpen(t, "x.parquet:feats", content), n, 3, feats[:3*n]...)
			wantMatrix(t, mustOpen(t, "x.parquet:features", content), n, 2, beside[:2*n]...)
			wantStrings(t, mustOpen(t, "x.parquet", content), classes[:n]...)
			wantInts(t, mustOpen(t, "x.parquet:flag", content), flags[:n]...)
			a := mustOpen(t, "x.parquet:big", content).lookup("big")
			if ints, _, err := a.Labels(); err != nil || ints[n-1] != (n-1)<<20 || a.Type != "uint64" {
				t.Errorf("%v: %s, error %v", codec, a.Type, err)
			}
		}
	}
}

func TestParquetRefusals(t *testing.T) {
	type lists struct {
		X []float32 `parquet:"x,list"`
		Y *int      `parquet:"y,optional"`
		U uint64    `parquet:"u"`
	}
	one := 1
	uneven := mustOpen(t, "x.parquet", writeParquet(t, &parquet.Snappy, lists{X: []float32{1, 2, 3}, Y: &one, U: 1 << 63}, lists{X: []float32{1}, U: 1}))
	if _, _, _, err := uneven.lookup("x").Float32s(); err == nil || err.Error() != "parquet: x.parquet: the array x has more values in row 0 of 2 than 2: all rows need one length" {
		t.Errorf("lists of several lengths: %v", err)
	}
	if _, _, err := uneven.lookup("y").Labels(); err == nil || err.Error() != "parquet: x.parquet: the array y has no value in row 1: give every row one" {
		t.Errorf("no value: %v", err)
	}
	if _, _, err := uneven.lookup("u").Labels(); err == nil || !strings.Contains(err.Error(), "holds 9223372036854775808, which is beyond the largest label") {
		t.Errorf("2⁶³: %v", err)
	}

	zeros := make([]lists, 70)
	for i := range zeros {
		zeros[i].X = make([]float32, 1<<16)
	}
	bomb := mustOpen(t, "x.parquet", writeParquet(t, &parquet.Zstd, zeros...))
	if _, _, _, err := bomb.lookup("x").Float32s(); err == nil || !strings.Contains(err.Error(), "takes more than the 16777216 bytes of memory that a file of ") {
		t.Errorf("a bomb of zeros: %v", err)
	}

	hand := parquetByHand()
	at := bytes.Index(hand, []byte("\x07\x00\x00\x00\xff\xff\xff\xff"))
	claims := slices.Concat(hand[:at], []byte("\x07"), hand[at:]) // the footer's offsets are wrong by one
	if err := readAll(t, "x.parquet", claims); err == nil {
		t.Error("wrong offsets are read")
	}
	wantError(t, "x.parquet", append(bytes.Clone(hand[:len(hand)-8]), "\xff\xff\xff\x7fPAR1"...), `parquet: x.parquet: ends with "PAR1" and claims 2147483647 bytes of metadata in a file of `)
	// A list of 2³¹ elements of the schema would take hundreds of gigabytes.
	footer := "\x15\x02\x19\xfc\x80\x80\x80\x80\x08"
	wantError(t, "x.parquet", []byte("PAR1"+footer+"\x09\x00\x00\x00PAR1"), "parquet: x.parquet: is damaged: its metadata claim a list of 2147483648 elements in 9 bytes")
	wantError(t, "x.parquet", []byte("PAR1"+strings.Repeat("\x1c", 64)+"\x40\x00\x00\x00PAR1"), "parquet: x.parquet: is damaged: its metadata nest deeper than 32")
	wantError(t, "x.parquet", []byte("PARE00000000PARE"), "parquet: x.parquet: is encrypted")
}

func FuzzParquet(f *testing.F) {
	row := parquetRow{Path: "a", Class: "b", Feats: []float64{1, 2}}
	fuzzReader(f, "x.parquet", readTestdata(f, "delta_binary_packed.parquet"), readTestdata(f, "delta_byte_array2.parquet"), readTestdata(f, "delta_snappy2.parquet"), parquetByHand(), writeParquet(f, &parquet.Snappy, row, row), writeParquet(f, &parquet.Zstd, row), writeParquet(f, &parquet.Gzip, row, row, row))
}
