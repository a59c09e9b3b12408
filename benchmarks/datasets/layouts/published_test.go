package layouts

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
)

// write writes a file below a folder.
func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// classesOf gives images to the classes first, first+1, …, as evenly as can be.
func classesOf(images, first, classes int) []int {
	all := make([]int, images)
	for i := range all {
		all[i] = first + i*classes/images
	}
	return all
}

// bothHalves are the classes of the images of a benchmark, from 1.
func bothHalves(b datasets.Benchmark) []int {
	return append(classesOf(b.TrainRows, 1, b.TrainClasses), classesOf(b.TestRows, b.TrainClasses+1, b.Classes-b.TrainClasses)...)
}

// writeCUB writes the lists of CUB-200-2011 of these classes, from 1.
func writeCUB(t testing.TB, classes []int) string {
	t.Helper()
	dir := t.TempDir()
	var images, labels, names strings.Builder
	for i, c := range classes {
		fmt.Fprintf(&images, "%d %03d.Bird_%d/Bird_%04d_%d.jpg\n", i+1, c, c, i, 7*i)
		fmt.Fprintf(&labels, "%d %d\n", i+1, c)
	}
	for c := range 200 {
		fmt.Fprintf(&names, "%d %03d.Bird_%d\n", c+1, c+1, c+1)
	}
	write(t, dir, "images.txt", images.String())
	write(t, dir, "image_class_labels.txt", labels.String())
	write(t, dir, "classes.txt", names.String())
	return dir
}

// writeSOP writes the lists of Stanford Online Products.
func writeSOP(t testing.TB, dir, prefix string, train, test []int) {
	t.Helper()
	n := 0
	for name, classes := range map[string][]int{"train": train, "test": test} {
		var b strings.Builder
		b.WriteString("image_id class_id super_class_id path\n")
		for i, c := range classes {
			n++
			fmt.Fprintf(&b, "%d %d %d bicycle_final/%d_%d_%s.JPG\n", n, c, 1+c%12, c, i, name)
		}
		write(t, dir, prefix+name+".txt", b.String())
	}
}

// writeInShop writes the partition of In-Shop.
func writeInShop(t testing.TB, dir string) string {
	t.Helper()
	b := benchmark("inshop")
	test := b.Classes - b.TrainClasses
	var text strings.Builder
	fmt.Fprintf(&text, "%d\nimage_name item_id evaluation_status\n", b.TrainRows+b.TestRows)
	for _, part := range []struct {
		name    string
		classes []int
	}{
		{"train", classesOf(b.TrainRows, 1, b.TrainClasses)}, {"query", classesOf(b.QueryRows, b.TrainClasses+1, test)},
		{"gallery", classesOf(b.TestRows-b.QueryRows, b.TrainClasses+1, test)},
	} {
		for i, c := range part.classes {
			fmt.Fprintf(&text, "img/WOMEN/Dresses/id_%08d/%02d_%s.jpg   id_%08d %s     \n", c, i, part.name, c, part.name)
		}
	}
	return write(t, dir, "list_eval_partition.txt", text.String())
}

// A matBuilder lays out a file of MATLAB's version 5, little-endian and not compressed.
type matBuilder struct{ bytes.Buffer }

func (m *matBuilder) element(kind uint32, content []byte) {
	binary.Write(m, binary.LittleEndian, []uint32{kind, uint32(len(content))})
	m.Write(content)
	m.Write(make([]byte, (8-len(content)%8)%8))
}

// matrix is an array of a class (1 cell, 2 struct, 4 char, 9 uint8) with what follows its
// name.
func matrix(class uint32, name string, dims []uint32, rest func(m *matBuilder)) []byte {
	var m, out matBuilder
	var flags, size bytes.Buffer
	binary.Write(&flags, binary.LittleEndian, []uint32{class, 0})
	binary.Write(&size, binary.LittleEndian, dims)
	m.element(6, flags.Bytes())
	m.element(5, size.Bytes())
	m.element(1, []byte(name))
	rest(&m)
	out.element(14, m.Bytes())
	return out.Bytes()
}

func chars(text string) []byte {
	return matrix(4, "", []uint32{1, uint32(len(text))}, func(m *matBuilder) { m.element(16, []byte(text)) })
}

func number8(v int) []byte {
	return matrix(9, "", []uint32{1, 1}, func(m *matBuilder) { m.element(2, []byte{byte(v)}) })
}

// annotations is the array of structures of the annotations of Cars: a path, a box, the
// class, and where there is a path of all images, whether it is a test image.
func annotations(pathField string, paths []string, classes []int) []byte {
	fields := []string{"bbox_x1", "class", pathField}
	if classes == nil {
		fields = []string{"bbox_x1", pathField}
	}
	return matrix(2, "annotations", []uint32{1, uint32(len(paths))}, func(m *matBuilder) {
		const length = 32
		m.element(5, []byte{length, 0, 0, 0})
		all := make([]byte, length*len(fields))
		for k, f := range fields {
			copy(all[length*k:], f)
		}
		m.element(1, all)
		for i, path := range paths {
			m.Write(number8(i % 200))
			if classes != nil {
				m.Write(number8(classes[i]))
			}
			m.Write(chars(path))
		}
	})
}

func classNames(n int) []byte {
	return matrix(1, "class_names", []uint32{1, uint32(n)}, func(m *matBuilder) {
		for c := range n {
			m.Write(chars(fmt.Sprintf("Maker Model %d Coupé 2012", c+1)))
		}
	})
}

func writeMat(t testing.TB, dir, name string, variables ...[]byte) string {
	t.Helper()
	const description = "MATLAB 5.0 MAT-file, Platform: GLNXA64"
	text := description + strings.Repeat(" ", 116-len(description)) + strings.Repeat("\x00", 8) + "\x00\x01IM"
	return write(t, dir, name, text+string(bytes.Join(variables, nil)))
}

// numbered are the paths of n images.
func numbered(format string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(format, i+1)
	}
	return all
}
