package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/results"
	"gpwbench/results/stats"
)

// notes are the sentences below a matrix of differences.
func (r *Report) notes(sets []*Set, chosen [][]int) []string {
	n := []string{fmt.Sprintf("Differences are the row's mean less the column's, in points of %s, averaged query by query over the seeds that both rows have. "+
		"* marks those that a bootstrap over the test classes tells from 0 at the level %g, adjusted by Holm for all pairs of the data set.", title(r.Metric), stats.Level)}
	for _, m := range r.Matrices {
		name := datasetTitle(m.Dataset.Name, m.Dataset.Synthetic)
		smallest := smallestOf(m.Pairs)
		switch {
		case strings.HasPrefix(smallest, "100.00"):
			n = append(n, fmt.Sprintf("%s: with %s no difference of %s could have been told from chance.", name, output.Count(m.Classes, "test class", "test classes"), title(r.Metric)))
		case smallest != "":
			n = append(n, fmt.Sprintf("%s: %s, %s; rows must truly differ by %s to be told apart four times in five, before Holm's adjustment.",
				name, output.Count(m.Classes, "test class", "test classes"), output.Count(len(m.Pairs), "pair", "pairs"), smallest))
		}
		n = append(n, m.withoutInterval(name)...)
		if m.Classes == 1 {
			n = append(n, name+": one test class says nothing about others, so there are no intervals and no p.")
		}
		if family := len(m.Pairs); !canReject(family) {
			n = append(n, fmt.Sprintf("%s: of %d pairs none can be significant, because no p of %d resamples is small enough: name fewer rows.", name, family, stats.Resamples))
		}
	}
	n = append(n, r.recordNotes()...)
	if r.Ranking != nil && len(r.Ranking.Groups) > 0 {
		n = append(n, "1 is the best rank; rows that share a letter are not told apart.")
	}
	n = append(n, r.Ranking.Notes()...)
	n = append(n, rowNotes(sets, chosen)...)
	return append(n, seedNotes(sets, chosen, r.dropped(), "The means are over all seeds of a row, so that a difference to such a row is not one of these means.")...)
}

// withoutInterval counts the pairs that were compared and have no interval in CSV and
// JSON, by the reason.
func (m Matrix) withoutInterval(name string) []string {
	var reasons []string
	pairs := map[string]int{}
	for _, p := range m.Pairs {
		if p.P == nil || p.Why == "" {
			continue
		}
		if pairs[p.Why]++; pairs[p.Why] == 1 {
			reasons = append(reasons, p.Why)
		}
	}

	var n []string
	for _, why := range reasons {
		n = append(n, fmt.Sprintf("%s: %s without an interval, because %s.", name, output.Count(pairs[why], "pair", "pairs"), why))
	}
	return n
}

// recordNotes say what the mark of pairs is that were not compared query by query.
func (r *Report) recordNotes() []string {
	marked, apart := false, []string{}
	for _, m := range r.Matrices {
		for _, p := range m.Pairs {
			marked = marked || p.Tied == nil
			if p.Tied == nil && p.Why == noSeeds {
				apart = append(apart, p.A+" and "+p.B)
			}
		}
	}
	if !marked {
		return nil
	}
	n := []string{"? marks differences of the means of the records: the two rows could not be compared query by query, so that nothing is said of chance."}
	if len(apart) > 0 {
		n = append(n, fmt.Sprintf("Not compared: %s (%s).", noSeeds, strings.Join(apart, "; ")))
	}
	return n
}

// dropped reports whether some pair was compared over some of the seeds alone.
func (r *Report) dropped() bool {
	for _, m := range r.Matrices {
		if slices.ContainsFunc(m.Pairs, (*Pair).leavesOut) {
			return true
		}
	}
	return false
}

// Notes say what the data sets say together, in whole sentences; none of a nil Ranking.
func (k *Ranking) Notes() []string {
	if k == nil {
		return nil
	}
	text := fmt.Sprintf("Average ranks are over %s. ", output.Count(k.N, "data set", "data sets"))
	switch {
	case k.F != nil:
		text += fmt.Sprintf("Friedman's test, as the F of Iman and Davenport, %.3g: p = %s if their order is chance. ", *k.F, pText(k.P))
	case k.P != nil:
		text += fmt.Sprintf("p = %s if their order is chance (%s). ", pText(k.P), k.Why)
	}
	if k.CriticalDifference != nil {
		text += fmt.Sprintf("Nemenyi's test does not tell rows apart whose ranks differ by less than %.2f. ", *k.CriticalDifference)
	}
	n := []string{text + "Few data sets say little about others."}
	if len(k.Missing) > 0 {
		n = append(n, "Not ranked, because some data set lacks them: "+strings.Join(k.Missing, ", ")+".")
	}
	return n
}

// rowNotes say which rows were not compared, and which flatter themselves.
func rowNotes(sets []*Set, chosen [][]int) []string {
	var n, flatter, reasons []string
	rows := map[string][]string{}
	for k, s := range sets {
		for _, r := range chosen[k] {
			if s.Rows[r].ChosenOnTest() {
				flatter = append(flatter, s.rowName(sets, r))
			}
			if why := s.why[r]; why != "" {
				if rows[why] == nil {
					reasons = append(reasons, why)
				}
				rows[why] = append(rows[why], s.rowName(sets, r))
			}
		}
	}
	for _, why := range reasons {
		n = append(n, fmt.Sprintf("Not compared query by query: %s (%s).", strings.TrimSuffix(why, "."), strings.Join(rows[why], ", ")))
	}
	if len(flatter) > 0 {
		n = append(n, "The step was chosen on the test classes, which flatters: "+strings.Join(flatter, ", ")+".")
	}
	return n
}

// seedNotes say which rows lack seeds that others have, where some pair leaves seeds out,
// and with what sentence that is to be read; and which rows are of no seed.
func seedNotes(sets []*Set, chosen [][]int, dropped bool, reading string) []string {
	seedless := seedlessNotes(sets, chosen)
	if !dropped {
		return seedless
	}
	var rows []string
	elsewhere := false
	for k, s := range sets {
		fewer := s.FewerSeeds(chosen[k])
		for _, r := range chosen[k] {
			if fewer[r] != "" {
				rows = append(rows, s.rowName(sets, r)+" has "+fewer[r])
				elsewhere = elsewhere || s.Rows[r].Kind == results.KindElsewhere
			}
		}
	}
	text := "Some rows lack seeds that others have"
	if len(rows) > 0 {
		text += " (" + strings.Join(rows, "; ") + ")"
	}
	text += ": each pair is compared over the seeds that both have. " + reading
	if elsewhere {
		text += " A file of a row trained elsewhere stands for the seed in its name."
	}
	return append([]string{text}, seedless...)
}

// seedlessNotes name the rows that are one file of embeddings without a seed, where
// others have several runs.
func seedlessNotes(sets []*Set, chosen [][]int) []string {
	var rows []string
	several := false
	for k, s := range sets {
		for _, r := range chosen[k] {
			several = several || len(s.Rows[r].Runs) > 1
			if s.Rows[r].seedless() {
				rows = append(rows, s.rowName(sets, r))
			}
		}
	}
	if len(rows) == 0 || !several {
		return nil
	}
	return []string{"One file of embeddings without a seed stands against every seed of another row, as a baseline of one run does: " + strings.Join(rows, ", ") + "."}
}

func lackingNote(metric string, rows []string) []string {
	if len(rows) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Left out, because a run lacks %s: %s.", metric, strings.Join(rows, ", "))}
}

// notes are the sentences below one pair.
func (r *PairReport) notes(sets []*Set) []string {
	first := r.Pairs[0]
	n := []string{fmt.Sprintf("A is %s, B is %s. Figures are in percent and points of %s.", first.A, first.B, title(r.Metric))}
	if slices.ContainsFunc(r.Pairs, func(p *Pair) bool { return p.N > 0 }) {
		n[0] = fmt.Sprintf("A is %s, B is %s. Figures are in percent and points of %s, averaged query by query over the seeds that both rows have. "+
			"Intervals cover 95 %%: over classes for other classes, over queries for other images of these classes, over seeds for other trainings on them (Student's t). "+
			"Detectable is what the true difference must be to be seen four times in five.", first.A, first.B, title(r.Metric))
	}
	if len(r.Pairs) > 1 {
		n = append(n, fmt.Sprintf("p (Holm) is adjusted for %d data sets.", len(r.Pairs)))
	}
	dropped := false
	chosen := make([][]int, len(sets))
	for k, s := range sets {
		p := r.Pairs[k]
		for _, name := range []string{p.A, p.B} {
			chosen[k] = append(chosen[k], slices.Index(s.names, name))
		}
		dropped = dropped || p.leavesOut()
		n = append(n, p.sentences(len(r.Pairs))...)
	}
	n = append(n, rowNotes(sets, chosen)...)
	return append(n, seedNotes(sets, chosen, dropped, "The figures of A and B are over these seeds alone, and a table's are over all seeds of a row.")...)
}

// sentences say what the grid has no room for.
func (p *Pair) sentences(family int) []string {
	name := datasetTitle(p.Dataset, p.Synthetic)
	var n []string
	if len(p.Seeds) == 0 {
		n = append(n, name+": not compared: "+p.Why+". The figures are the means over all seeds of each row, so that nothing is said of chance.")
	}
	if p.N > 0 {
		verdict := "A and B are tied: the classes do not tell them apart"
		switch {
		case p.P == nil:
			verdict = "there is no verdict (" + p.Why + ")"
		case !*p.Tied && p.Mean > 0:
			verdict = "A is better on classes like these"
		case !*p.Tied:
			verdict = "B is better on classes like these"
		}
		adjusted := "p is not adjusted"
		if family > 1 {
			adjusted = fmt.Sprintf("p is adjusted for the %d data sets alone", family)
		}
		n = append(n, name+": "+verdict+". Here "+adjusted+"; tables and the matrix adjust it for all their rows or pairs.")
	}
	if p.P != nil && p.Why != "" {
		n = append(n, fmt.Sprintf("%s, over classes: %s.", name, p.Why))
	}
	d := p.Detail
	if d == nil {
		return n
	}
	if d.OverQueries.Why != "" {
		n = append(n, fmt.Sprintf("%s, over queries: %s.", name, d.OverQueries.Why))
	}
	if d.OverSeeds.Why != "" {
		n = append(n, fmt.Sprintf("%s, over seeds: %s.", name, d.OverSeeds.Why))
	}
	if len(p.Seeds) > 1 {
		if d.SignFlip != nil {
			n = append(n, fmt.Sprintf("%s: the exact sign-flip test over %d seeds has p = %s.", name, len(p.Seeds), pText(d.SignFlip)))
		} else {
			n = append(n, fmt.Sprintf("%s: no sign-flip test, because with %d seeds and %s its smallest p is %.3g.", name, len(p.Seeds), output.Count(family, "data set", "data sets"), min(1, float64(family)*stats.SmallestSignFlip(len(p.Seeds)))))
		}
	}
	return append(n, name+": "+d.Changed.sentence())
}

// sentence says how many queries changed sides, and where most of them are.
func (c Changed) sentence() string {
	const few = 5
	text := fmt.Sprintf("of the queries' first neighbours, A alone has %s right and B alone %s, averaged over the seeds", count(c.Won), count(c.Lost))
	var classes []string
	for _, k := range c.Classes[:min(few, len(c.Classes))] {
		classes = append(classes, fmt.Sprintf("%d (%s and %s of %d)", k.Class, count(k.Won), count(k.Lost), k.Queries))
	}
	if len(classes) > 0 {
		text += "; most in the classes " + strings.Join(classes, ", ")
	}
	return text + "."
}

// count is a number of queries, averaged over seeds.
func count(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// percent is a fraction in percent with two decimals, points a difference with its sign.
func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 2, 64) }

func points(v float64) string {
	text := percent(v)
	switch strings.Trim(text, "-0.") {
	case "":
		return "0.00"
	}
	if v > 0 {
		return "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

// pText is a p-value with three digits; "–" for none.
func pText(p *float64) string {
	if p == nil {
		return "–"
	}
	return strconv.FormatFloat(*p, 'g', 3, 64)
}
