package layouts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
)

// Whatever a file holds, it is refused in one line or gives an annotation whose parts agree.
func FuzzRead(f *testing.F) {
	names := []string{"images.txt", "list_eval_partition.txt", "Ebay_train.txt", "df.csv", "list.txt", "cars_annos.mat"}
	f.Add(0, "1 001.A/a.jpg\n2 002.B/b.jpg\n", "1 1\n2 2\n")
	f.Add(1, "2\nimage_name item_id evaluation_status\na.jpg id_1 query\nb.jpg id_1 gallery\n", "")
	f.Add(2, sopHeader+"\n1 1 1 a.JPG\n", sopHeader+"\n2 2 1 b.JPG\n")
	f.Add(3, "label,path,split,is_query,is_gallery\n1,a.jpg,train,,\n2,b.jpg,validation,True,True\n", "")
	f.Add(4, "a/1.jpg,0\n\"b,c\".jpg cat\n", "")
	f.Add(5, "MATLAB 5.0 MAT-file", "")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, kind int, text, beside string) {
		name := names[uint(kind)%uint(len(names))]
		for name, text := range map[string]string{name: text, "image_class_labels.txt": beside, "Ebay_test.txt": beside} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		a, err := Read(filepath.Join(dir, name))
		if err != nil {
			if a != nil || strings.ContainsRune(err.Error(), '\n') && !strings.ContainsRune(text+beside, '\n') {
				t.Fatalf("annotation %v, error %v", a, err)
			}
			return
		}
		if len(a.Paths) == 0 || len(a.Labels) != len(a.Paths) || a.Parts != nil && len(a.Parts) != len(a.Paths) {
			t.Fatalf("%+v", a)
		}
		for i, label := range a.Labels {
			if a.Names != nil && (label < 0 || label >= len(a.Names)) || a.Parts != nil && (a.Parts[i] < 0 || a.Parts[i] > datasets.TestPart) {
				t.Fatalf("image %d of %+v", i, a)
			}
		}
		if found, err := Align(a, a.Paths); err == nil && len(found.Without) > 0 {
			t.Fatalf("images do not find themselves: %+v", found)
		}
		_ = a.Difference()
	})
}
