package escape

// isPlain reports whether text is printable ASCII with tabs and line feeds, which no
// function of this package has to look at further. Long output is almost always so.
func isPlain[T ~string | ~[]byte](text T) bool {
	for k := range len(text) {
		if c := text[k]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}
