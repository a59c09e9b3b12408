package f64

// paths are the kinds of kernels that the machine can run, the portable implementation
// first.
func paths() []string {
	switch {
	case wide:
		return []string{"go", "avx2", "avx512"}
	case fast:
		return []string{"go", "avx2"}
	}
	return []string{"go"}
}

// take switches to a path and returns a function that switches back.
func take(name string) (back func()) {
	f, w := fast, wide
	fast, wide = name != "go", name == "avx512"
	return func() { fast, wide = f, w }
}
