package results

// A Tuning is what a search for the settings of losses found, each loss with the same
// number of trials. All of it is judged on classes held out of the training classes; the
// test classes have no part in it.
type Tuning struct {
	Experiment string `json:"experiment"`
	Trials     int    `json:"trials"` // of every loss
	Seed       uint64 `json:"seed"`   // of the points, the folds and the batches
	Metric     string `json:"metric"` // what a trial is judged by, a key of Record.Metrics
	Folds      int    `json:"folds"`

	Datasets []TunedDataset `json:"datasets"`
}

// A TunedDataset is the part of a search on one data set.
type TunedDataset struct {
	Dataset DatasetInfo `json:"dataset"`
	Rows    []TunedRow  `json:"rows"` // in the order of the spec

	// Leaders are the rows that were the best so far, each from the number of trials from
	// which it was; there are several where tuning flips the ranking.
	Leaders []Leader `json:"leaders"`

	// Specs have the settings that were found: one, or one for each variant of a sweep.
	Specs []TunedSpecFile `json:"specs,omitempty"`
}

// A TunedSpecFile is a spec in the folder of a search, which gpw run takes.
type TunedSpecFile struct {
	File  string `json:"file"`
	Swept Swept  `json:"swept,omitempty"` // of its variant
}

// A TunedRow is the search of one loss.
type TunedRow struct {
	Label    string        `json:"label"`
	Loss     string        `json:"loss"`
	Preset   string        `json:"preset"`
	Searched []SearchRange `json:"searched"`
	Fixed    []string      `json:"fixed,omitempty"` // what was not searched, and why
	Trials   []TunedTrial  `json:"trials"`
	Best     int           `json:"best"` // of the trials, the first of equal ones; −1 if all failed

	// NearEnd are the values of the best trial that are near an end of their range, where
	// the domain goes on beyond it: a wider range may be better.
	NearEnd []NearEnd `json:"near_end,omitempty"`
}

// A NearEnd is a value near an end of the range that was searched.
type NearEnd struct {
	Path  string  `json:"path"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// A SearchRange is a setting that was searched.
type SearchRange struct {
	Path    string  `json:"path"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Log     bool    `json:"log"`     // by ratio
	Default float64 `json:"default"` // of trial 0
}

// A TunedTrial is one trial: the values of the settings that were searched, in their
// order, and what the training was worth with the number of steps that was best.
type TunedTrial struct {
	ID     string    `json:"id"`
	Values []float64 `json:"values"`
	Score  *float64  `json:"score"` // nil of one that failed
	Start  *float64  `json:"start"` // with 0 steps: of the head as it starts
	Steps  int       `json:"steps"`
	Failed string    `json:"failed,omitempty"`

	// BestSoFar is the best score of this trial and those before; nil where all failed.
	BestSoFar *float64 `json:"best_so_far"`
}

// A Leader is the row with the best score after so many trials of each.
type Leader struct {
	Trials int    `json:"trials"`
	Label  string `json:"label"`
}

// Conclude finds the best trials by the metric of the tuning, the curves of the best so
// far, and the leaders.
func (d *TunedDataset) Conclude(metric string) {
	better := Better(metric)
	for k := range d.Rows {
		d.Rows[k].conclude(better)
	}

	d.Leaders = nil
	for n := 1; ; n++ {
		leader, complete := "", false
		var best float64
		for _, r := range d.Rows {
			if n > len(r.Trials) {
				continue
			}
			complete = true
			if s := r.Trials[n-1].BestSoFar; s != nil && (leader == "" || better*(*s-best) > rounding) {
				leader, best = r.Label, *s
			}
		}
		if !complete {
			return
		}
		if last := len(d.Leaders) - 1; leader != "" && (last < 0 || d.Leaders[last].Label != leader) {
			d.Leaders = append(d.Leaders, Leader{n, leader})
		}
	}
}

// conclude takes 1 where larger scores are better, and −1 where smaller ones are.
func (r *TunedRow) conclude(better float64) {
	r.Best = -1
	var best *float64
	for k := range r.Trials {
		t := &r.Trials[k]
		if t.Score != nil && (best == nil || better*(*t.Score-*best) > rounding) {
			r.Best, best = k, t.Score
		}
		t.BestSoFar = best
	}
}
