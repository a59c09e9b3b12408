package f64

// Above sets each element of keep to whether that of src is above the threshold.
func Above(keep []bool, src []float64, threshold float64) {
	match(keep, src)
	n := aboveBlocks(keep, src, threshold)
	for k, v := range src[n:] {
		keep[n+k] = v > threshold
	}
}

// Below sets each element of keep to whether that of src is below the threshold.
func Below(keep []bool, src []float64, threshold float64) {
	match(keep, src)
	n := belowBlocks(keep, src, threshold)
	for k, v := range src[n:] {
		keep[n+k] = v < threshold
	}
}

// Compress copies the elements of src that are kept to the front of dst, in order, and
// returns their number. dst is as long as src; the rest of it may be overwritten.
func Compress(dst, src []float64, keep []bool) int {
	match(dst, src)
	match(keep, src)
	n, count := compressBlocks(dst, src, keep)
	for k, kept := range keep[n:] {
		if kept {
			dst[count] = src[n+k]
			count++
		}
	}
	return count
}

// Expand is the inverse of [Compress]. It sets the elements of dst that are kept to those
// of src in order, and the others to 0. src is as long as dst, or longer.
func Expand(dst, src []float64, keep []bool) {
	match(keep, dst)
	n, count := expandBlocks(dst, src[:len(dst)], keep)
	for k, kept := range keep[n:] {
		dst[n+k] = 0
		if kept {
			dst[n+k] = src[count]
			count++
		}
	}
}

// Index returns the index of the first element that is equal to value, or −1 if there is
// none.
func Index(x []float64, value float64) int {
	n, at := indexBlocks(x, value)
	if at < n {
		return at
	}
	for k, v := range x[n:] {
		if v == value {
			return n + k
		}
	}
	return -1
}
