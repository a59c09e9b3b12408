package protocol

// None is the protocol of rows that are not trained. No spec names it.
type None struct{}

func (None) Name() string { return "none" }

func (None) Settings() map[string]any { return map[string]any{"name": "none"} }

func (None) Looks(done, steps int) bool { return false }

func (None) Score(s Scores) float64 { return s.RecallExpected(1) }

func (None) Report(metrics map[string]float64, chosen, last Scores) {}

func (None) Note(steps, evaluations int) string { return "nothing trained, nothing chosen" }
