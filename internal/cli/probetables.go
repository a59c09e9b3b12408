package cli

import (
	"fmt"
	"strconv"
	"strings"

	"gpwbench/gpw"
	"gpwbench/losses"
)

// A probeSection is a table of probe with what its reader must know.
type probeSection struct {
	title   string
	before  []string // paragraphs
	grid    *grid
	remarks []string // a list, after the table
}

// write prints the tables in a format. csv has all numbers in long form; the others are for people.
func (p *probing) write(w writer, format string, tables map[string]bool, measured []probed) error {
	if format == "json" {
		return writeJSON(w, p.json(measured), "  ")
	}
	first := true
	for _, name := range probeTables {
		if !tables[name] || name == "effects" && p.samples == 0 {
			continue
		}
		if format == "csv" {
			return probeCSV(name, measured).write(w, format)
		}
		s := p.section(name, measured)
		if format == "latex" {
			return s.grid.write(w, format)
		}
		if !first {
			fmt.Fprintln(w)
		}
		first = false
		if err := s.write(w, format); err != nil {
			return err
		}
	}
	return nil
}

func (p *probing) section(name string, measured []probed) probeSection {
	switch name {
	case "ticks":
		return p.tickTable(measured)
	case "effects":
		return p.effects(measured)
	case "cases":
		return cases(measured)
	}
	return threshold(measured)
}

func (s probeSection) write(w writer, format string) error {
	heading, bullet := s.title+"\n", "  "
	if format == "markdown" {
		heading, bullet = "## "+s.title+"\n", "- "
	}
	if _, err := fmt.Fprintln(w, heading+"\n"+strings.Join(s.before, "\n")+"\n"); err != nil {
		return err
	}
	if err := s.grid.write(w, format); err != nil {
		return err
	}
	for k, r := range s.remarks {
		if k == 0 {
			fmt.Fprintln(w)
		}
		if _, err := fmt.Fprintln(w, bullet+r); err != nil {
			return err
		}
	}
	return nil
}

// kinds are the two kinds of pairs in their order.
var kinds = []struct {
	positive bool
	name     string
}{{true, "positive"}, {false, "negative"}}

func (p *probing) tickTable(measured []probed) probeSection {
	s := probeSection{
		title: "What weights depend on",
		before: []string{
			fmt.Sprintf("The weight of a positive and of a negative pair, measured on %d batches (seed %d), one part of S moved at a time.", measured[0].ticks.Batches, p.seed),
			"S: a shift of the anchor's whole row. N: the anchor's other negatives. P: its other positives. X: the rows of other anchors.",
			"÷ a count in the loss's divisor changes with that part, and nothing else. ± both signs of G. ? no pair could respond.",
			"pairs: how many could respond, for the part with the fewest. The column Table 1 is that of Wang et al., CVPR 2019, for a negative.",
		},
		grid: &grid{header: []string{"loss", "positive", "pairs", "negative", "pairs", "Table 1"}},
	}
	for _, m := range measured {
		printed := "–"
		if m.choice.Spec.Table1 != 0 {
			printed = m.choice.Spec.Table1.String()
			if len(m.disagreements) > 0 {
				printed += " ≠"
			}
		}
		pos, neg := &m.ticks.Positive, &m.ticks.Negative
		s.grid.add(m.label(), tickCell(pos), strconv.Itoa(fewestPairs(pos)), tickCell(neg), strconv.Itoa(fewestPairs(neg)), printed)
	}
	s.remarks = disagreements(measured)
	for _, m := range measured {
		for _, remark := range m.remarks() {
			s.remarks = append(s.remarks, m.label()+": "+remark)
		}
	}
	return s
}

// remarks say how the loss was measured where that is not plain.
func (m *probed) remarks() []string {
	all := []string{}
	if m.choice.Traits()&losses.Stateful != 0 {
		all = append(all, "remembers batches; measured with a new state for each, so X is of this batch's other rows alone")
	}
	if m.choice.Traits()&losses.ReadsVectorMeans != 0 {
		all = append(all, "no function of S alone, so outside the paper's framework; measured for vectors whose coordinates have the mean 0")
	}
	return all
}

// disagreements has a line for each disagreement with the printed table, one for all losses that share it.
func disagreements(measured []probed) []string {
	var said []string
	names := map[string][]string{}
	for _, m := range measured {
		for _, d := range m.disagreements {
			text := disagreement(d)
			if names[text] == nil {
				said = append(said, text)
			}
			names[text] = append(names[text], m.label())
		}
	}
	for k, text := range said {
		said[k] = list(names[text]) + ": " + text
	}
	return said
}

func disagreement(d gpw.Disagreement) string {
	what := d.On.String() + " is measured and not printed; "
	if !d.Measured {
		what = d.On.String() + " is printed and not measured; "
	}
	if d.Why == "" {
		return what + "nobody has looked into a loss with these settings"
	}
	return what + d.Why
}

// tickCell writes a dependence as "SNP", "S ÷X", "const".
func tickCell(d *gpw.Dependence) string {
	ticks, divisor, unknown := "", "", ""
	for _, part := range gpw.Parts {
		switch e := d.On[part]; {
		case e.Depends():
			ticks += part.String()
		case e.Pairs == 0:
			unknown += part.String()
		case e.Divisor > 0:
			divisor += part.String()
		}
	}
	if ticks == "" {
		ticks = "const"
	}
	if d.SignChanges() {
		ticks += " ±"
	}
	if divisor != "" {
		ticks += " ÷" + divisor
	}
	if unknown != "" {
		ticks += " ?" + unknown
	}
	return ticks
}

// fewestPairs is on how many pairs the weakest of the parts rests.
func fewestPairs(d *gpw.Dependence) int {
	least := d.On[0].Pairs
	for _, e := range d.On {
		least = min(least, e.Pairs)
	}
	return least
}

// rare is the share of samples with weight below which indices are called rough.
const rare = 0.02

func (p *probing) effects(measured []probed) probeSection {
	s := probeSection{
		title: "How much",
		before: []string{
			fmt.Sprintf("Sobol' indices of G by Jansen's estimators, from two samples of %d rows (seed %d), with 95 %% bootstrap intervals.", p.samples, p.seed),
			"Drawn: c = S_ij, u_k = c − S_ik over the other negatives, v_p = c − S_ip over the other positives, and the other rows:",
			gpw.EffectRanges + ".",
			"S, N, P, X stand for c, u, v and the other rows. total: with all that a part does together with others; 0 where no sample and no batch of",
			"the ticks saw G change with it; < where such a batch alone did, the bound being what so many samples without a change leave open. first:",
			"alone. with weight: samples in which G is more than a hundredth of its largest. constant: G never changed, or not in these ranges, which are",
			"narrower than those of the ticks.",
		},
		grid: &grid{header: []string{"loss", "pair", "index", "S", "N", "P", "X", "with weight"}},
	}
	rough := false
	for _, m := range measured {
		for _, kind := range kinds {
			e := m.effects.Of(kind.positive)
			if e.Constant {
				s.grid.add(m.label(), kind.name, constantCell(m.ticks.Of(kind.positive)), "", "", "", "", percentCell(e.Active))
				continue
			}
			total, first := []string{m.label(), kind.name, "total"}, []string{"", "", "first"}
			for _, i := range e.On {
				total, first = append(total, intervalCell(i.Total)), append(first, intervalCell(i.First))
			}
			share := percentCell(e.Active)
			if e.Active < rare {
				share, rough = share+" *", true
			}
			s.grid.add(append(total, share)...)
			s.grid.add(append(first, "")...)
		}
	}
	if rough {
		s.remarks = []string{"* few samples have weight in these ranges: the indices are rough, and their intervals too short"}
	}
	return s
}

// constantCell says where a weight is constant in which the samples saw no change.
func constantCell(d *gpw.Dependence) string {
	for _, e := range d.On {
		if e.Depends() || e.Divisor > 0 {
			return "constant in these ranges"
		}
	}
	return "constant"
}

func intervalCell(i gpw.Interval) string {
	switch {
	case i == (gpw.Interval{}):
		return "0"
	case i.Value == 0 && i.Low == 0: // no sample met it; see gpw.Reconcile
		return fmt.Sprintf("< %.2g", i.High)
	}
	return fmt.Sprintf("%.2f [%.2f, %.2f]", i.Value, i.Low, i.High)
}

func percentCell(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }
