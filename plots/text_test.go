package plots

import "testing"

// What the font lacks does not vanish.
func TestLegible(t *testing.T) {
	for text, want := range map[string]string{"α 2, λ₊ 1, m₋ 0.9": "α 2, λ+ 1, m− 0.9", "−0.5 · 10 ± ∂ Σ": "−0.5 · 10 ± ∂ Σ", "多 loss": "□ loss"} {
		if got := legible(regularFace(), text); got != want {
			t.Errorf("legible(%q) = %q, want %q", text, got, want)
		}
	}
}
