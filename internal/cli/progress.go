package cli

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/lmittmann/tint"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"gpwbench/experiments"
	"gpwbench/internal/escape"
)

// A progress shows the progress of an experiment: bars on a terminal, and elsewhere an
// occasional line if it takes long.
type progress struct {
	log      *slog.Logger
	out      io.Writer
	bars     *mpb.Progress // nil without a terminal
	mu       sync.Mutex
	total    *mpb.Bar
	current  map[string]*mpb.Bar // by run
	drawing  *mpb.Bar            // nil while no figure is drawn
	then     string              // what follows the runs, which their time left leaves out
	runs     int
	done     int
	started  time.Time
	lastLine time.Time

	following bool // a line of follow stands, without its end
}

// quiet is the time between two lines without a terminal.
const quiet = 10 * time.Second

func newProgress(w io.Writer) *progress {
	p := &progress{log: slog.New(slog.NewTextHandler(w, nil)), out: w, current: map[string]*mpb.Bar{}, lastLine: time.Now()}
	if terminal(w) {
		p.bars = newBars(w)
		p.log = slog.New(tint.NewHandler(lines{p}, &tint.Options{TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""}))
	}
	return p
}

// newBars returns bars without any yet, on a terminal.
func newBars(w io.Writer) *mpb.Progress {
	return mpb.New(mpb.WithConsoleWriter(&console{out: w.(*os.File)}), mpb.WithRefreshRate(100*time.Millisecond))
}

// terminal reports whether w can show bars: a terminal that moves its cursor.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// lines writes above the bars. Before there is a bar, mpb would keep the text, and lose
// it if no bar comes.
type lines struct{ p *progress }

func (l lines) Write(b []byte) (int, error) {
	if l.p.total == nil {
		return l.p.out.Write(b)
	}
	return l.p.bars.Write(b)
}

// Loading implements [experiments.Progress].
func (p *progress) Loading(dataset string) { p.line("loading", "dataset", dataset) }

// Note implements [experiments.Progress].
func (p *progress) Note(text string) { p.log.Warn(escape.Line(text)) }

// line logs without a terminal, if there has been no line for the time quiet.
func (p *progress) line(message string, args ...any) {
	if p.bars != nil || time.Since(p.lastLine) < quiet {
		return
	}
	p.lastLine = time.Now()
	p.log.Info(message, args...)
}

// Begin implements [experiments.Progress].
func (p *progress) Begin(runs, done int) {
	p.runs, p.done, p.started = runs, done, time.Now()
	if done == runs || p.bars == nil {
		return
	}
	then := ""
	if p.then != "" {
		then = ", then " + p.then
	}
	p.total = p.bars.AddBar(int64(runs),
		mpb.PrependDecorators(decor.Name("runs "), decor.CountersNoUnit("%d / %d")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO), decor.Name(then)),
	)
	p.total.SetCurrent(int64(done))
	p.total.DecoratorAverageAdjust(p.started)
}

// Step implements [experiments.Progress].
func (p *progress) Step(c experiments.PlannedRun, step, steps int) {
	if p.bars == nil {
		return
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	bar := p.current[c.String()]
	if bar == nil {
		bar = p.bars.AddBar(int64(steps), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("  "+escape.Line(c.String()), decor.WCSyncSpaceR), decor.CountersNoUnit("%d / %d", decor.WCSyncSpace)))
		p.current[c.String()] = bar
	}

	bar.SetCurrent(int64(step))
}

// End implements [experiments.Progress].
func (p *progress) End(c experiments.PlannedRun, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if err != nil {
		p.log.Error("failed", "run", escape.Line(c.String()), "error", escape.Lines(err.Error()))
	}

	if p.bars != nil {
		p.total.Increment()
		if bar := p.current[c.String()]; bar != nil {
			bar.Abort(true)
			delete(p.current, c.String())
		}
		return
	}

	p.line("running", "runs", p.runs, "done", p.done, "seconds", int(time.Since(p.started).Seconds()))
}

// figures shows how many figures are drawn and the time left, on a terminal only.
func (p *progress) figures(done, total int) {
	if p.bars == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawing == nil {
		p.drawing = p.bars.AddBar(int64(total), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name("figures "), decor.CountersNoUnit("%d / %d")),
			mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
	}
	p.drawing.SetCurrent(int64(done))
}

// wait removes the bars, finished or not.
func (p *progress) wait() {
	if p.bars == nil {
		return
	}
	if p.following {
		fmt.Fprintln(p.out)
	}

	p.mu.Lock()
	for _, bar := range p.current {
		bar.Abort(true)
	}

	if p.total != nil && !p.total.Completed() {
		p.total.Abort(false)
	}

	if p.drawing != nil && !p.drawing.Completed() {
		p.drawing.Abort(true)
	}

	p.mu.Unlock()
	p.bars.Wait()
}

// counter shows how many of total things are done, and the time left: a bar on a
// terminal, and nothing elsewhere. step adds to them, and done removes the bar.
func counter(w io.Writer, what string, total int) (step func(n int), done func()) {
	if !terminal(w) {
		return func(int) {}, func() {}
	}

	bars := newBars(w)
	bar := bars.AddBar(int64(total), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(what+" "), decor.CountersNoUnit("%d / %d")),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
	return bar.IncrBy, func() {
		if !bar.Completed() {
			bar.Abort(true)
		}
		bars.Wait()
	}
}
