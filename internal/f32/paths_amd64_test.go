package f32

import "testing"

// onEveryPath runs a test with each kind of assembly that the machine can run, and with
// the portable implementation.
func onEveryPath(t *testing.T, test func(t *testing.T)) {
	for _, name := range append(assemblies(), "go") {
		t.Run("path="+name, func(t *testing.T) {
			defer take(name)()
			test(t)
		})
	}
}

// assemblies are the kinds of assembly that the machine can run.
func assemblies() []string {
	switch {
	case vnni:
		return []string{"vnni", "avx512", "avx2"}
	case wide:
		return []string{"avx512", "avx2"}
	case fast:
		return []string{"avx2"}
	}
	return nil
}

// take switches to a path and returns a function that switches back.
func take(name string) (back func()) {
	f, w, v := fast, wide, vnni
	fast, wide, vnni = name != "go", name == "avx512" || name == "vnni", name == "vnni"
	return func() { fast, wide, vnni = f, w, v }
}
