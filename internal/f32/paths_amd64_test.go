package f32

import "testing"

// onEveryPath runs a test with the assembly, where the machine can, and with the Go twin.
func onEveryPath(t *testing.T, test func(t *testing.T)) {
	detected := fast
	if detected {
		t.Run("path=avx2", test)
	}
	t.Run("path=go", func(t *testing.T) {
		fast = false
		defer func() { fast = detected }()
		test(t)
	})
}
