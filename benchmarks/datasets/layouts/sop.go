package layouts

import (
	"math"
	"path/filepath"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
)

// sop is Stanford Online Products (Song et al., CVPR 2016): Ebay_train.txt and
// Ebay_test.txt, each below a line with the names of its columns. Lists of other data
// sets in this form, such as cub200_train.txt and cub200_test.txt, are read too.
var sop = Layout{
	Name:  "Stanford Online Products",
	Files: "Ebay_train.txt, Ebay_test.txt",
	Read: func(p Place) (*Annotation, error) {
		train, test := sopLists(p)
		switch {
		case train == "" && test == "":
			return nil, nil
		case train == "":
			return nil, noOther(test, "train")
		case test == "":
			return nil, noOther(train, "test")
		}

		dir := filepath.Dir(train)
		a := &Annotation{folders: []string{dir, filepath.Dir(dir)}}
		if strings.HasPrefix(filepath.Base(train), "Ebay_") {
			a.Benchmark = names.SOP.Name
		}
		if err := a.addSOP(train, datasets.TrainPart); err != nil {
			return nil, err
		}
		return a, a.addSOP(test, datasets.TestPart)
	},
}

const sopHeader = "image_id class_id super_class_id path"

// sopLists finds the lists of training and test images. Where the user gave one, the
// other stands beside it.
func sopLists(p Place) (train, test string) {
	if at := strings.LastIndex(p.File, "_"); at >= 0 {
		if !begins(filepath.Join(p.Dir, p.File), sopHeader) {
			return "", ""
		}
		prefix := p.File[:at+1]
		p.File = ""
		return p.Find([]string{prefix + "train.txt"}), p.Find([]string{prefix + "test.txt"})
	}

	for _, sub := range []string{"", "Stanford_Online_Products", "Info_Files"} {
		below := Place{Dir: filepath.Join(p.Dir, sub), File: p.File}
		train, test = sopList(below, "*train.txt"), sopList(below, "*test.txt")
		if train != "" || test != "" {
			return train, test
		}
	}
	return "", ""
}

// sopList is the first list whose name fits and that begins as lists of SOP do. Those of
// eBay come first.
func sopList(p Place, pattern string) string {
	for _, path := range append(p.Glob("ebay_"+pattern), p.Glob(pattern)...) {
		if begins(path, sopHeader) {
			return path
		}
	}
	return ""
}

// addSOP reads the images of a list.
func (a *Annotation) addSOP(path string, part int) error {
	l, err := readList(path)
	if err != nil {
		return err
	}
	lowest, highest := 0, math.MaxInt32
	if a.Benchmark != "" {
		lowest, highest = 1, benchmark(a.Benchmark).Classes
	}
	for i := 1; i < len(l.lines); i++ {
		f, err := l.fields(i, 4, sopHeader)
		if err != nil {
			return err
		}
		class, err := l.integer(i, f[1], "class", lowest, highest)
		if err != nil {
			return err
		}
		a.Paths, a.Labels, a.Parts = append(a.Paths, slashed(f[3])), append(a.Labels, class), append(a.Parts, part)
	}
	a.Files = append(a.Files, path)
	return nil
}
