package arrays

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
	"unsafe"
)

const mapRows, mapCols = 600, 513 // more than a megabyte

func mapElement(k int) float32 { return float32(k%1009) - 504 }

// mapFiles writes the same matrix in every format that is mapped.
func mapFiles(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	var raw bytes.Buffer
	for k := range mapRows * mapCols {
		binary.Write(&raw, binary.LittleEndian, math.Float32bits(mapElement(k)))
	}
	array := npyFile("<f4", fmt.Sprintf("(%d, %d)", mapRows, mapCols), false, raw.String())
	header := fmt.Sprintf(`{"x":{"dtype":"F32","shape":[%d,%d],"data_offsets":[0,%d]}}`, mapRows, mapCols, raw.Len())
	header += strings.Repeat(" ", -len(header)&7)
	files := map[string][]byte{
		"x.npy":         array,
		"x.npz":         zipFile(t, "features.npy", string(array)), // at byte 30 + 12, which is no multiple of 4
		"aligned.npz":   zipFile(t, "embeddings.npy", string(array)),
		"x.safetensors": append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), raw.Bytes()...),
	}
	paths := map[string]string{}
	for name, content := range files {
		paths[name] = put(t, dir, name, content)
	}
	return paths
}

// inMap reads the features of a file and says whether they lie in a map.
func inMap(t *testing.T, maps *Maps, path string) (data []float32, mapped bool, err error) {
	t.Helper()
	a, f, err := OpenRows(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := 0
	if maps != nil {
		before = len(maps.regions)
	}
	rows, cols, data, wide, err := maps.Rows(a)
	if err != nil {
		return nil, false, err
	}
	if rows != mapRows || cols != mapCols || wide != nil {
		t.Errorf("%s is %d×%d, %d of float64", path, rows, cols, len(wide))
	}
	return data, maps != nil && len(maps.regions) > before, nil
}

// Rows in a map are those that are copied, and outlive the file that was opened.
func TestMaps(t *testing.T) {
	for name, path := range mapFiles(t) {
		func() {
			var err error
			maps := NewMaps()
			defer maps.Close(&err)
			for _, m := range []*Maps{nil, maps} {
				data, mapped, err := inMap(t, m, path)
				if err != nil {
					t.Fatal(err)
				}
				if want := m != nil && uintptr(unsafe.Pointer(&data[0]))%4 == 0 && name != "x.npz"; mapped != want {
					t.Errorf("%s is mapped: %t, want %t", name, mapped, want)
				}
				for k, v := range data {
					if v != mapElement(k) {
						t.Fatalf("%s: element %d is %v", name, k, v)
					}
				}
			}
			if err := maps.Changed(); err != nil {
				t.Error(err)
			}
			if _, again, err := inMap(t, maps, path); again || err != nil {
				t.Errorf("%s is mapped twice, %t; error %v", name, again, err)
			}
		}()
	}
}

// A file that becomes shorter under its map is an error and no crash.
func TestMapsShrink(t *testing.T) {
	path := mapFiles(t)["x.npy"]
	read := func() (sum float32, err error) {
		maps := NewMaps()
		defer maps.Close(&err)
		data, mapped, err := inMap(t, maps, path)
		if err != nil || !mapped {
			t.Fatal(mapped, err)
		}
		if err := os.Truncate(path, 1<<12); err != nil {
			t.Fatal(err)
		}
		if err := maps.Changed(); err == nil || !strings.HasPrefix(err.Error(), "npy: "+path+": was written to while it was read") {
			t.Errorf("error %v", err)
		}
		for _, v := range data {
			sum += v
		}
		return sum, nil
	}
	if sum, err := read(); err == nil || !strings.HasPrefix(err.Error(), "npy: "+path+": was written to while it was read") {
		t.Errorf("the sum is %v, error %v", sum, err)
	}

	defer func() {
		if recover() == nil {
			t.Error("a panic that is none of a map is lost")
		}
	}()
	func() {
		var err error
		defer NewMaps().Close(&err)
		panic("other")
	}()
}

// Other numbers at the same size are told too, before anything is printed; a file that
// takes the place of the mapped one changes nothing.
func TestMapsChange(t *testing.T) {
	path := mapFiles(t)["x.safetensors"]
	var err error
	maps := NewMaps()
	defer maps.Close(&err)
	data, _, err := inMap(t, maps, path)
	if err != nil {
		t.Fatal(err)
	}
	content := mustRead(t, path)
	if err := os.WriteFile(path+"2", content[:100], 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+"1"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"2", path); err != nil {
		t.Fatal(err)
	}
	if err := maps.Changed(); err != nil || data[7] != mapElement(7) {
		t.Errorf("after a rename %v, error %v", data[7], err)
	}
	if err := os.Chtimes(path+"1", time.Time{}, time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := maps.Changed(); err == nil {
		t.Error("a file that was written to is not told")
	}
}

// The checksum of a stored member is compared in a map too, and what is cut short is
// refused before it is mapped.
func TestMapsDamage(t *testing.T) {
	path := mapFiles(t)["aligned.npz"]
	content := mustRead(t, path)
	content[len(content)/2]++
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	var err error
	maps := NewMaps()
	defer maps.Close(&err)
	for _, m := range []*Maps{nil, maps} {
		if _, _, err := inMap(t, m, path); err == nil || !strings.Contains(err.Error(), "is damaged (zip: checksum error): copy or save it again") {
			t.Errorf("error %v", err)
		}
	}
}

// A file that becomes shorter between its header and its elements is one error, however
// it is read.
func TestShrinks(t *testing.T) {
	for name, path := range mapFiles(t) {
		a, f, err := OpenRows(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 1<<19); err != nil {
			t.Fatal(err)
		}
		maps := NewMaps()
		for _, m := range []*Maps{nil, maps} {
			if _, _, _, _, err := m.Rows(a); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "shorter") && !strings.Contains(err.Error(), "is damaged") {
				t.Errorf("%s: error %v", name, err)
			}
		}
		if _, _, _, err := a.Float64s(); err == nil {
			t.Errorf("%s is read as float64", name)
		}
		maps.Close(&err)
		f.Close()
	}
}
