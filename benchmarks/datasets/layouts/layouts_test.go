package layouts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gpwbench/benchmarks/datasets"
)

func mustRead(t testing.TB, path string) *Annotation {
	t.Helper()
	a, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wantCounts checks layout, benchmark and the images and classes of each part.
func wantCounts(t testing.TB, a *Annotation, layout, benchmark string, counts map[int]partCount) {
	t.Helper()
	if a.Layout != layout || a.Benchmark != benchmark {
		t.Errorf("%s, benchmark %q, want %s, %q", a.Layout, a.Benchmark, layout, benchmark)
	}
	if len(a.Labels) != len(a.Paths) || a.Parts != nil && len(a.Parts) != len(a.Paths) {
		t.Errorf("%d paths, %d labels, %d parts", len(a.Paths), len(a.Labels), len(a.Parts))
	}
	for part, name := range datasets.PartNames {
		if got := a.count(part); got != counts[part] {
			t.Errorf("%s: %d images of %d classes, want %d of %d", name, got.images, got.classes, counts[part].images, counts[part].classes)
		}
	}
	if differs := a.Difference(); differs != "" {
		t.Errorf("it differs from the published counts: %s", differs)
	}
}

// The counts are those that papers give; the lists are written in the published form.
func TestPublishedLayouts(t *testing.T) {
	t.Run("CUB", func(t *testing.T) {
		dir := writeCUB(t, bothHalves(benchmark("cub200")))
		want := map[int]partCount{datasets.TrainPart: {5864, 100}, datasets.TestPart: {5924, 100}}
		for _, path := range []string{dir, filepath.Join(dir, "images.txt"), filepath.Join(dir, "image_class_labels.txt")} {
			a := mustRead(t, path)
			wantCounts(t, a, "CUB_200_2011", "cub200", want)
			if a.Paths[0] != "001.Bird_1/Bird_0000_0.jpg" || a.Labels[11787] != 199 || a.Names[199] != "200.Bird_200" {
				t.Errorf("%s … class %d, %s", a.Paths[0], a.Labels[11787], a.Names[199])
			}
		}
		above := filepath.Dir(dir)
		if err := os.Rename(dir, filepath.Join(above, "CUB_200_2011")); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, mustRead(t, above), "CUB_200_2011", "cub200", want)
	})

	t.Run("Cars", func(t *testing.T) {
		dir := t.TempDir()
		path := writeMat(t, dir, "cars_annos.mat", annotations("relative_im_path", numbered("car_ims/%06d.jpg", 16185), bothHalves(benchmark("cars196"))), classNames(196))
		for _, at := range []string{dir, path} {
			a := mustRead(t, at)
			wantCounts(t, a, "Cars-196", "cars196", map[int]partCount{datasets.TrainPart: {8054, 98}, datasets.TestPart: {8131, 98}})
			if a.Paths[16184] != "car_ims/016185.jpg" || a.Labels[0] != 0 || a.Names[1] != "Maker Model 2 Coupé 2012" {
				t.Errorf("%s, class %d, %s", a.Paths[16184], a.Labels[0], a.Names[1])
			}
		}
	})

	t.Run("Cars devkit", func(t *testing.T) {
		dir := t.TempDir()
		classes := bothHalves(benchmark("cars196"))
		var train, test []int // every class is in both halves
		for i, c := range classes {
			if i%2 == 0 {
				train = append(train, c)
			} else {
				test = append(test, c)
			}
		}
		writeMat(t, dir, "devkit/cars_train_annos.mat", annotations("fname", numbered("%05d.jpg", len(train)), train))
		writeMat(t, dir, "devkit/cars_test_annos.mat", annotations("fname", numbered("%05d.jpg", len(test)), nil))
		if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "cars_test_annos.mat has no classes: get cars_test_annos_withlabels.mat") {
			t.Errorf("without classes of the test images: error %v", err)
		}
		path := writeMat(t, dir, "cars_test_annos_withlabels.mat", annotations("fname", numbered("%05d.jpg", len(test)), test))
		writeMat(t, dir, "devkit/cars_meta.mat", classNames(196))
		for _, at := range []string{dir, filepath.Join(dir, "devkit")} {
			a := mustRead(t, at)
			wantCounts(t, a, "Cars-196 devkit", "cars196", map[int]partCount{datasets.TrainPart: {8054, 98}, datasets.TestPart: {8131, 98}})
			if a.Paths[0] != "cars_train/00001.jpg" || a.Paths[len(train)] != "cars_test/00001.jpg" || len(a.Names) != 196 {
				t.Errorf("%s, %s, %d names", a.Paths[0], a.Paths[len(train)], len(a.Names))
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})

	t.Run("SOP", func(t *testing.T) {
		dir := t.TempDir()
		writeSOP(t, dir, "Ebay_", classesOf(59551, 1, 11318), classesOf(60502, 11319, 11316))
		for _, at := range []string{dir, filepath.Join(dir, "Ebay_test.txt")} {
			a := mustRead(t, at)
			wantCounts(t, a, "Stanford Online Products", "sop", map[int]partCount{datasets.TrainPart: {59551, 11318}, datasets.TestPart: {60502, 11316}})
			if a.Paths[0] != "bicycle_final/1_0_train.JPG" || a.Parts[59551] != datasets.TestPart {
				t.Errorf("%s, part %d", a.Paths[0], a.Parts[59551])
			}
		}
	})

	t.Run("In-Shop", func(t *testing.T) {
		dir := t.TempDir()
		path := writeInShop(t, filepath.Join(dir, "Eval"))
		for _, at := range []string{dir, path} {
			a := mustRead(t, at)
			wantCounts(t, a, "In-Shop Clothes Retrieval", "inshop", map[int]partCount{datasets.TrainPart: {25882, 3997}, datasets.QueryPart: {14218, 3985}, datasets.GalleryPart: {12612, 3985}})
			if a.Names[a.Labels[0]] != "id_00000001" || len(a.Names) != 7982 {
				t.Errorf("the first item is %s of %d", a.Names[a.Labels[0]], len(a.Names))
			}
		}
	})
}

// A list in the form of SOP that is of other data is read, and is no benchmark.
func TestListsOfOthers(t *testing.T) {
	dir := t.TempDir()
	writeSOP(t, dir, "shoes_", []int{0, 0, 1}, []int{2, 2})
	a := mustRead(t, dir)
	wantCounts(t, a, "lists in the form of Stanford Online Products", "", map[int]partCount{datasets.TrainPart: {3, 2}, datasets.TestPart: {2, 1}})

	writeSOP(t, dir, "Ebay_", []int{1, 1, 2}, []int{3, 3})
	a = mustRead(t, dir)
	want := "3 train images of 2 classes, published are 59551 of 11318; 2 test images of 1 classes, published are 60502 of 11316"
	if a.Benchmark != "sop" || a.Difference() != want {
		t.Errorf("%s: %s", a.Benchmark, a.Difference())
	}
}

func TestImageFolder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b/2.png", "b/1.JPG", "b/notes.txt", "a/z.jpeg", "a/deep/a.webp", "a-b/x.jpg", ".hidden/x.jpg", "empty/notes.txt"} {
		write(t, dir, name, "")
	}
	a := mustRead(t, dir)
	if want := []string{"a/z.jpeg", "a/deep/a.webp", "a-b/x.jpg", "b/1.JPG", "b/2.png"}; !slices.Equal(a.Paths, want) {
		t.Errorf("%v, want %v", a.Paths, want)
	}
	if !slices.Equal(a.Labels, []int{0, 0, 1, 2, 2}) || !slices.Equal(a.Names, []string{"a", "a-b", "b"}) || a.Parts != nil {
		t.Errorf("labels %v of %v, parts %v", a.Labels, a.Names, a.Parts)
	}
	if folder, err := a.Folder(); err != nil || folder != dir {
		t.Errorf("the images are in %s, error %v", folder, err)
	}

	dir = t.TempDir()
	for _, name := range []string{"train/cat/1.jpg", "train/dog/1.jpg", "query/owl/1.jpg", "gallery/owl/1.jpg", "gallery/cat/2.jpg"} {
		write(t, dir, name, "")
	}
	a = mustRead(t, dir)
	if !slices.Equal(a.Names, []string{"cat", "owl", "dog"}) || !slices.Equal(a.Labels, []int{0, 1, 1, 0, 2}) || !slices.Equal(a.Parts, []int{2, 2, 1, 0, 0}) {
		t.Errorf("labels %v of %v, parts %v of %v", a.Labels, a.Names, a.Parts, a.Paths)
	}
	write(t, dir, "val/owl/1.jpg", "")
	write(t, dir, "test/owl/1.jpg", "")
	wantError(t, dir, "has the folders test and val, and either may be the test")
}

// The lists of two data sets in one folder are not told apart, unless one is given.
func TestSeveralListsOfSOP(t *testing.T) {
	dir := t.TempDir()
	writeSOP(t, dir, "cub200_", []int{1, 1}, []int{101})
	writeSOP(t, dir, "cars196_", []int{1}, []int{99, 99})
	wantError(t, dir, "cub200_train.txt are in one folder: give the one that is meant")
	for _, file := range []string{"cub200_train.txt", "cub200_test.txt"} {
		a := mustRead(t, filepath.Join(dir, file))
		wantCounts(t, a, "lists in the form of Stanford Online Products", "", map[int]partCount{datasets.TrainPart: {2, 1}, datasets.TestPart: {1, 1}})
	}
}

// Paths of a list are absolute, or begin at the folder of the data set with a slash.
func TestFolderOfAbsolutePaths(t *testing.T) {
	images, lists := t.TempDir(), t.TempDir()
	image := write(t, images, "a/1.jpg", "")
	absolute := mustRead(t, write(t, lists, "list.txt", filepath.ToSlash(image)+",3\n"))
	folder, err := absolute.Folder()
	if err != nil || filepath.Join(folder, absolute.Paths[0]) != image {
		t.Errorf("the images are in %q, error %v", folder, err)
	}

	write(t, lists, "img/2.jpg", "")
	below := mustRead(t, write(t, lists, "below.txt", "/img/2.jpg,3\n"))
	if folder, err := below.Folder(); err != nil || folder != lists {
		t.Errorf("the images are in %q, error %v, want %s", folder, err, lists)
	}

	elsewhere := mustRead(t, write(t, lists, "elsewhere.txt", "/no/such/3.jpg,3\n"))
	if _, err := elsewhere.Folder(); err == nil || !strings.Contains(err.Error(), "no image /no/such/3.jpg, nor one of this path below "+lists) {
		t.Errorf("%v", err)
	}
}

func TestOML(t *testing.T) {
	dir := t.TempDir()
	head := "label,path,split,is_query,is_gallery,category\n"
	path := write(t, dir, "df.csv", "\ufeff"+head+"3,\"im, 1.jpg\",train,,,x\r\n3,im/2.jpg,train,False,False,x\r\n7,im/3.jpg,validation,True,True,x\r\n9,im/4.jpg,validation,1,1.0,x\r\n")
	write(t, dir, "other.csv", "path,label\nx.jpg,1\n")
	for _, at := range []string{dir, path} {
		a := mustRead(t, at)
		if !slices.Equal(a.Labels, []int{3, 3, 7, 9}) || !slices.Equal(a.Parts, []int{0, 0, 3, 3}) || a.Paths[0] != "im, 1.jpg" || a.Names != nil {
			t.Errorf("%+v", a)
		}
	}
	write(t, dir, "df.csv", head+"cat,a.jpg,train,,,\nowl,b.jpg,validation,True,False,\nowl,c.jpg,validation,False,True,\n")
	if a := mustRead(t, dir); !slices.Equal(a.Labels, []int{0, 1, 1}) || !slices.Equal(a.Parts, []int{0, 1, 2}) || !slices.Equal(a.Names, []string{"cat", "owl"}) {
		t.Errorf("%+v", a)
	}
}

func TestPathLabels(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "train.txt", "a/1.jpg,0\na/2.jpg,1\n")
	write(t, dir, "test.txt", "b/1.jpg 2\nb b/2.jpg 3\n")
	if a := mustRead(t, path); !slices.Equal(a.Labels, []int{0, 1}) || a.Parts != nil {
		t.Errorf("%+v", a)
	}
	a := mustRead(t, dir)
	if !slices.Equal(a.Labels, []int{0, 1, 2, 3}) || !slices.Equal(a.Parts, []int{0, 0, 3, 3}) || a.Paths[3] != "b b/2.jpg" || a.Benchmark != "" {
		t.Errorf("%+v", a)
	}

	path = write(t, dir, "list.csv", "path,label\n1.jpg,cat\n./2.jpg,owl\n3.jpg,cat\n")
	if a := mustRead(t, path); !slices.Equal(a.Labels, []int{0, 1, 0}) || !slices.Equal(a.Names, []string{"cat", "owl"}) || a.Paths[1] != "2.jpg" {
		t.Errorf("%+v", a)
	}
}

func wantError(t testing.TB, path, want string) {
	t.Helper()
	if a, err := Read(path); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, annotation %v, want an error with %q", err, a, want)
	} else if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %v", err)
	}
}

// What is wrong is said with file, line and what to do.
func TestDamagedLayouts(t *testing.T) {
	classes := bothHalves(benchmark("cub200"))
	for _, c := range []struct {
		name  string
		write func(t *testing.T) (path string)
		want  string
	}{
		{"nothing", func(t *testing.T) string { return t.TempDir() }, "is of no layout that is known: give the folder or the file of one of CUB_200_2011 (images.txt"},
		{"another file", func(t *testing.T) string { return write(t, t.TempDir(), "notes.txt", "nothing of use\n") }, "is of no layout that is known"},
		{"class out of range", func(t *testing.T) string {
			dir := writeCUB(t, classes)
			write(t, dir, "image_class_labels.txt", "1 1\n2 201\n")
			return dir
		}, "image_class_labels.txt: line 2 has the class 201, want 1 to 200"},
		{"classes from 0", func(t *testing.T) string {
			dir := writeCUB(t, classes)
			write(t, dir, "image_class_labels.txt", "1 0\n")
			return dir
		}, "line 1 has the class 0, want 1 to 200"},
		{"labels cut short", func(t *testing.T) string {
			dir := writeCUB(t, classes)
			write(t, dir, "image_class_labels.txt", "1 1\n2 1\n")
			return dir
		}, "has no class of image 3, 001.Bird_1/Bird_0002_14.jpg: it is cut short or of another version; "},
		{"images cut short", func(t *testing.T) string {
			dir := writeCUB(t, classes)
			write(t, dir, "images.txt", "1 001.Bird_1/a.jpg\n2 001.B")
			return dir
		}, "has classes of 11788 images, and"},
		{"a number twice", func(t *testing.T) string {
			dir := writeCUB(t, classes)
			write(t, dir, "images.txt", "1 001.Bird_1/a.jpg\n1 001.Bird_1/b.jpg\n")
			return dir
		}, "images.txt: line 2 has the number 1, which a line before it has"},
		{"an image twice", func(t *testing.T) string {
			return write(t, t.TempDir(), "list.txt", "a/1.jpg,0\na/2.jpg,0\na/1.jpg,0\n")
		}, "lists a/1.jpg twice, as image 1 and 3"},
		{"no labels", func(t *testing.T) string {
			return filepath.Dir(write(t, t.TempDir(), "images.txt", "1 001.Bird_1/a.jpg\n"))
		}, "image_class_labels.txt: no such file or directory; it stands beside images.txt"},
		{"CUB of 2010", func(t *testing.T) string {
			dir := t.TempDir()
			write(t, dir, "lists/files.txt", "001.Black_footed_Albatross/Black_footed_Albatross_0001_2950859.jpg\n")
			return dir
		}, "6033 images of 200 birds are CUB-200 of 2010: papers use CUB-200-2011"},
		{"In-Shop cut short", func(t *testing.T) string {
			return write(t, t.TempDir(), "list_eval_partition.txt", "3\nimage_name item_id evaluation_status\na.jpg id_1 train\nb.jpg id_2 query\n")
		}, "has 2 images, and its first line says 3: it is cut short or was changed"},
		{"In-Shop's status", func(t *testing.T) string {
			return write(t, t.TempDir(), "list_eval_partition.txt", "1\nimage_name item_id evaluation_status\na.jpg id_1 test\n")
		}, `line 3 has the status "test", want train, query or gallery`},
		{"half of SOP", func(t *testing.T) string {
			return write(t, t.TempDir(), "Ebay_train.txt", sopHeader+"\n1 1 1 a.JPG\n")
		}, "Ebay_train.txt is there, and no list of the test images beside it"},
		{"SOP's class", func(t *testing.T) string {
			dir := t.TempDir()
			writeSOP(t, dir, "Ebay_", []int{1, 30000}, []int{2})
			return dir
		}, "Ebay_train.txt: line 3 has the class 30000, want 1 to 22634"},
		{"a line cut short", func(t *testing.T) string {
			dir := t.TempDir()
			writeSOP(t, dir, "Ebay_", []int{1}, []int{2})
			write(t, dir, "Ebay_test.txt", sopHeader+"\n1 1\n")
			return dir
		}, `Ebay_test.txt: line 2 holds "1 1", want image_id class_id super_class_id path`},
		{"Cars' class", func(t *testing.T) string {
			return writeMat(t, t.TempDir(), "cars_annos.mat", annotations("relative_im_path", numbered("%d.jpg", 2), []int{1, 197}), classNames(196))
		}, "cars_annos.mat: image 2, 2.jpg, has the class 197, want 1 to 196"},
		{"Cars without classes' names", func(t *testing.T) string {
			return writeMat(t, t.TempDir(), "cars_annos.mat", annotations("relative_im_path", numbered("%d.jpg", 1), []int{1}), classNames(195))
		}, "names 195 classes, want 196"},
		{"another file of MATLAB", func(t *testing.T) string {
			return writeMat(t, t.TempDir(), "cars_annos.mat", classNames(196))
		}, "cars_annos.mat has no annotations.relative_im_path: it is of another version"},
		{"OML's split", func(t *testing.T) string {
			return write(t, t.TempDir(), "df.csv", "label,path,split,is_query,is_gallery\n1,a.jpg,dev,,\n")
		}, `line 2 has the split "dev", want train or validation`},
		{"OML's truth", func(t *testing.T) string {
			return write(t, t.TempDir(), "df.csv", "label,path,split,is_query,is_gallery\n1,a.jpg,train,,\n1,b.jpg,validation,yes,True\n")
		}, `line 3 has is_query = "yes", want True or False`},
		{"OML's neither", func(t *testing.T) string {
			return write(t, t.TempDir(), "df.csv", "label,path,split,is_query,is_gallery\n1,b.jpg,validation,False,False\n")
		}, "line 2 is of the validation and neither query nor gallery"},
		{"OML's fields", func(t *testing.T) string {
			return write(t, t.TempDir(), "df.csv", "label,path,split,is_query,is_gallery\n1,b.jpg,validation,False\n")
		}, "df.csv: record on line 2: wrong number of fields"},
		{"queries alone", func(t *testing.T) string {
			return filepath.Dir(write(t, t.TempDir(), "query.txt", "a/1.jpg,0\n"))
		}, "query.txt is there, and no list of the gallery images beside it"},
		{"a line without a label", func(t *testing.T) string {
			return write(t, t.TempDir(), "x.txt", "a/1.jpg,0\na/2.jpg\n")
		}, `x.txt: line 2 holds "a/2.jpg", want path,label`},
		{"an empty line", func(t *testing.T) string {
			return write(t, t.TempDir(), "x.txt", "a/1.jpg,0\n\na/2.jpg,1\n")
		}, "line 2 is empty, and there are lines behind it"},
		{"no text", func(t *testing.T) string { return write(t, t.TempDir(), "x.txt", "a/1.jpg,0\n\xff\xfe,1\n") }, "is no text in UTF-8"},
		{"a pipe", func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "images.txt")
			if err := syscall.Mkfifo(path, 0o644); err != nil {
				t.Skip(err)
			}
			return path
		}, "images.txt is a pipe, not a file"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, c.write(t), c.want) })
	}

	if _, err := Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: error %v", err)
	}
}

// Lists that are whole and of other counts are told with the published ones.
func TestDifference(t *testing.T) {
	a := mustRead(t, writeCUB(t, bothHalves(benchmark("cub200"))[1:]))
	if want := "5863 train images of 100 classes, published are 5864 of 100"; a.Difference() != want {
		t.Errorf("%s, want %s", a.Difference(), want)
	}
	a = mustRead(t, writeCUB(t, classesOf(6033, 1, 200)))
	if got := a.Difference(); !strings.Contains(got, "are CUB-200 of 2010") {
		t.Errorf("the data set of 2010 is told as %s", got)
	}
}

func TestAlign(t *testing.T) {
	a := &Annotation{Layout: "L", Paths: []string{"cars_train/1.jpg", "cars_train/2.jpg", "cars_test/1.jpg", "x/y/3.jpg"}}
	for _, c := range []struct {
		rows    string
		want    []int
		without []int
		notes   []string
	}{
		{"cars_test/1.jpg cars_train/1.jpg 2.jpg y/3.jpg", []int{2, 0, 1, 3}, nil, nil},
		{`/data/cars_train/1.jpg C:\x\cars_train\2.jpg ./cars_test/1.jpg q/x/y/3.jpg`, []int{0, 1, 2, 3}, nil, nil},
		{"cars_test/1.jpg other/2.jpg", []int{2, 1}, []int{0, 3}, []string{
			"2 of 4 images of L have no row of features, first cars_train/1.jpg; they are left out",
			"1 of 2 rows were found by the names of their files alone, because the folders differ, first other/2.jpg as cars_train/2.jpg; see that they are the same images",
		}},
	} {
		got, err := Align(a, strings.Split(c.rows, " "))
		if err != nil || !slices.Equal(got.Image, c.want) || !slices.Equal(got.Without, c.without) || !slices.Equal(got.Notes, c.notes) {
			t.Errorf("%s: %+v, error %v", c.rows, got, err)
		}
	}

	for rows, want := range map[string]string{
		"2.jpg 7.jpg 8.jpg":                    "2 of 3 rows are of images that L does not list, first row 1, 7.jpg (it lists cars_train/1.jpg): give the paths of the rows of this data set alone",
		"2.jpg train/1.jpg":                    "1 of 2 rows may be of several images, first row 1, train/1.jpg: give paths with more of their folders, as cars_train/1.jpg",
		"2.jpg y/3.jpg 3.jpg cars_train/2.jpg": "rows of an image that another row is of: 2, first row 2, 3.jpg, as row 1, y/3.jpg: remove one",
	} {
		if _, err := Align(a, strings.Split(rows, " ")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", rows, err)
		}
	}
}

// The names of files repeat in many folders, as in In-Shop. Each row finds its own.
func TestAlignManyEqualNames(t *testing.T) {
	a := &Annotation{Layout: "L"}
	var rows []string
	for i := range 3000 {
		a.Paths = append(a.Paths, fmt.Sprintf("img/id_%d/01_1_front.jpg", i))
		rows = append(rows, fmt.Sprintf("/data/id_%d/01_1_front.jpg", 2999-i))
	}
	got, err := Align(a, rows)
	if err != nil {
		t.Fatal(err)
	}
	for row, image := range got.Image {
		if image != 2999-row {
			t.Fatalf("row %d is image %d", row, image)
		}
	}
}
