package report

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A together is the rows of several folders that were measured on the same data.
type together struct {
	Name    string // of the data set
	Folders []string
	Metrics []headData
	Rows    []togetherRow
}

// A togetherRow is a row of one folder, or of several that hold the same runs.
type togetherRow struct {
	Folder, Label, Head, Protocol string
	Seeds                         int
	Cells                         []cell // by metric
}

// A cell is a value of a table with what it is sorted by.
type cell struct {
	Text     string
	Value    number // null where there is none
	Mark     string // best, tied or ""
	Interval string // over test classes, "" where it is not known
	Rest     string // of a row's name, which a narrow window shows beside the label
}

// Sort is the value for the page's script, "" without one.
func (c cell) Sort() string {
	b, _ := c.Value.MarshalJSON()
	if string(b) == "null" {
		return ""
	}
	return string(b)
}

// comparable finds the data sets that two folders or more have in common, with the same
// vectors, labels and split. The names are those of the folders. The sentences say what
// is not compared.
func comparable(folders []*Folder, names []string) (all []together, sentences []string) {
	groups := map[string][]blockPlace{}
	var keys, alone []string
	for k, f := range folders {
		for b := range f.table.Blocks {
			key := splitKey(f.table.Blocks[b].Rows[0].Runs[0])
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], blockPlace{k, b})
		}
	}
	for _, key := range keys {
		first := groups[key][0]
		block := folders[first.folder].table.Blocks[first.block]
		if !slices.ContainsFunc(groups[key], func(p blockPlace) bool { return p.folder != first.folder }) {
			alone = append(alone, fmt.Sprintf("%s of %s", block.DatasetName(), names[first.folder]))
			continue
		}
		all = append(all, jointly(folders, names, groups[key]))
	}
	if len(alone) > 0 {
		sentences = append(sentences, "Only one folder has these data with this split: "+strings.Join(alone, ", ")+".")
	}
	return all, sentences
}

// A blockPlace is a block of a folder.
type blockPlace struct{ folder, block int }

// splitKey is equal for runs whose numbers are of the same test rows.
func splitKey(r results.Record) string {
	split := ""
	if s, err := r.ReadSettings(); err == nil {
		split = s.Dataset.Split + " " + s.Dataset.Partition
	}
	return fmt.Sprintf("%s %s %d %d", r.Dataset.Checksum, split, r.Dataset.TestRows, r.Dataset.TestClasses)
}

// jointly takes the rows of some blocks together, in their order. Rows of the same runs
// stand once.
func jointly(folders []*Folder, names []string, blocks []blockPlace) together {
	t := together{Name: folders[blocks[0].folder].table.Blocks[blocks[0].block].DatasetName()}
	var keys []string
	for _, p := range blocks {
		t.Folders = append(t.Folders, names[p.folder])
		for _, m := range folders[p.folder].table.Blocks[p.block].Metrics() {
			if !slices.Contains(keys, m) {
				keys = append(keys, m)
			}
		}
	}
	slices.SortFunc(keys, results.CompareMetrics)
	for _, m := range keys {
		t.Metrics = append(t.Metrics, headData{metricTitle(m), m})
	}

	seen := map[string]int{}
	for _, p := range blocks {
		b := folders[p.folder].table.Blocks[p.block]
		for _, r := range b.Rows {
			ids := ""
			for _, run := range r.Runs {
				ids += run.ID
			}
			if k, ok := seen[ids]; ok {
				t.Rows[k].Folder += ", " + names[p.folder]
				continue
			}
			seen[ids] = len(t.Rows)
			row := togetherRow{Folder: names[p.folder], Label: b.RowName(r), Head: r.Head, Protocol: r.Protocol, Seeds: len(r.Runs)}
			for _, m := range keys {
				row.Cells = append(row.Cells, cellOf(m, r.Metrics))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func cellOf(metric string, of map[string]stats.Stat) cell {
	s, ok := of[metric]
	if !ok {
		return cell{Text: "–", Value: missing}
	}
	c := cell{Text: text(metric, s.Mean), Value: unit(metric) * number(s.Mean)}
	if s.SD != nil {
		c.Text += " ± " + text(metric, *s.SD)
	}
	return c
}
