package cli

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// What the page and a figure of an experiment take, on one core, until figures of this
// command say better.
const (
	reportTime = 3 * time.Second
	figureTime = 330 * time.Millisecond
)

// A schedule is how far an experiment is: its runs, then its page, then its figures.
type schedule struct {
	runs, done int
	before     int     // of done, those of earlier commands
	partial    float64 // shares of the runs that are being made, in sum

	page           bool // is still to be written
	figures, drawn int  // to draw, as far as is known
}

// left estimates how long the rest takes. running is how long runs were made, and drawing
// how long figures were drawn. Before a step of a run is made there is no estimate.
func (s schedule) left(running, drawing time.Duration) (left time.Duration, known bool) {
	if todo := float64(s.runs-s.done) - s.partial; todo > 0 {
		made := float64(s.done-s.before) + s.partial
		if made <= 0 {
			return 0, false
		}
		left += time.Duration(float64(running) / made * todo)
	}
	if s.page {
		left += reportTime
	}

	each := figureTime / time.Duration(runtime.GOMAXPROCS(0))
	if s.drawn > 0 {
		each = drawing / time.Duration(s.drawn)
	}
	return left + each*time.Duration(max(s.figures-s.drawn, 0)), true
}

// String says how much is done of what is begun.
func (s schedule) String() string {
	text := fmt.Sprintf("runs %d / %d", s.done, s.runs)
	switch {
	case s.done < s.runs:
	case s.drawn > 0:
		text += fmt.Sprintf(", figures %d / %d", s.drawn, s.figures)
	case s.page:
		text += ", page"
	}
	return text
}

// A moment is what the bar of an experiment shows from some time on.
type moment struct {
	text  string
	left  time.Duration
	known bool
	at    time.Time
}

// timeLeft is the time left at a time, in whole seconds, or a dash.
func (m *moment) timeLeft(now time.Time) string {
	if m == nil || !m.known {
		return "–"
	}
	left := max(m.left-now.Sub(m.at), 0).Round(time.Second).String()
	if minutes, isWhole := strings.CutSuffix(left, "m0s"); isWhole && minutes != "" {
		return minutes + "m"
	}
	return left
}
