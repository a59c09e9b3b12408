package experiments

import (
	"encoding/json"
	"fmt"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/results"
)

// A rowPlace is a row of a spec on a data set, by their numbers.
type rowPlace struct {
	dataset  int
	baseline int // −1 of a loss
	row      int // −1 of a baseline

	elsewhere int // −1 of a row that is trained here
}

// placeOf finds a planned run in its spec.
func placeOf(s *spec.Spec, c PlannedRun) rowPlace {
	at := rowPlace{-1, -1, -1, -1}
	for k := range s.Datasets {
		if &s.Datasets[k] == c.Dataset {
			at.dataset = k
		}
	}
	for k := range s.Baselines {
		if &s.Baselines[k] == c.Baseline {
			at.baseline = k
		}
	}
	for k := range s.Losses {
		if &s.Losses[k] == c.Row {
			at.row = k
		}
	}
	for k := range s.Elsewhere {
		if &s.Elsewhere[k] == c.Elsewhere {
			at.elsewhere = k
		}
	}
	return at
}

// A sweepPlan finds out which rows a key of a sweep changes, and which values a run is
// of.
//
// A key touches a row if, all other keys being equal, two of its values give the row
// runs of different settings; a key of one value touches a row if the row's settings
// have that value. A row that no key touches has the same runs in all variants, and is
// in the plan once.
type sweepPlan struct {
	spec     *spec.Spec
	variants int
	met      map[rowPlace]*sweptRow
	swept    map[string][]results.Swept
	labels   map[string]string
	known    map[string]bool // of swept: an id with values
}

// A sweptRow is what the variants have in place of one row.
type sweptRow struct {
	ids    map[uint64][]string // by seed: of each variant, "" where the row is left out
	first  []byte              // the settings of the first run that was met
	label  string              // of all, or that of the row without the sweep
	labels map[string]bool
	by     []bool // the keys that touch it
}

func newSweepPlan(s *spec.Spec, variants int) sweepPlan {
	return sweepPlan{
		spec: s, variants: variants, met: map[rowPlace]*sweptRow{},
		swept: map[string][]results.Swept{}, labels: map[string]string{}, known: map[string]bool{},
	}
}

// meet takes the job that a variant has in a place.
func (p *sweepPlan) meet(v int, at rowPlace, j job) {
	row := p.met[at]
	if row == nil {
		row = &sweptRow{ids: map[uint64][]string{}, first: j.record.Settings, labels: map[string]bool{}, by: make([]bool, len(p.spec.Sweep))}
		p.met[at] = row
	}
	if row.ids[j.Seed] == nil {
		row.ids[j.Seed] = make([]string, p.variants)
	}
	row.ids[j.Seed][v] = j.record.ID
	row.labels[j.record.Label] = true
	row.label = j.record.Label
}

// conclude finds the keys that touch each row, and its label.
func (p *sweepPlan) conclude() {
	for at, row := range p.met {
		stride := p.variants
		for k, key := range p.spec.Sweep {
			stride /= len(key.Values)
			if len(key.Values) == 1 {
				row.by[k] = p.touchesAlone(key, at, row.first)
			}
			for _, ids := range row.ids {
				row.by[k] = row.by[k] || touches(ids, stride, len(key.Values))
			}
		}
		switch {
		case len(row.labels) == 1:
		case at.row >= 0:
			row.label = p.spec.Losses[at.row].Label
		case at.elsewhere >= 0:
			row.label = p.spec.Elsewhere[at.elsewhere].Label
		default:
			row.label = p.spec.Baselines[at.baseline].Label()
		}
	}
}

// touches reports whether the runs of variants differ along a key: those that are stride
// apart have neighbouring values of it.
func touches(ids []string, stride, values int) bool {
	for v := range ids {
		if v/stride%values > 0 {
			continue // met from the first value on
		}
		first := ""
		for k := range values {
			id := ids[v+k*stride]
			if first == "" {
				first = id
			}
			if id != "" && id != first {
				return true
			}
		}
	}
	return false
}

// check refuses a key that touches no row.
func (p *sweepPlan) check(s *spec.Spec) error {
	wrong := new(spec.SpecError)
	for k, key := range s.Sweep {
		touched := len(key.Values) == 1
		for _, row := range p.met {
			touched = touched || row.by[k]
		}
		if !touched {
			wrong.Problems = append(wrong.Problems, fmt.Sprintf("%s: %s changes no run: the data sets or the rows have their own, or nothing takes it; leave it out",
				s.Where("sweep."+key.Path), key.Path))
		}
	}
	if len(wrong.Problems) > 0 {
		return wrong
	}
	return nil
}

// rowsOf names the rows that a key touches, where it does not touch all that are trained.
func (p *sweepPlan) rowsOf(key int) string {
	var rows []string
	all := true
	for k := range p.spec.Losses {
		touched := false
		for at, row := range p.met {
			touched = touched || at.row == k && row.by[key]
		}
		if all = all && touched; touched {
			rows = append(rows, p.spec.Losses[k].Label)
		}
	}
	if all || len(rows) == 0 {
		return ""
	}
	return " (of " + strings.Join(rows, ", ") + ")"
}

// label is the row that a job stands in.
func (p *sweepPlan) label(at rowPlace) string { return p.met[at].label }

// valuesOf leaves of a variant's values those of keys that touch the row.
func (p *sweepPlan) valuesOf(at rowPlace, all []spec.Swept) []spec.Swept {
	var touched []spec.Swept
	for k, s := range all {
		if p.met[at].by[k] {
			touched = append(touched, s)
		}
	}
	return touched
}

// place notes the values and the label of a run.
func (p *sweepPlan) place(j job, swept []spec.Swept, label string) {
	id := j.record.ID
	if label != j.record.Label {
		p.labels[id] = label
	}
	if len(swept) == 0 {
		return
	}
	if key := id + spec.SweptText(swept); !p.known[key] {
		p.known[key] = true
		p.swept[id] = append(p.swept[id], sweptRecord(swept))
	}
}

// write writes the sweep into a plan.
func (p *sweepPlan) write(to *results.Plan) {
	for _, key := range p.spec.Sweep {
		values := make([]any, len(key.Values))
		for k, v := range key.Values {
			values[k] = asJSON(v)
		}
		to.Sweep = append(to.Sweep, results.SweepKey{Path: key.Path, Values: values})
	}
	if len(p.swept) > 0 {
		to.Swept = p.swept
	}
	if len(p.labels) > 0 {
		to.Labels = p.labels
	}
}

// variantText names the values of a variant.
func (p *sweepPlan) variantText(v int) string {
	var words []string
	stride := p.variants
	for _, key := range p.spec.Sweep {
		stride /= len(key.Values)
		words = append(words, spec.Swept{Path: key.Path, Value: key.Values[v/stride%len(key.Values)], Among: key.Values}.String())
	}
	return "with " + strings.Join(words, ", ")
}

// sweptRecord are swept values as a record has them.
func sweptRecord(all []spec.Swept) results.Swept {
	if len(all) == 0 {
		return nil
	}
	swept := results.Swept{}
	for _, s := range all {
		swept[s.Path] = asJSON(s.Value)
	}
	return swept
}

// asJSON returns a value of YAML as it is when it is read from JSON, so that a record in
// memory is the one in the folder.
func asJSON(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	var read any
	if json.Unmarshal(text, &read) != nil {
		return fmt.Sprint(v)
	}
	return read
}
