package layouts

import (
	"fmt"
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
		train, test, err := sopLists(p)
		switch {
		case err != nil:
			return nil, err
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
		} else {
			a.Layout = "lists in the form of Stanford Online Products"
		}
		if err := a.addSOP(train, datasets.TrainPart); err != nil {
			return nil, err
		}
		return a, a.addSOP(test, datasets.TestPart)
	},
}

const sopHeader = "image_id class_id super_class_id path"

// sopLists finds the lists of training and test images. Where the user gave one, the
// other stands beside it. Those of several data sets in one folder are an error.
func sopLists(p Place) (train, test string, err error) {
	if at := strings.LastIndex(p.File, "_"); at >= 0 {
		if !begins(filepath.Join(p.Dir, p.File), sopHeader) {
			return "", "", nil
		}
		prefix := p.File[:at+1]
		p.File = ""
		return p.Find([]string{prefix + "train.txt"}), p.Find([]string{prefix + "test.txt"}), nil
	}

	for _, sub := range []string{"", "Stanford_Online_Products", "Info_Files"} {
		below := Place{Dir: filepath.Join(p.Dir, sub), File: p.File}
		if train, err = sopList(below, "*train.txt"); err == nil {
			test, err = sopList(below, "*test.txt")
		}
		if err != nil || train != "" || test != "" {
			return train, test, err
		}
	}
	return "", "", nil
}

// sopList is the list whose name fits and that begins as lists of SOP do. Those of eBay
// come before others.
func sopList(p Place, pattern string) (string, error) {
	for _, all := range [][]string{p.Glob("ebay_" + pattern), p.Glob(pattern)} {
		var lists []string
		for _, path := range all {
			if begins(path, sopHeader) {
				lists = append(lists, path)
			}
		}
		if len(lists) > 1 {
			return "", fmt.Errorf("%s are in one folder: give the one that is meant, and the other of its parts is found beside it", strings.Join(lists, ", "))
		}
		if len(lists) == 1 {
			return lists[0], nil
		}
	}
	return "", nil
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
