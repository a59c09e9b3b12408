package layouts

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"gpwbench/benchmarks/datasets"
)

// dataDir is a folder of $GPW_DATA, which, if relative, is so to the root of the module. Without it the test is
// skipped.
func dataDir(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("GPW_DATA")
	if dir == "" {
		t.Skip("needs the benchmarks' own lists: set GPW_DATA to their directory")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", "..", dir)
	}
	return filepath.Join(dir, name)
}

// The annotations as they are distributed, or rebuilt from lists of others.
func TestRealAnnotations(t *testing.T) {
	cub := mustRead(t, dataDir(t, "cub_annotations"))
	wantCounts(t, cub, "CUB_200_2011", "cub200", map[int]partCount{datasets.TrainPart: {5864, 100}, datasets.TestPart: {5924, 100}})
	if cub.Names[0] != "001.Black_footed_Albatross" || cub.Paths[0] != "001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg" {
		t.Errorf("the first image is %s of %s", cub.Paths[0], cub.Names[0])
	}

	shop := mustRead(t, filepath.Join(dataDir(t, "inshop_partition"), "list_eval_partition.rebuilt.txt"))
	wantCounts(t, shop, "In-Shop Clothes Retrieval", "inshop", map[int]partCount{
		datasets.TrainPart: {25882, 3997}, datasets.QueryPart: {14218, 3985}, datasets.GalleryPart: {12612, 3985},
	})

	wantError(t, dataDir(t, "cars_annotations"), "cars_test_annos.mat has no classes: get cars_test_annos_withlabels.mat")
	a := newCars("")
	if err := a.addCars(filepath.Join(dataDir(t, "cars_annotations"), "cars_train_annos.mat"), "fname", "cars_train/"); err != nil {
		t.Fatal(err)
	}
	list := mustRead(t, filepath.Join(dataDir(t, "cars_annotations"), "train.txt"))
	if len(a.Paths) != 8144 || len(list.Paths) != 8144 {
		t.Fatalf("%d and %d training images, want 8144", len(a.Paths), len(list.Paths))
	}
	for i, path := range list.Paths {
		if a.Paths[i] != "cars_train/"+path || a.Labels[i]+1 != list.Labels[i] {
			t.Fatalf("image %d is %s of class %d, the list has %s of %d", i, a.Paths[i], a.Labels[i]+1, path, list.Labels[i])
		}
	}

	for _, name := range []string{"cub200_train.txt", "cars196_test.txt"} {
		if a := mustRead(t, filepath.Join(dataDir(t, "dml_lists"), name)); a.Benchmark != "" || len(datasets.Classes(a.Labels)) < 196 {
			t.Errorf("%s: benchmark %q, %d classes", name, a.Benchmark, len(datasets.Classes(a.Labels)))
		}
	}
}

// Features that lie in the order of the annotation are aligned by their paths too, and the
// labels are those beside them.
func TestRealAlignment(t *testing.T) {
	cub := mustRead(t, dataDir(t, "cub_annotations"))
	l, err := readList(filepath.Join(dataDir(t, "cub50_mobilenetv2"), "names.txt"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(l.lines)
	got, err := Align(cub, l.lines)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Without) != 11788-2889 {
		t.Errorf("%d images are without a row", len(got.Without))
	}
	for row, image := range got.Image {
		if class, err := strconv.Atoi(filepath.Base(filepath.Dir(l.lines[row]))[:3]); err != nil || cub.Labels[image] != class-1 {
			t.Fatalf("row %d, %s, has the class %d, error %v", row, l.lines[row], cub.Labels[image], err)
		}
	}
}
