package cli

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/losses"
)

// completeVary completes --vary of gpw plot: the parameters of the one --loss and of its
// miner, each with its domain, and behind NAME= a range within it.
func completeVary(cmd *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	given, err := cmd.Flags().GetStringArray("loss")
	slices.Sort(given)
	given = slices.Compact(given) // cobra reads the flags twice here
	if err != nil || len(given) != 1 || given[0] == "all" {
		return nil, none
	}
	row, err := pairLoss(cmd, given[0])
	if err != nil {
		return nil, none
	}

	name, _, hasRange := strings.Cut(word, "=")
	var words []string
	add := func(key string, p losses.Parameter) {
		low, high, ok := rangeOf(p)
		switch {
		case !ok:
		case !hasRange:
			words = append(words, key+"=\t"+p.Symbol+" in "+p.Domain.String()+", "+p.Doc)
		case key == name:
			words = append(words, key+"="+plainEnd(low)+":"+plainEnd(high))
		}
	}
	for _, p := range losses.Parameters(row.Choice.Value) {
		add(p.Name, p)
	}
	if row.Choice.Miner != nil {
		for _, p := range losses.Parameters(row.Choice.Miner) {
			add("miner."+p.Name, p)
		}
	}
	if hasRange {
		return begin(words, word), none
	}
	return begin(words, word), none | cobra.ShellCompDirectiveNoSpace
}

// rangeOf is a range of a parameter: its domain where that has both ends, and else from
// half of its value to twice that. A word has none, and neither has a value of 0 there.
func rangeOf(p losses.Parameter) (low, high float64, ok bool) {
	d := p.Domain
	if !math.IsInf(d.Low, 0) && !math.IsInf(d.High, 0) && d.Contains(d.Low) && d.Contains(d.High) && d.Words == nil {
		return d.Low, d.High, true
	}
	var v float64
	switch x := p.Value.(type) {
	case float64:
		v = x
	case int:
		v = float64(x)
		low, high = math.Ceil(v/2), 2*v
		return low, high, low < high && d.Contains(low) && d.Contains(high)
	default:
		return 0, 0, false
	}
	low, high = min(v/2, 2*v), max(v/2, 2*v)
	if !math.IsInf(d.Low, 0) && !math.IsInf(d.High, 0) { // open ends: within them
		low, high = d.Low+(d.High-d.Low)/20, d.High-(d.High-d.Low)/20
	}
	return low, high, low < high && d.Contains(low) && d.Contains(high)
}

// plainEnd writes an end of a range as the flag reads it.
func plainEnd(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
