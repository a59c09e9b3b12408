package analysis

// A Course is what figures show of the training of one loss.
type Course struct {
	Loss    string // loss and preset: multi_similarity.official
	Title   string // the loss as tables print it
	Caption string // its hyper-parameters; "" if it has none
	Dataset string // as tables print it
	Moments []Moment
	Clouds  []*Cloud // the batches that were kept, in the order of the steps; there may be none
}

// Shown returns n of the clouds at most: the first, the last, and others evenly between.
func (c *Course) Shown(n int) []*Cloud {
	if len(c.Clouds) <= n {
		return c.Clouds
	}
	if n == 1 {
		return c.Clouds[len(c.Clouds)-1:]
	}
	shown := make([]*Cloud, n)
	for k := range shown {
		shown[k] = c.Clouds[(k*(len(c.Clouds)-1)+(n-1)/2)/(n-1)]
	}
	return shown
}
