package arrays

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// text opens lines as a file of that name.
func text_(t testing.TB, path, lines string) *File {
	t.Helper()
	return mustOpen(t, path, []byte(lines))
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		path, lines string
		rows, cols  int
		want        []float64
	}{
		{"x.csv", "1,2.5\n-3e2,4", 2, 2, []float64{1, 2.5, -300, 4}},
		{"x.csv", "f0,f1\r\n1,2\r\n3,4\r\n\r\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", "\ufeff1;2\n3;4.5\n", 2, 2, []float64{1, 2, 3, 4.5}},
		{"x.tsv", "1\t2\n3\t4\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.txt", "# of ResNet-50, by epoch\n# 2, 2\n1.0e+00 2.0e+00\n3.0e+00  4.0e+00 \n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", "label,a,b\ncat,1,2\ndog,3,4\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", "id,a,b,Label\n7,1,2,0\n8,3,4,1\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", ",0,1\n0,1,2\n1,3,4\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", "0,1,label\n1.5,2,0\n3,4,0\n", 2, 2, []float64{1.5, 2, 3, 4}},
		{"x.csv", "0,1\n1,2\n", 2, 2, []float64{0, 1, 1, 2}},
		{"x.csv", "\"1\",\" 2\"\n3,\"4\"\n", 2, 2, []float64{1, 2, 3, 4}},
		{"x.csv", "0.5\n1\n", 2, 1, []float64{0.5, 1}},
		{"x.csv:.T", "1,2.5\n3,4\n5,6\n", 2, 3, []float64{1, 3, 5, 2.5, 4, 6}},
		{"a.jpg.csv", "a.jpg,1,2\nb.jpg,3,4\n", 2, 2, []float64{1, 2, 3, 4}},
	} {
		f := text_(t, c.path, c.lines)
		wantMatrix(t, f, c.rows, c.cols, c.want...)
		if f.Format != "text" {
			t.Errorf("%q is %s", c.lines, f.Format)
		}
	}
}

func TestTextLabels(t *testing.T) {
	for _, c := range []struct{ path, lines, want string }{
		{"y.txt", "0\n-1\n007\n", "[0 -1 7]"},
		{"y.txt", "Acura RL\nAudi A4\n747\n", `["Acura RL" "Audi A4" "747"]`},
		{"y", "cat\ndog\n\n\n", `["cat" "dog"]`},
		{"y.csv", "label\ncat\ndog\n", `["cat" "dog"]`},
		{"y.csv", "class\n3\n4", "[3 4]"},
		{"y.csv", "path,label\na.jpg,cat\nb.jpg,dog\n", `["cat" "dog"]`},
		{"y.csv", "label,path\ncat,a.jpg\ndog,b.jpg\n", `["cat" "dog"]`},
		{"train.txt", "001.Black/a 1.jpg,0\n001.Black/b.jpg,0\n002/c.jpg,99\n", "[0 0 99]"},
		{"train.txt", "a.jpg,cat\nb.jpg,dog\n", `["cat" "dog"]`},
		{"train.txt", "a.jpg 5\nb.jpg 6\n", "[5 6]"},
		{"y.txt", "Boeing 737\nBoeing 747\n", `["Boeing 737" "Boeing 747"]`},
		{"y.csv", "\"Ram C/V, \"\"2012\"\"\"\n\"a\nb\"\nc\n", `["Ram C/V, \"2012\"" "a\nb" "c"]`},
		{"y.csv", "a,b,species\n1,2,cat\n3,4,dog\n", `["cat" "dog"]`},
		{"y.csv", "1.5,2,cat\n3,4,dog\n", `["cat" "dog"]`},
		{"y.csv:3", "1,2,5,6\n3,4,7,8\n", "[6 8]"},
		{"y.csv:id", "id,label\n4,cat\n5,dog\n", "[4 5]"},
		{"y.csv", "target,class,f\n4,5,6\n4,5,6\n", "[4 4]"},
		{"y.csv", "label,split,is_query,is_gallery,path,x_1\n4,train,,,a,1\n5,validation,1,1,b,2\n", "[4 5]"},
	} {
		a, err := text_(t, c.path, c.lines).Labels()
		if err != nil {
			t.Error(err)
			continue
		}
		ints, names, err := a.Labels()
		got := fmt.Sprint(ints)
		if ints == nil {
			got = fmt.Sprintf("%q", names)
		}
		if err != nil || got != c.want {
			t.Errorf("%q: %s, error %v, want %s", c.lines, got, err, c.want)
		}
	}
}

// A column of labels is no feature, also where the user names it.
func TestTextPair(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("1,2,7\n3,4,8\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := OpenPair(path, path+":2")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, cols, data, err := p.X.Float64s()
	if err != nil || rows != 2 || cols != 2 || fmt.Sprint(data) != "[1 2 3 4]" {
		t.Errorf("%d×%d %v, error %v", rows, cols, data, err)
	}

	p, err = OpenPair(path, path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, _, err := p.Y.Labels(); err == nil || err.Error() != "text: "+path+": the array features has 3 columns of numbers, and none of them is called label: name the one of the labels, as "+path+":2" {
		t.Errorf("labels of a table without a name: %v", err)
	}
	alone := filepath.Join(t.TempDir(), "y.csv")
	if err := os.WriteFile(alone, []byte("label\n1\n2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPair(alone, alone); err == nil || !strings.HasSuffix(err.Error(), "has no columns of numbers beside the labels in column label") {
		t.Errorf("features of labels alone: %v", err)
	}
}

func TestTextRefusals(t *testing.T) {
	for _, c := range []struct{ path, lines, want string }{
		{"x.csv", "1,2\n3\n", "line 2 has 1 fields, want 2 as in the first line"},
		{"x.csv", "1,2\n3,4,5\n", "line 2 has more than 2 fields"},
		{"x.csv", "1,2\n\n3,4\n", "line 2 is empty, and there are rows behind it: remove it"},
		{"x.csv", "a,b\n1,\"2\n3,4\n", "line 2 has a quoted field that does not end"},
		{"x.csv", "a,b\n1,\"2\"3\n", `line 2 has text behind a quoted field, "3\n"`},
		{"x.csv", "a,b,a\n1,2,3\n", `line 1 has two columns called "a": name them apart`},
		{"x.csv", "1,2\n3,4\n5,\xff\n", "line 3 holds bytes that are no UTF-8 text"},
		{"x.csv", "1,2\n3,\x00\n", "line 2 holds bytes that are no UTF-8 text"},
		{"x.csv", "a,b\n1,2\n3,n/a\n", `the array features line 3 holds "n/a" in column b, want a number`},
		{"x.csv", "1,2\n3,\n", `the array features line 2 holds "" in column 2 of 2, want a number`},
		{"x.csv", "1,2,3\n4,5,abc\n", `the array features line 2 holds "abc" in column 3 of 3, want a number`},
		{"x.csv", ",0,1\n0,1,2\n1,2,abc\n", `the array features line 3 holds "abc" in column "1", want a number`},
		{"x.csv", "# a comment\n", "has no rows: give one row a line"},
		{"y.csv", "label,f\ncat,1\n,2\n", "the array label line 3 has no label in column label: give every row one"},
		{"x.csv", strings.Repeat(",", maxColumns) + "\n", "line 1 has more than 65536 fields"},
	} {
		f, err := open(t, c.path, []byte(c.lines))
		for _, choose := range []func() (*Array, error){f.Features, f.Labels} {
			if err != nil {
				break
			}
			var a *Array
			if a, err = choose(); err == nil {
				if a.isLabels {
					_, _, err = a.Labels()
				} else {
					_, _, _, err = a.Float64s()
				}
			}
		}
		if want := "text: " + c.path + ": " + c.want; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v\nwant %s", c.lines, err, want)
		}
	}
}

// A text that is cut is a text; it is read or refused, and never more than it holds.
func TestTextLengths(t *testing.T) {
	content := []byte("id,\"a\",b,label\n1,0.5,\"2\",\"c\n\"\"d\"\n2,1e3,4,é\n")
	for n := range content {
		f, err := open(t, "x.csv", content[:n])
		if err != nil {
			continue
		}
		for _, a := range f.Arrays {
			if a.Shape[0] > 3 {
				t.Errorf("%d bytes: shape %v", n, a.Shape)
			}
		}
		readAll(t, "x.csv", content[:n])
	}
}

func FuzzText(f *testing.F) {
	fuzzReader(f, "x.csv", []byte("id,a,b,label\n1,0.5,\"2\",\"c\n\"\"d\"\n2,1e3,4,é\n"), []byte("# c\n0,1,x\n\n"), []byte(",0,1\n0,nan,-inf\n"))
}

func FuzzList(f *testing.F) {
	fuzzReader(f, "x.txt", []byte("a b\nc\n"), []byte("1 2\n3 4\n"), []byte("a/b.jpg 5\nc/d.jpg 6\n"), []byte("a\tb\n"))
}
