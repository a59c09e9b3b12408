package layouts

import (
	"fmt"
	"strings"
)

// An Alignment says which image of an annotation each row of features is of.
type Alignment struct {
	Image   []int // by row
	Without []int // images that no row is of, ascending

	// Notes tell what a user should know: images without a row, and rows that were found
	// by the name of their file alone.
	Notes []string
}

// Align finds the image of each row from its path. A row is of the image whose path has
// the longest common suffix with its own, counted in folders and the name of the file. So
// either path may go on further up. It refuses rows that fit no image, or several, and
// two rows of one image.
func Align(a *Annotation, rows []string) (*Alignment, error) {
	bySuffix := suffixes(a.Paths)
	out := &Alignment{Image: make([]int, len(rows))}
	rowOf := make([]int, len(a.Paths))
	for i := range rowOf {
		rowOf[i] = -1
	}

	var unknown, several, twice, byName []int
	for row, path := range rows {
		path = slashed(strings.TrimSpace(path))
		image, suffix := longestSuffix(bySuffix, path)
		switch {
		case image == noImage:
			unknown = append(unknown, row)
			continue
		case image == severalImages:
			several = append(several, row)
			continue
		case rowOf[image] >= 0:
			twice = append(twice, row)
			continue
		case !strings.Contains(suffix, "/") && suffix != path && suffix != a.Paths[image]:
			byName = append(byName, row)
		}
		out.Image[row], rowOf[image] = image, row
	}

	switch {
	case len(unknown) > 0:
		k := unknown[0]
		return nil, fmt.Errorf("layouts: %d of %d rows are of images that %s does not list, first row %d, %s (it lists %s): give the paths of the rows of this data set alone", len(unknown), len(rows), a.Layout, k, rows[k], a.Paths[0])
	case len(several) > 0:
		k := several[0]
		return nil, fmt.Errorf("layouts: %d of %d rows may be of several images, first row %d, %s: give paths with more of their folders, as %s", len(several), len(rows), k, rows[k], a.Paths[0])
	case len(twice) > 0:
		k := twice[0]
		image, _ := longestSuffix(bySuffix, slashed(strings.TrimSpace(rows[k])))
		return nil, fmt.Errorf("layouts: rows of an image that another row is of: %d, first row %d, %s, as row %d, %s: remove one, or give paths with more of their folders", len(twice), k, rows[k], rowOf[image], rows[rowOf[image]])
	}

	for image, row := range rowOf {
		if row < 0 {
			out.Without = append(out.Without, image)
		}
	}
	if n := len(out.Without); n > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d of %d images of %s have no row of features, first %s; they are left out", n, len(a.Paths), a.Layout, a.Paths[out.Without[0]]))
	}
	if n := len(byName); n > 0 {
		k := byName[0]
		out.Notes = append(out.Notes, fmt.Sprintf("%d of %d rows were found by the names of their files alone, because the folders differ, first %s as %s; see that they are the same images", n, len(rows), rows[k], a.Paths[out.Image[k]]))
	}
	return out, nil
}

// What suffixes has in place of an image.
const (
	noImage       = -1
	severalImages = -2
)

// suffixes are the paths and all that is left of them without their first folders.
func suffixes(paths []string) map[string]int {
	all := make(map[string]int, 3*len(paths))
	for i, path := range paths {
		for rest, more := path, true; more; _, rest, more = strings.Cut(rest, "/") {
			if _, met := all[rest]; met {
				all[rest] = severalImages
			} else {
				all[rest] = i
			}
		}
	}
	return all
}

// longestSuffix returns the image that has the longest of the suffixes of a path, and
// that suffix.
func longestSuffix(all map[string]int, path string) (image int, suffix string) {
	for rest, more := path, true; more; _, rest, more = strings.Cut(rest, "/") {
		if image, ok := all[rest]; ok {
			return image, rest
		}
	}
	return noImage, ""
}
