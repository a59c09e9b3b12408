package matrix

import "fmt"

// RowName names the first of n rows that have something in common, for an error: "row 7",
// and "row 7 (the first of 3)" where there are more. The kind of rows may be "".
func RowName(row, n int, kind string) string {
	switch {
	case n < 2:
		return fmt.Sprintf("row %d", row)
	case kind == "":
		return fmt.Sprintf("row %d (the first of %d)", row, n)
	}
	return fmt.Sprintf("row %d (the first of %d %s)", row, n, kind)
}
