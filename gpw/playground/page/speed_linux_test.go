//go:build browser

package page_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gpwbench/internal/browsertest"
)

// What a step of sixty points that is drawn takes, of the page's one thread and of all of
// Chromium, by the time of the processor; thirty a second leave 33 ms of the first. Each
// page is new, because a browser compiles what runs often while it runs, so the first
// steps cost the most. On one page the steps begin while its losses are still measured.
// The times are printed and not judged: they are those of the machine. What is judged is
// that every step is made and shown.
func TestSpeedOfSteps(t *testing.T) {
	for _, c := range []struct{ name, surface, wait string }{
		{"circle", "circle", `page.panels.every(q => q.result)`},
		{"circle, from the start of the measurements", "circle", `page.panels.every(q => !q.result)`},
		{"sphere", "sphere", `page.panels.every(q => q.result)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := opened(t)
			p.Resize(1280, 900)
			p.Choose("#surface", c.surface)
			p.Fill("#classes", "6")
			p.Fill("#each", "10")
			p.Click("#arrange button")
			p.Wait(`page.state.labels.length === 60 && ` + c.wait)
			browsertest.Eval[any](p, `scrollTo(0, 0), null`)
			speedOfSteps(t, p)
		})
	}
}

// speedOfSteps prints what steps take, and the steps a second that Run then reaches.
func speedOfSteps(t *testing.T, p *browsertest.Page) {
	const rounds, steps, batch = 4, 50, 10
	for round := range rounds {
		threadBefore, allBefore := processorTimes(t)
		for range steps / batch { // an evaluation must end within seconds on a busy machine too
			browsertest.Eval[any](p, fmt.Sprintf(`(async () => {
				const drawn = frames;
				page.running = true;
				while (frames < drawn + %d) {
					owed = last = 0; // one step is due at each drawing
					changed();
					await new Promise(requestAnimationFrame);
				}
				page.running = false;
			})().then(() => null)`, batch))
		}
		threadAfter, allAfter := processorTimes(t)
		thread, all := (threadAfter-threadBefore)/steps, (allAfter-allBefore)/steps

		t.Logf("steps %d to %d: %v of the page's thread and %v of all of Chromium for each", round*steps+1, (round+1)*steps, thread, all)
		if thread <= 0 || all < thread {
			t.Errorf("a step took %v of the page's thread and %v in all", thread, all)
		}
	}
	if counts := p.Text("#panel-0 [data-is=counts]"); !strings.HasPrefix(counts, fmt.Sprintf("step %d;", rounds*steps)) {
		t.Errorf("after %d steps the page says %q", rounds*steps, counts)
	}

	browsertest.Eval[any](p, `one('run').click(), null`)
	p.Wait(`one('speed').textContent !== ''`)
	t.Logf("Run: %s", p.Text("#speed"))
}

// processorTimes returns the time that the busiest main thread of a page has taken, and
// that of all threads of the processes that this test has started.
func processorTimes(t *testing.T) (thread, all time.Duration) {
	t.Helper()
	parents := map[int]int{}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if pid, parent, ok := parentOf(file); ok {
			parents[pid] = parent
		}
	}

	for pid := range parents {
		ancestor := parents[pid]
		for ancestor > 1 && ancestor != os.Getpid() {
			ancestor = parents[ancestor]
		}
		if ancestor != os.Getpid() {
			continue
		}
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid)) // the pattern is well formed
		for _, file := range threads {
			all += onProcessor(file)
		}
		if command, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); bytes.Contains(command, []byte("--type=renderer")) {
			thread = max(thread, onProcessor(fmt.Sprintf("/proc/%d/task/%[1]d/schedstat", pid)))
		}
	}
	if thread == 0 {
		t.Fatal("no process of a page is there")
	}
	return thread, all
}

// parentOf reads the number of a process and that of its parent.
func parentOf(file string) (pid, parent int, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, 0, false // it has ended
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // the name may have blanks
	if len(fields) < 2 {
		return 0, 0, false
	}
	pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(file)))
	parent, _ = strconv.Atoi(fields[1])
	return pid, parent, true
}

// onProcessor reads the time that a thread has taken, 0 for one that has ended.
func onProcessor(file string) time.Duration {
	text, _ := os.ReadFile(file)
	fields := strings.Fields(string(text))
	if len(fields) == 0 {
		return 0
	}
	ns, _ := strconv.ParseInt(fields[0], 10, 64)
	return time.Duration(ns)
}
