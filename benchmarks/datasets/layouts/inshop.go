package layouts

import (
	"fmt"
	"path/filepath"
	"strings"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
	"gpwbench/internal/arrays"
)

// inShop is In-Shop Clothes Retrieval (Liu et al., CVPR 2016): list_eval_partition.txt,
// below its number of images and the names of its columns.
var inShop = Layout{
	Name:  "In-Shop Clothes Retrieval",
	Files: "list_eval_partition.txt",
	Read: func(p Place) (*Annotation, error) {
		for _, sub := range []string{"", "Eval", "Anno"} {
			if p.File != "" && sub != "" {
				break
			}
			for _, path := range (Place{filepath.Join(p.Dir, sub), p.File}).Glob("*.txt") {
				if strings.HasPrefix(filepath.Base(path), "list_eval_partition") || isInShop(path) {
					return readInShop(path)
				}
			}
		}
		return nil, nil
	},
}

const inShopHeader = "image_name item_id evaluation_status"

// isInShop reports whether the second line of a file is that of the list.
func isInShop(path string) bool {
	f, err := firstLines(path, 2)
	return err == nil && len(f) == 2 && strings.Join(strings.Fields(f[1]), " ") == inShopHeader
}

func readInShop(path string) (*Annotation, error) {
	l, err := readList(path)
	if err != nil {
		return nil, err
	}
	if len(l.lines) < 2 || strings.Join(strings.Fields(l.lines[1]), " ") != inShopHeader {
		return nil, fmt.Errorf("%s has no second line %q: give the list as it is distributed", path, inShopHeader)
	}
	claimed, err := l.integer(0, l.lines[0], "number of images", 0, mostBytes)
	if err != nil {
		return nil, err
	}
	if have := len(l.lines) - 2; have != claimed {
		return nil, fmt.Errorf("%s has %d images, and its first line says %d: it is cut short or was changed; copy it again", path, have, claimed)
	}

	dir := filepath.Dir(path)
	up := filepath.Dir(dir)
	a := &Annotation{Files: []string{path}, Benchmark: names.InShop.Name, folders: []string{dir, filepath.Join(dir, "Img"), up, filepath.Join(up, "Img")}}
	var items []string
	for i := 2; i < len(l.lines); i++ {
		f := strings.Fields(l.lines[i])
		if len(f) != 3 {
			return nil, l.wrong(i, "holds %.60q, want %s", l.lines[i], inShopHeader)
		}
		part, ok := arrays.ParsePart(f[2])
		if !ok || part == datasets.TestPart {
			return nil, l.wrong(i, "has the status %.40q, want train, query or gallery", f[2])
		}
		a.Paths, items, a.Parts = append(a.Paths, slashed(f[0])), append(items, f[1]), append(a.Parts, part)
	}
	a.Labels, a.Names = arrays.NumberWords(items)
	return a, nil
}
