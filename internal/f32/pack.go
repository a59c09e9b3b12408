package f32

// packPanels packs n vectors of the given depth into panels of tileCols: element (j, p) goes to
// dst[(j/tileCols)*tileCols*depth+p*tileCols+j%tileCols]. The last panel is filled up with zeros, whose products nobody stores.
func packPanels(dst []float32, o operand, n, depth int) {
	for j := 0; j < n; j += tileCols {
		panel := dst[j*depth : (j+tileCols)*depth]
		cols := min(tileCols, n-j)
		src := o.from(j, 0).data
		if cols < tileCols {
			clear(panel)
		}
		switch {
		case o.step == 1:
			transpose(panel, tileCols, src, o.vector, cols, depth)
		case cols == tileCols:
			for p := range depth {
				*(*[tileCols]float32)(panel[p*tileCols:]) = [tileCols]float32(src[p*o.step:])
			}
		default:
			for p := range depth {
				copy(panel[p*tileCols:], src[p*o.step:p*o.step+cols])
			}
		}
	}
}

// transpose writes the transpose of the rows×cols matrix src to dst. Strides are the distances of rows.
func transpose(dst []float32, strideDst int, src []float32, strideSrc, rows, cols int) {
	whole := 0
	if blocks := cols / 8; blocks > 0 {
		for ; whole+8 <= rows; whole += 8 {
			transposeBlocks(dst[whole:], strideDst, src[whole*strideSrc:], strideSrc, blocks)
		}
		if rest := cols - 8*blocks; rest > 0 {
			transposeSlowly(dst[8*blocks*strideDst:], strideDst, src[8*blocks:], strideSrc, whole, rest)
		}
	}
	if whole < rows {
		transposeSlowly(dst[whole:], strideDst, src[whole*strideSrc:], strideSrc, rows-whole, cols)
	}
}

func transposeSlowly(dst []float32, strideDst int, src []float32, strideSrc, rows, cols int) {
	for i := range rows {
		for j, v := range src[i*strideSrc : i*strideSrc+cols] {
			dst[j*strideDst+i] = v
		}
	}
}
