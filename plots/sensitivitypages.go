package plots

import (
	"fmt"
	"slices"
)

// SensitivityLines is how many rows have room in one figure.
const SensitivityLines = 10

// Pages divides the rows among figures of at most [SensitivityLines]. The lines of one
// label stay together where they have room. A row has the same colour and mark on all
// pages as it would have in one figure, and the axes of a data set are the same on all.
// There is at least one page.
func (d *Sensitivity) Pages() []*Sensitivity {
	whole := d.drawable()
	whole.series = whole.allSeries()
	var pages [][]string
	for _, group := range whole.groups() {
		if last := len(pages) - 1; last >= 0 && len(pages[last])+len(group) <= SensitivityLines {
			pages[last] = append(pages[last], group...)
			continue
		}
		for part := range slices.Chunk(group, SensitivityLines) {
			pages = append(pages, slices.Clone(part))
		}
	}
	if len(pages) < 2 {
		return []*Sensitivity{whole}
	}

	var all []*Sensitivity
	for k, names := range pages {
		all = append(all, whole.page(names, fmt.Sprintf("Part %d of %d: colours, marks and axes are the same in all parts.", k+1, len(pages))))
	}
	for k := range whole.Panels { // the room for level lines is that of the fullest page
		most := 0
		for _, page := range all {
			most = max(most, levels(page.Panels[k].Lines))
		}
		for _, page := range all {
			page.Panels[k].level = most
		}
	}
	return all
}

// page is a figure of some rows.
func (d *Sensitivity) page(names []string, part string) *Sensitivity {
	page := *d
	page.part, page.Panels = part, slices.Clone(d.Panels)
	for k := range page.Panels {
		p := &page.Panels[k]
		p.all = p.Lines
		p.Lines = slices.DeleteFunc(slices.Clone(p.Lines), func(l SensitivityLine) bool { return !slices.Contains(names, l.Name) })
	}
	return &page
}

// levels counts level lines.
func levels(lines []SensitivityLine) int {
	n := 0
	for _, l := range lines {
		if l.Constant {
			n++
		}
	}
	return n
}

// groups are the names of the lines, those of one label together.
func (d *Sensitivity) groups() [][]string {
	var groups [][]string
	of := map[string]int{}
	seen := map[string]bool{}
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			if seen[l.Name] {
				continue
			}
			seen[l.Name] = true
			k, ok := of[l.label()]
			if !ok {
				k = len(groups)
				of[l.label()], groups = k, append(groups, nil)
			}
			groups[k] = append(groups[k], l.Name)
		}
	}
	return groups
}

// label is what lines of one colour have in common.
func (l SensitivityLine) label() string {
	if l.Label == "" {
		return l.Name
	}
	return l.Label
}

// allSeries says how the rows are drawn, by name. Lines of one label are variants of one
// series, and the place of a label among Labels decides which: so a loss looks alike in
// all figures of a folder, whichever rows they show.
func (d *Sensitivity) allSeries() map[string]series {
	place := map[string]int{}
	for _, label := range d.Labels {
		if _, ok := place[label]; !ok {
			place[label] = len(place)
		}
	}

	all, variants := map[string]series{}, map[string]int{}
	for _, p := range d.Panels {
		for _, l := range p.Lines {
			if _, ok := all[l.Name]; ok {
				continue
			}
			label := l.label()
			k, ok := place[label]
			if !ok {
				k = len(place)
				place[label] = k
			}
			all[l.Name] = seriesOf(k, variants[label])
			variants[label]++
		}
	}
	return all
}
