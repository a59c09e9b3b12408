package slurm

import (
	"strconv"
	"strings"
)

// Seconds reads a time as Slurm writes it: minutes, minutes:seconds,
// hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds. It
// is 0 for what is none, as for UNLIMITED.
func Seconds(text string) int {
	days, rest, hasDays := strings.Cut(text, "-")
	if !hasDays {
		days, rest = "0", text
	}

	values := []int{}
	for _, part := range append([]string{days}, strings.Split(rest, ":")...) {
		v, err := strconv.Atoi(part)
		if err != nil || v < 0 {
			return 0
		}
		values = append(values, v)
	}

	const minute, hour, day = 60, 3600, 86400
	units := [][]int{nil, {minute}, {minute, 1}, {hour, minute, 1}}
	if hasDays {
		units = [][]int{nil, {hour}, {hour, minute}, {hour, minute, 1}}
	}
	if len(values)-1 >= len(units) {
		return 0
	}
	seconds := values[0] * day
	for k, unit := range units[len(values)-1] {
		seconds += values[k+1] * unit
	}
	return seconds
}
