package protocol

import "fmt"

// Fixed measures the last step; nothing is chosen.
type Fixed struct{}

func (Fixed) Name() string { return "fixed" }

// Settings has the key every, always 0, because the ids of existing records contain it.
func (Fixed) Settings() map[string]any { return map[string]any{"name": "fixed", "every": 0} }

func (Fixed) Looks(done, steps int) bool { return false }

func (Fixed) Score(s Scores) float64 { return s.RecallExpected(1) }

func (Fixed) Report(metrics map[string]float64, chosen, last Scores) {}

func (Fixed) Note(steps, evaluations int) string {
	return fmt.Sprintf("%d steps, nothing chosen", steps)
}
