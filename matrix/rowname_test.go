package matrix

import "testing"

func TestRowName(t *testing.T) {
	for want, got := range map[string]string{
		"row 7":                             RowName(7, 1, "test rows"),
		"row 0 (the first of 2)":            RowName(0, 2, ""),
		"row 3 (the first of 12 test rows)": RowName(3, 12, "test rows"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
