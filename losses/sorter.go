package losses

import (
	"cmp"
	"slices"
)

// A sorter sorts similarities in time proportional to their number. It puts them into as
// many buckets of equal width as there are values. Similarities are distributed evenly
// enough that a bucket holds a few values. A bucket with many values, which cluster or
// tie, is sorted by comparisons.
type sorter struct {
	order []int32 // the places in src of the sorted values
	place []int32
}

// sort sets dst to the sorted src and order to their places in src. It returns dst.
func (s *sorter) sort(dst, src []float64) []float64 {
	n := len(src)
	s.order = resize(s.order, n)
	if n == 0 {
		return dst
	}

	low, high := slices.Min(src), slices.Max(src)
	scale := float64(n-1) / (high - low)

	// The scale is infinite if all values are equal, and 0 or NaN if one is infinite.
	if n < insertionSortMax || !(0 < scale && scale < 1e300) {
		for k := range s.order {
			s.order[k] = int32(k)
		}
		s.compare(dst, src, 0, int32(n))
		return dst
	}

	s.place = resize(s.place, n)
	clear(s.place)
	for _, v := range src {
		s.place[int((v-low)*scale)]++
	}

	sum := int32(0)
	for b, c := range s.place {
		s.place[b] = sum
		sum += c
	}

	for k, v := range src {
		b := int((v - low) * scale)
		at := s.place[b]
		s.place[b]++ // after the loop it is the end of the bucket
		dst[at], s.order[at] = v, int32(k)
	}

	from := int32(0)
	for _, to := range s.place {
		if to-from > 1 {
			s.bucket(dst, src, from, to)
		}
		from = to
	}
	return dst
}

const insertionSortMax = 16 // up to this many values insertion is no slower

func (s *sorter) bucket(dst, src []float64, from, to int32) {
	if to-from > insertionSortMax {
		s.compare(dst, src, from, to)
		return
	}

	for k := from + 1; k < to; k++ {
		v, i, at := dst[k], s.order[k], k
		for ; at > from && dst[at-1] > v; at-- {
			dst[at], s.order[at] = dst[at-1], s.order[at-1]
		}
		dst[at], s.order[at] = v, i
	}
}

func (s *sorter) compare(dst, src []float64, from, to int32) {
	slices.SortFunc(s.order[from:to], func(i, j int32) int {
		return cmp.Or(cmp.Compare(src[i], src[j]), cmp.Compare(i, j))
	})
	for k := from; k < to; k++ {
		dst[k] = src[s.order[k]]
	}
}
