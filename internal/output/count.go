package output

import "strconv"

// Count is a number of things: "1 data set", "2 data sets".
func Count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}
