package table

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gpwbench/results"
)

// notes are the sentences below a table. They say what the numbers are, where they come
// from, and what not to conclude from them.
func notes(blocks []Block, ref *Reference) []string {
	if len(blocks) == 0 {
		return nil
	}

	n := append([]string{measuredNotes[SD]}, unitNotes(blocks)...)
	n = append(n, datasetNotes(blocks)...)
	n = append(n, elsewhereNotes(blocks)...)
	n = append(n, preprocessNotes(blocks)...)
	n = append(n, headNotes(blocks)...)
	n = append(n, protocolNotes(blocks)...)
	n = append(n, choiceNotes(blocks)...)
	n = append(n, optimismNotes(blocks)...)
	n = append(n, claimNotes(blocks)...)
	n = append(n, gridNotes(blocks)...)
	n = append(n, tieNotes(blocks)...)
	n = append(n, diagnosisNotes(blocks)...)
	n = append(n, mixedRunNotes(blocks)...)
	n = append(n, warningNotes(blocks)...)
	n = append(n, unansweredNotes(blocks)...)
	n = append(n, revisionNotes(blocks)...)

	return append(n, publishedNotes(blocks, ref)...)
}

// unitNotes say of which metrics the figures are not in percent, of which smaller ones
// are better, and of which neither are.
func unitNotes(blocks []Block) []string {
	var plain, lower, neither []string
	add := func(to *[]string, title string) {
		if !slices.Contains(*to, title) {
			*to = append(*to, title)
		}
	}
	for _, b := range blocks {
		for _, key := range b.printedMetrics() {
			m, k, _ := results.FindMetric(key)
			if !m.Share {
				add(&plain, m.FullTitle(k))
			}
			if m.Lower {
				add(&lower, m.FullTitle(k))
			}
			if m.Neither {
				add(&neither, m.FullTitle(k))
			}
		}
	}

	var n []string
	if len(plain) > 0 {
		n = append(n, "Not in percent, but as they are defined: "+strings.Join(plain, ", ")+".")
	}
	if len(lower) > 0 {
		n = append(n, results.LowerMark+" marks metrics of which smaller values are better: "+strings.Join(lower, ", ")+".")
	}
	if len(neither) > 0 {
		n = append(n, "Neither larger nor smaller values are better by themselves: "+strings.Join(neither, ", ")+".")
	}
	return n
}

// unansweredNotes say which metrics rows have no value of, and why.
func unansweredNotes(blocks []Block) []string {
	var s groupedNotes
	for _, b := range blocks {
		for _, r := range b.Rows {
			for _, run := range r.Runs {
				for _, key := range slices.SortedFunc(maps.Keys(run.Unanswered), results.CompareMetrics) {
					s.add("No "+metricTitle(key)+" of a run, because "+run.Unanswered[key], rowName(blocks, b, r))
				}
			}
		}
	}
	return s.named()
}

func datasetNotes(blocks []Block) []string {
	var n []string
	for _, b := range blocks {
		d := b.Dataset
		text := b.datasetCell() + ": "
		if d.Provenance != "" {
			text += strings.TrimSuffix(d.Provenance, ".") + "; "
		}
		withoutPositives, queries := 0, 0

		for _, r := range b.Rows {
			for _, run := range r.Runs {
				withoutPositives, queries = max(withoutPositives, run.WithoutPositives), max(queries, run.Queries)
			}
		}

		n = append(n, text+contents(d, queries)+".")
		n = append(n, drawnNotes(b)...)
		if withoutPositives > 0 {
			n = append(n, fmt.Sprintf("%s: %s of %s queries have no positive in the gallery and are not in the means.", b.datasetCell(), thousands(withoutPositives), thousands(queries)))
		}
	}

	return n
}

// preprocessNotes say what features went through before anything was measured or trained
// on them, and which rows have none.
func preprocessNotes(blocks []Block) []string {
	var s, none groupedNotes
	// Labels that stand for preprocessed rows on some data set.
	touched := map[string]bool{}
	for _, b := range blocks {
		for _, r := range b.Rows {
			touched[r.Label] = touched[r.Label] || r.Preprocess != "none"
		}
	}

	for _, b := range blocks {
		for _, r := range b.Rows {
			switch {
			case r.Preprocess == "": // an older record, which does not say
			case r.Kind == results.KindElsewhere: // a note of its own says it
			case r.Preprocess == "none" && touched[r.Label]:
				none.add("No preprocessing", rowName(blocks, b, r))
			case r.Preprocess == "none":
				none.add("No preprocessing", r.Label)
			default:
				s.add("Preprocessing, fitted on the training rows: "+r.Preprocess, b.datasetCell())
			}
		}
	}

	if len(s.texts) == 1 {
		return append(s.plain(), none.named()...)
	}
	return append(s.named(), none.named()...)
}

func headNotes(blocks []Block) []string {
	var s groupedNotes
	for _, b := range blocks {
		if b.showsHead() {
			continue
		}
		for _, r := range b.Rows {
			if r.Kind == results.KindLoss {
				s.add("Head: "+r.Head, b.datasetCell())
			}
		}
	}

	if len(s.texts) == 1 {
		return s.plain()
	}
	return s.named()
}

// protocolNotes say once what a protocol did, and name the rows, or the runs, where it
// did not do the same everywhere.
func protocolNotes(blocks []Block) []string {
	var protocols []string
	said := map[string]*groupedNotes{}
	for _, b := range blocks {
		for _, r := range b.Rows {
			alike := !slices.ContainsFunc(r.Runs, func(run results.Record) bool { return run.ProtocolNote != r.Runs[0].ProtocolNote })
			for _, run := range r.Runs {
				name, text := rowName(blocks, b, r), "Protocol "+r.Protocol
				if !alike {
					name += fmt.Sprintf(", seed %d", run.Seed)
				}
				if run.ProtocolNote != "" {
					text += ": " + run.ProtocolNote
				}
				if said[r.Protocol] == nil {
					said[r.Protocol] = &groupedNotes{}
					protocols = append(protocols, r.Protocol)
				}
				said[r.Protocol].add(text, name)
			}
		}
	}

	var n []string
	for _, p := range protocols {
		if len(said[p].texts) == 1 {
			n = append(n, said[p].plain()...)
		} else {
			n = append(n, said[p].named()...)
		}
	}

	return n
}

// optimismNotes say by how much a choice made on the test classes raised the figures of a
// row.
func optimismNotes(blocks []Block) []string {
	var rows []string
	for _, b := range blocks {
		for _, r := range b.Rows {
			if o, ok := r.Metrics[results.Optimism]; ok {
				rows = append(rows, fmt.Sprintf("%s %s", rowName(blocks, b, r), inUnits(results.Optimism, o)))
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return []string{"Points of " + metricTitle(recallAt1) + " by which choosing the step on the test classes flatters, against the last step: " + strings.Join(rows, "; ") + "."}
}

// tieNotes give the range within which the Recall@K of a marked row lies, depending on
// how ties are broken.
func tieNotes(blocks []Block) []string {
	pessimistic := results.MetricNamed(results.RecallPessimistic)
	var n []string
	for _, b := range blocks {
		for _, r := range b.Rows {
			if r.Tied <= tiedMark {
				continue
			}

			var ranges []string
			for _, m := range b.printedMetrics() {
				metric, k, _ := results.FindMetric(m)
				against, measured := r.Metrics[pessimistic.Key(k)]
				if metric.Name == results.Recall && measured {
					ranges = append(ranges, fmt.Sprintf("%s [%s, %s]", metricTitle(m), percent(against.Mean), percent(r.Metrics[m].Mean)))
				}
			}

			bounds := "the range was not recorded"
			if len(ranges) > 0 {
				bounds = "[ties against, ties for] is " + strings.Join(ranges, ", ")
			}
			n = append(n, fmt.Sprintf("† %s: up to %s %% of the queries of a run are tied; %s.", rowName(blocks, b, r), percent(r.Tied), bounds))
		}
	}

	return n
}

// mixedRunNotes tell where a folder holds runs that do not belong together.
func mixedRunNotes(blocks []Block) []string {
	var n []string
	for i, b := range blocks {
		if i > 0 && b.Dataset.Name == blocks[i-1].Dataset.Name {
			n = append(n, fmt.Sprintf("The runs on %s are on unlike contents of that data set, in blocks of their own.", b.Dataset.Name))
		}
		type place struct{ label, swept, head, protocol string }
		seen := map[place]bool{}
		for _, r := range b.Rows {
			p := place{r.Label, sweptKey(r.Swept), r.Head, r.Protocol}
			if seen[p] {
				n = append(n, fmt.Sprintf("%s stands for runs of unlike settings or revisions, in rows of their own.", rowName(blocks, b, r)))
			}
			seen[p] = true
			seeds := map[uint64]bool{}
			for _, run := range r.Runs {
				if seeds[run.Seed] {
					n = append(n, fmt.Sprintf("%s holds several runs of seed %d under unlike settings: its mean is of unlike runs, so run the experiment into a fresh folder.", rowName(blocks, b, r), run.Seed))
				}
				seeds[run.Seed] = true
			}
		}
	}

	slices.Sort(n)
	return slices.Compact(n)
}

func warningNotes(blocks []Block) []string {
	var s groupedNotes
	forEachRun(blocks, func(row string, r results.Record) {
		for _, w := range r.Warnings {
			s.add("Warning: "+w, row)
		}
	})
	return s.named()
}

// warnings are those of the row's runs, each once.
func (r Row) warnings() []string {
	var all []string
	for _, run := range r.Runs {
		for _, w := range run.Warnings {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

func revisionNotes(blocks []Block) []string {
	var revisions []string
	runs, total := map[string]int{}, 0
	forEachRun(blocks, func(_ string, r results.Record) {
		if runs[r.SourceRevision] == 0 {
			revisions = append(revisions, r.SourceRevision)
		}
		runs[r.SourceRevision]++
		total++
	})

	if len(revisions) < 2 {
		return nil
	}

	slices.Sort(revisions)
	for i, r := range revisions {
		name := fmt.Sprintf("%.12s", r)
		if r == "" {
			name = "unknown"
		}
		revisions[i] = fmt.Sprintf("%s (%d of %d runs)", name, runs[r], total)
	}

	return []string{fmt.Sprintf("The runs were made by %d revisions of the source: %s.", len(revisions), strings.Join(revisions, ", "))}
}

func publishedNotes(blocks []Block, ref *Reference) []string {
	if ref == nil {
		return nil
	}

	var sources sourceNotes
	var without groupedNotes
	var stand []string
	signed := false
	for _, b := range blocks {
		for _, r := range b.Rows {
			if r.Unpublished != "" {
				without.add("No published number, because "+r.Unpublished, rowName(blocks, b, r))
			}
		}

		columns := b.publishedColumns()
		signed = signed || b.publishedGrid(ref) != nil
		for _, c := range columns {
			for _, r := range b.Rows {
				for _, own := range r.Published {
					if sameColumn(own, c) {
						signed = signed || own.Status == secondary
						sources.add(own, r.Label)
					}
				}
			}
		}

		if b.Dataset.Synthetic && len(columns) > 0 {
			stand = append(stand, fmt.Sprintf("The published columns beside %s are of the real %s.", b.datasetCell(), benchmarkTitle(columns[0].Dataset)))
		}
	}

	if len(sources.rows.texts) == 0 {
		n := []string{fmt.Sprintf("The reference %s has no published number for any row here.", ref.Name)}
		return append(n, without.named()...)
	}

	n := []string{
		"Published columns are the numbers of others, under their own protocols: they were not measured here, and nothing here reproduces them.",
		"Published protocol: " + ref.About.Protocol,
		ref.About.Frozen,
	}
	if signed {
		n = append(n, unverified+" marks a number that is known from secondary sources only; it was not read in the paper, nor in the repository of its authors. A published cell that could be read nowhere is empty or –.")
	}
	return slices.Concat(n, stand, sources.named(), without.named())
}

// forEachRun visits every run, with the name of its row.
func forEachRun(blocks []Block, visit func(row string, r results.Record)) {
	for _, b := range blocks {
		for _, r := range b.Rows {
			for _, run := range r.Runs {
				visit(rowName(blocks, b, r), run)
			}
		}
	}
}

// rowName is the label with the swept values, and the data set where there are several.
func rowName(blocks []Block, b Block, r Row) string {
	name := r.Label
	if words := r.sweptWords(b.Swept); words != "" {
		name += " (" + words + ")"
	}
	if len(blocks) == 1 {
		return name
	}
	return b.Dataset.Name + "/" + name
}

// RowName is the label of a row of the block with its swept values.
func (b Block) RowName(r Row) string { return rowName([]Block{b}, b, r) }

// groupedNotes are sentences without their final point, in the order in which they were
// added, each with the rows that it is about.
type groupedNotes struct {
	texts []string
	rows  map[string][]string
}

func (s *groupedNotes) add(text, row string) {
	text = strings.TrimSuffix(text, ".")
	if s.rows == nil {
		s.rows = map[string][]string{}
	}
	if s.rows[text] == nil {
		s.texts = append(s.texts, text)
	}
	if !slices.Contains(s.rows[text], row) {
		s.rows[text] = append(s.rows[text], row)
	}
}

func (s *groupedNotes) plain() []string {
	var n []string
	for _, t := range s.texts {
		n = append(n, t+".")
	}
	return n
}

// named adds the rows in brackets, the first few by name.
func (s *groupedNotes) named() []string {
	const few = 8
	var n []string
	for _, t := range s.texts {
		rows := s.rows[t]
		list := strings.Join(rows[:min(len(rows), few)], ", ")
		if len(rows) > few {
			list += fmt.Sprintf(" and %d more", len(rows)-few)
		}
		n = append(n, t+" ("+list+").")
	}
	return n
}

// thousands writes 12345 as 12,345.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
