package report

import (
	"cmp"
	"maps"
	"slices"

	"gpwbench/results"
	"gpwbench/results/table"
)

// A recallData is Recall@K of the rows of a set against K, in percent.
type recallData struct {
	Ks   []int         `json:"ks"`
	Rows []recallCurve `json:"rows"` // one for each row of the set
}

type recallCurve struct {
	Values []number `json:"values"` // by K; null where it was not measured
	Texts  []string `json:"texts"`
}

// recallCurves is nil where Recall@K was measured at fewer than two K.
func recallCurves(b table.Block) *recallData {
	d := &recallData{}
	keys := map[int]string{}
	for _, key := range b.Metrics() {
		if m, k, _ := results.FindMetric(key); m.Name == results.Recall {
			keys[k] = key
		}
	}
	d.Ks = slices.Sorted(maps.Keys(keys))
	if len(d.Ks) < 2 {
		return nil
	}
	for _, r := range b.Rows {
		var c recallCurve
		for _, k := range d.Ks {
			value, written := missing, "–"
			if s, ok := r.Metrics[keys[k]]; ok {
				value, written = 100*number(s.Mean), text(keys[k], s.Mean)
				if s.SD != nil {
					written += " ± " + text(keys[k], *s.SD)
				}
			}
			c.Values, c.Texts = append(c.Values, value), append(c.Texts, written)
		}
		d.Rows = append(d.Rows, c)
	}
	return d
}

// A curveData is one quantity of the trainings of a set, step by step.
type curveData struct {
	Key   string          `json:"key"`
	Title string          `json:"title"`
	Axis  string          `json:"axis"`
	Rows  []learningCurve `json:"rows"`
	Thin  string          `json:"thin,omitempty"` // which steps are left out

	thinned bool // steps are left out
}

// A learningCurve is the mean of a quantity over the seeds of a row, with the lowest and
// the highest of them, at the steps that all of them have.
type learningCurve struct {
	Row    int      `json:"row"` // place in the rows of the set
	Steps  []number `json:"steps"`
	Mean   []number `json:"mean"`
	Low    []number `json:"low"`
	High   []number `json:"high"`
	Seeds  int      `json:"seeds"`
	Chosen []number `json:"chosen,omitempty"` // the steps that were chosen, by seed
}

// mostSteps is how many steps of a curve are drawn.
const mostSteps = 100

// A series is a quantity of one run.
type series struct {
	key, title, axis string
	steps, values    []float64
	chosen           *float64
}

// seriesOf are the quantities of a run that have two steps or more: the metric by which a
// number of steps was chosen on held-out classes, metrics on the test classes, and the
// loss of the batches.
func seriesOf(r results.Record) []series {
	var all []series
	if v := r.Validation; v != nil && v.Chosen == results.ChoseSteps {
		s := series{key: "held-out " + v.Metric, title: metricTitle(v.Metric) + " on held-out classes, in folds that differ between seeds", axis: axis(v.Metric), chosen: &v.Value}
		for _, p := range v.Points {
			s.steps, s.values = append(s.steps, p.Value), append(s.values, float64(unit(v.Metric))*p.Mean)
		}
		all = append(all, s)
	}

	measured := map[string]*series{}
	loss := series{key: "loss", title: "Loss of the batch", axis: "loss L"}
	for _, p := range r.Trajectory {
		loss.steps, loss.values = append(loss.steps, float64(p.Step)), append(loss.values, p.Loss)
		for key, m := range p.Metrics {
			if metricTitle(key) == key {
				continue // tables do not print it
			}
			s := measured[key]
			if s == nil {
				s = &series{key: key, title: metricTitle(key) + " on the test classes", axis: axis(key)}
				if chosen := float64(r.Steps); r.TestEvaluations > 1 && r.Validation == nil {
					s.chosen = &chosen
				}
				measured[key] = s
			}
			s.steps, s.values = append(s.steps, float64(p.Step)), append(s.values, float64(unit(key))*m)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(measured), results.CompareMetrics) {
		all = append(all, *measured[key])
	}
	all = append(all, loss)
	return slices.DeleteFunc(all, func(s series) bool { return len(s.steps) < 2 })
}

func axis(metric string) string {
	if results.IsShare(metric) {
		return metricTitle(metric) + ", %"
	}
	return metricTitle(metric)
}

// learningCurves are those of a block, what was chosen by first and the loss last.
func learningCurves(b table.Block) []curveData {
	curves := []curveData{}
	for row, r := range b.Rows {
		bySeed := map[string][]series{}
		var keys []string
		for _, run := range r.Runs {
			for _, s := range seriesOf(run) {
				if bySeed[s.key] == nil {
					keys = append(keys, s.key)
				}
				bySeed[s.key] = append(bySeed[s.key], s)
			}
		}
		for _, key := range keys {
			all := bySeed[key]
			k := slices.IndexFunc(curves, func(c curveData) bool { return c.Key == key })
			if k < 0 {
				k = len(curves)
				curves = append(curves, curveData{Key: key, Title: all[0].title, Axis: all[0].axis})
			}
			c, thinned := averaged(row, all)
			if len(c.Steps) > 0 {
				curves[k].Rows = append(curves[k].Rows, c)
			}
			curves[k].thinned = curves[k].thinned || thinned
		}
	}
	slices.SortStableFunc(curves, func(x, y curveData) int { return cmp.Compare(last(x), last(y)) })
	return curves
}

// last puts the loss behind the metrics.
func last(c curveData) int {
	if c.Key == "loss" {
		return 1
	}
	return 0
}

// averaged takes the seeds of a row together, and reports whether steps were left out.
func averaged(row int, all []series) (c learningCurve, thinned bool) {
	c = learningCurve{Row: row, Seeds: len(all)}
	for _, s := range all {
		if s.chosen != nil {
			c.Chosen = append(c.Chosen, number(*s.chosen))
		}
	}
	var steps []float64
	values := map[float64][]float64{}
	for _, s := range all {
		for k, step := range s.steps {
			values[step] = append(values[step], s.values[k])
		}
	}
	for _, step := range all[0].steps {
		if len(values[step]) == len(all) {
			steps = append(steps, step)
		}
	}
	for _, k := range evenly(len(steps), mostSteps) {
		v := values[steps[k]]
		sum := 0.0
		for _, x := range v {
			sum += x
		}
		c.Steps, c.Mean = append(c.Steps, number(steps[k])), append(c.Mean, number(sum/float64(len(v))))
		c.Low, c.High = append(c.Low, number(slices.Min(v))), append(c.High, number(slices.Max(v)))
	}
	return c, len(steps) > mostSteps
}

// evenly returns at most m of the numbers below n, evenly spaced, the first and the last
// among them.
func evenly(n, m int) []int {
	var chosen []int
	if n <= m {
		for k := range n {
			chosen = append(chosen, k)
		}
		return chosen
	}
	if m == 1 {
		return []int{0}
	}
	for k := range m {
		chosen = append(chosen, (k*(n-1)+(m-1)/2)/(m-1))
	}
	return chosen
}
