package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lmittmann/tint"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"gpwbench/experiments"
	"gpwbench/internal/escape"
	"gpwbench/plots/figures"
	"gpwbench/plots/report"
	"gpwbench/results"
	"gpwbench/results/table"
)

// A progress shows the progress of an experiment: bars on a terminal, and elsewhere an
// occasional line if it takes long. One bar is of the whole experiment, whose time left
// is that of its runs, its page and its figures; below it is one for each run that is
// made.
type progress struct {
	log      *slog.Logger
	out      io.Writer
	bars     *mpb.Progress // nil without a terminal
	mu       sync.Mutex
	total    *mpb.Bar            // nil while there is nothing to do
	current  map[string]*mpb.Bar // by run
	shares   map[string]float64  // of the runs that are being made, by run
	schedule schedule
	filled   int64     // of the bar
	started  time.Time // the runs
	figured  time.Time // the figures
	lastLine time.Time

	// What the bar shows. Its goroutine reads it while it draws, and may not wait for mu,
	// because a call of the bar waits for that goroutine.
	shown atomic.Pointer[moment]

	following bool // a line of follow stands, without its end
}

// quiet is the time between two lines without a terminal.
const quiet = 10 * time.Second

func newProgress(w io.Writer) *progress {
	p := &progress{log: slog.New(slog.NewTextHandler(w, nil)), out: w, current: map[string]*mpb.Bar{}, shares: map[string]float64{}, lastLine: time.Now()}
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

// barLength is the total of the bar of an experiment, which is filled by the share of the
// time that has passed.
const barLength = 1000

// Begin implements [experiments.Progress].
func (p *progress) Begin(runs, done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.started, p.figured = time.Now(), time.Now()
	p.schedule.runs, p.schedule.done, p.schedule.before = runs, done, done
	if done < runs {
		p.addTotal()
	}
}

// addTotal adds the bar of the experiment, on a terminal.
func (p *progress) addTotal() {
	if p.bars == nil || p.total != nil {
		return
	}
	p.total = p.bars.AddBar(barLength,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
			if m := p.shown.Load(); m != nil {
				return m.text
			}
			return ""
		})),
		mpb.AppendDecorators(decor.Percentage(), decor.Any(func(decor.Statistics) string { return "  " + p.shown.Load().timeLeft(time.Now()) })),
	)
	p.update()
}

// update shows how far the experiment is. The caller has the lock.
func (p *progress) update() {
	now := time.Now()
	p.schedule.partial = 0
	for _, share := range p.shares {
		p.schedule.partial += share
	}
	left, known := p.schedule.left(now.Sub(p.started), now.Sub(p.figured))
	p.shown.Store(&moment{p.schedule.String(), left, known, now})
	if p.total == nil || !known {
		return
	}
	passed := now.Sub(p.started)
	p.filled = max(p.filled, min(barLength-1, int64(barLength*float64(passed)/float64(passed+left+1)))) // it never goes back
	p.total.SetCurrent(p.filled)
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
	p.shares[c.String()] = float64(step) / float64(max(steps, 1))
	p.update()
}

// End implements [experiments.Progress].
func (p *progress) End(c experiments.PlannedRun, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.done++
	delete(p.shares, c.String())
	if err != nil {
		p.log.Error("failed", "run", escape.Line(c.String()), "error", escape.Lines(err.Error()))
	}

	p.figured = time.Now()
	if p.bars != nil {
		p.update()
		if bar := p.current[c.String()]; bar != nil {
			bar.Abort(true)
			delete(p.current, c.String())
		}
		return
	}

	p.line("running", "runs", p.schedule.runs, "done", p.schedule.done, "seconds", int(time.Since(p.started).Seconds()))
}

// expect says how many figures follow the runs, at the most.
func (p *progress) expect(figures int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.figures = max(p.schedule.figures, figures)
}

// expectPage says that a page follows the runs.
func (p *progress) expectPage() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.page = true
}

// written says that the page is written.
func (p *progress) written() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.page, p.figured = false, time.Now()
	p.update()
}

// drawn says how many figures are drawn of those that had to be.
func (p *progress) drawn(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.drawn, p.schedule.figures, p.schedule.page = done, total, false
	p.addTotal()
	p.update()
}

// A drawer draws the figures of an experiment, whose time left has that of the figures.
type drawer struct {
	figures.Folder
	progress *progress
}

func newDrawer(p *progress) drawer { return drawer{figures.Folder{Progress: p.drawn}, p} }

// Names implements [experiments.Figures].
func (d drawer) Names(records []results.Record) []string {
	names := d.Folder.Names(records)
	pictures := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".svg") {
			pictures++
		}
	}
	d.progress.expect(pictures)
	return names
}

// Draw implements [experiments.Figures].
func (d drawer) Draw(ctx context.Context, store *results.Store, to *results.Derived, records []results.Record) (int, error) {
	n, err := d.Folder.Draw(ctx, store, to, records)
	if err == nil {
		d.progress.allDrawn()
	}
	return n, err
}

// allDrawn says that no figure is left, as where those that are there were drawn before.
func (p *progress) allDrawn() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedule.figures = p.schedule.drawn
}

// A pageWriter writes the page of an experiment, and says when it is written.
type pageWriter struct {
	report.Writer
	progress *progress
}

// Write implements [experiments.Report].
func (w pageWriter) Write(ctx context.Context, store *results.Store, to *results.Derived, plan results.Plan, t *table.Table) (written bool, err error) {
	defer w.progress.written()
	return w.Writer.Write(ctx, store, to, plan, t)
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

	if s := p.schedule; p.total != nil && s.done == s.runs && !s.page && s.drawn >= s.figures {
		p.shown.Store(&moment{text: s.String(), known: true, at: time.Now()})
		p.total.SetCurrent(barLength)
	} else if p.total != nil {
		p.total.Abort(false)
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
