package f32

// panelsCopied is the number of panels that are filled at a time. Panels of the depth of
// a block are 32 KB apart, in the same sets of the first-level cache, and more of them
// would evict each other.
const panelsCopied = 4

// packPanels packs n vectors of the given depth into panels of tileCols: element (j, p)
// goes to dst[(j/tileCols)*tileCols*depth+p*tileCols+j%tileCols]. Where the last panel
// has no vector it is not cleared; those products are never stored.
func packPanels(dst []float32, o operand, n, depth int) {
	whole := n / tileCols * tileCols
	if o.apart() {
		for j := 0; j < whole; j += panelsCopied * tileCols {
			copyRows(dst[j*depth:], o.data[j:], o.step, depth, min(panelsCopied, (whole-j)/tileCols))
		}
	} else {
		for j := 0; j < whole; j += tileCols {
			transpose(dst[j*depth:], tileCols, o.data[j*o.vector:], o.vector, tileCols, depth)
		}
	}

	if whole == n {
		return
	}

	last := dst[whole*depth : (whole+tileCols)*depth]
	o = o.from(whole, 0)
	if !o.apart() {
		transpose(last, tileCols, o.data, o.vector, n-whole, depth)
		return
	}

	for p := range depth {
		copy(last[p*tileCols:], o.data[p*o.step:p*o.step+n-whole])
	}
}

// copyRowsGeneric is the portable implementation of copyPanels.
func copyRowsGeneric(dst, src []float32, stride, depth, panels int) {
	for p := range depth {
		for q := range panels {
			copy(dst[(q*depth+p)*tileCols:][:tileCols], src[p*stride+q*tileCols:])
		}
	}
}

// transpose writes the transpose of the rows×cols matrix src to dst. Strides are the
// distances of rows.
func transpose(dst []float32, strideDst int, src []float32, strideSrc, rows, cols int) {
	whole := 0
	if blocks := cols / 8; blocks > 0 {
		for ; whole+8 <= rows; whole += 8 {
			transposeBlocks(dst[whole:], strideDst, src[whole*strideSrc:], strideSrc, blocks)
		}
		if rest := cols - 8*blocks; rest > 0 {
			transposeGeneric(dst[8*blocks*strideDst:], strideDst, src[8*blocks:], strideSrc, whole, rest)
		}
	}

	if whole < rows {
		transposeGeneric(dst[whole:], strideDst, src[whole*strideSrc:], strideSrc, rows-whole, cols)
	}
}

func transposeGeneric(dst []float32, strideDst int, src []float32, strideSrc, rows, cols int) {
	for i := range rows {
		for j, v := range src[i*strideSrc : i*strideSrc+cols] {
			dst[j*strideDst+i] = v
		}
	}
}
