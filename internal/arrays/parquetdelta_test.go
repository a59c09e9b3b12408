package arrays

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The encodings and compressions of testdata/make_parquet.py, which pyarrow wrote.
func TestParquetOfPyarrow(t *testing.T) {
	const n = 300
	var small, label, extreme []int
	var paths []string
	var halves, pairs, beside []float64
	for i := range n {
		x := float64(i)
		small = append(small, i*7919%1000-500)
		label = append(label, i*i*i-5_000_000)
		extreme = append(extreme, []int{math.MinInt64, math.MaxInt64}[i%2])
		paths = append(paths, fmt.Sprintf("photos/class_%03d/image_%05d%s.jpg", i/10, i, strings.Repeat("é", i%3)))
		halves, pairs = append(halves, x/8-3), append(pairs, x, -x/2)
		beside = append(beside, float64(float32(x/3)), x/7)
	}
	for _, name := range []string{"delta_binary_packed", "delta_binary_packed2", "delta_snappy", "delta_snappy2"} {
		content := readTestdata(t, name+".parquet")
		wantInts(t, mustOpen(t, "x.parquet:small", content), small...)
		wantInts(t, mustOpen(t, "x.parquet:label", content), label...)
		wantInts(t, mustOpen(t, "x.parquet:extreme", content), extreme...)
		if _, _, err := mustOpen(t, "x.parquet", content).lookup("maybe").Labels(); err == nil || !strings.Contains(err.Error(), "has no value in row 0: give every row one") {
			t.Errorf("%s: no value: %v", name, err)
		}
	}
	for _, name := range []string{"delta_length", "delta_length2", "delta_byte_array", "delta_byte_array2"} {
		wantStrings(t, mustOpen(t, "x.parquet:path", readTestdata(t, name+".parquet")), paths...)
	}
	for _, name := range []string{"float16", "float16_split2"} {
		content := readTestdata(t, name+".parquet")
		wantMatrix(t, mustOpen(t, "x.parquet:rows", content), n, 2, pairs...)
		if got, err := mustOpen(t, "x.parquet", content).lookup("half").floats64(); err != nil || !slices.Equal(got, halves) {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
	_, _, err := mustOpen(t, "x.parquet", readTestdata(t, "lz4.parquet")).lookup("label").Labels()
	if err == nil || !strings.Contains(err.Error(), "is compressed by LZ4_RAW, which is not read: write it with snappy, gzip or zstd") {
		t.Errorf("LZ4: %v", err)
	}
	split := mustOpen(t, "x.parquet", readTestdata(t, "byte_stream_split.parquet"))
	wantMatrix(t, split, n, 2, beside...)
}

// deltas is 32-bit differences of one block of 128 in 4 parts, of which the first has
// bits a difference and the bytes, as the format lays them out.
func deltas(values uint64, bits byte, packed string) string {
	b := binary.AppendUvarint(nil, 128)
	b = binary.AppendUvarint(b, 4)
	b = binary.AppendUvarint(b, values)
	b = binary.AppendVarint(b, 7) // the first value
	b = binary.AppendVarint(b, 1) // the least difference
	return string(b) + string([]byte{bits, 255, 255, 255}) + packed
}

func TestWalkDeltas(t *testing.T) {
	whole := deltas(5, 1, "\x00\x00\x00\x00")
	if end, err := walkDeltas([]byte(whole+"rest"), 5, false); err != nil || end != len(whole) {
		t.Errorf("ends at %d, want %d, error %v", end, len(whole), err)
	}
	for k := range whole {
		if _, err := walkDeltas([]byte(whole[:k]), 5, false); err == nil {
			t.Errorf("%d bytes of %d are enough", k, len(whole))
		}
	}
	for _, c := range []struct {
		b, want string
		wide    bool
	}{
		{"\x80\x01\x04\xff\xff\xff\xff\x07\x00", "claims 2147483647 differences for 5 values", false},
		{"\x80\x80\x80\x80\x08\x04\x05\x00", "has blocks of 2147483648 differences in 4 parts", false},
		{"\x80\x01\x80\x02\x05\x00", "has blocks of 128 differences in 256 parts", false},
		{"\x80\x01\x00\x05\x00", "has blocks of 128 differences in 0 parts", false},
		{deltas(5, 33, strings.Repeat("x", 200)), "has differences of 33 bits where values have 32", false},
		{deltas(5, 65, strings.Repeat("x", 400)), "has differences of 65 bits where values have 64", true},
	} {
		if _, err := walkDeltas([]byte(c.b), 5, c.wide); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.b, err, c.want)
		}
	}
}

// What a string takes of the one before, and what all take, are bounded.
func TestStringsSize(t *testing.T) {
	if n, err := stringsSize([]int32{0, 3, 4}, []int32{4, 2, 0}, 6); n != 13 || err != nil {
		t.Errorf("%d bytes, error %v", n, err)
	}
	for want, c := range map[string][2][]int32{
		"has 1 lengths of beginnings and 2 of ends":             {{0}, {1, 1}},
		"has a string 0 that takes 1 bytes of 0 and 1 of 6":     {{1}, {1}},
		"has a string 1 that takes 0 bytes of 4 and 3 of 2":     {{0, 0}, {4, 3}},
		"has a string 0 that takes 0 bytes of 0 and -1 of 6":    {{0}, {-1}},
		"has strings of 3000000000 bytes, and a page holds 214": longStrings(),
	} {
		others := int64(6)
		if len(c[0]) > 100 {
			others = 1 << 20
		}
		if _, err := stringsSize(c[0], c[1], others); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// longStrings are 3,000 equal strings of 1,000,000 bytes.
func longStrings() [2][]int32 {
	prefixes, suffixes := make([]int32, 3000), make([]int32, 3000)
	for k := range prefixes {
		prefixes[k] = 1_000_000
	}
	prefixes[0], suffixes[0] = 0, 1_000_000
	return [2][]int32{prefixes, suffixes}
}

// A page whose strings share their beginnings takes far more memory than it has bytes.
func TestParquetStringsBomb(t *testing.T) {
	type row struct {
		Path string `parquet:"path,delta"`
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.PageBufferSize(64<<20), parquet.DataPageStatistics(false))
	rows := make([]row, 200)
	for i := range rows {
		rows[i].Path = strings.Repeat("x", 100_000)
	}
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	_, err := mustOpen(t, "x.parquet", b.Bytes()).lookup("path").strings()
	if err == nil || !strings.Contains(err.Error(), "takes more than the 16777216 bytes of memory that a file of ") {
		t.Errorf("200 strings that share 100,000 bytes in a file of %d: %v", b.Len(), err)
	}
}

// A dictionary of another encoding than PLAIN would be read with counts that nothing has
// gone through.
func TestDictionaryEncoding(t *testing.T) {
	for e, ok := range map[format.Encoding]bool{format.Plain: true, format.PlainDictionary: true, format.DeltaBinaryPacked: false, format.RLE: false} {
		if err := checkEncoding(pageHeader{kind: format.DictionaryPage, encoding: int64(e)}); (err == nil) != ok {
			t.Errorf("%v: %v", e, err)
		}
	}
}
