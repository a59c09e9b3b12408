package status

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// mostListed is how many runs text lists one by one. More are summed up.
const mostListed = 20

// A group is runs of which text says the same: of one row of the table, in one state, for
// one reason, and in one array of tasks.
type group struct {
	runs []*Run
}

// groupsOf puts runs together in the order of their first, or each alone where every is
// set or they are few.
func groupsOf(runs []Run, every bool) (groups []*group) {
	alone := every || len(runs) <= mostListed
	met := map[string]*group{}
	for k := range runs {
		r := &runs[k]
		key := r.kind()
		if alone {
			key = strconv.Itoa(k)
		}
		g := met[key]
		if g == nil {
			g = &group{}
			met[key] = g
			groups = append(groups, g)
		}
		g.runs = append(g.runs, r)
	}
	return groups
}

// kind is the same for runs of one group.
func (r *Run) kind() string {
	parts := []string{string(r.State), r.row(), r.Revision, r.Error}
	if r.Problem != "" {
		parts = append(parts, r.ID) // it names a file
	}
	if t := r.Task; t != nil {
		array, _, _ := strings.Cut(t.Job, "_")
		parts = append(parts, array, t.State, strings.Replace(t.Hint, t.Job, "", 1))
	}
	return strings.Join(parts, "\x00")
}

// row is the name of a run without its seed.
func (r *Run) row() string {
	row, seed, _ := cutLast(r.Run, ", seed ")
	if _, err := strconv.ParseUint(seed, 10, 64); err != nil {
		return r.Run
	}
	return row
}

func cutLast(text, at string) (before, after string, found bool) {
	if k := strings.LastIndex(text, at); k >= 0 {
		return text[:k], text[k+len(at):], true
	}
	return text, "", false
}

// cells are those of a line for several runs: their number, the processes' hosts, the
// earliest time, and the least of what is left of leases. What is said of all is that of
// the first.
func (g *group) cells() []string {
	first := g.runs[0]
	cells := first.cells()
	name := fmt.Sprintf("%d runs", len(g.runs))
	if row := first.row(); row != "" {
		name = row + ", " + name
	}

	var since time.Time
	var left *float64
	again := 0
	for _, r := range g.runs {
		again += r.Again
		if r.Process == nil {
			continue
		}
		if since.IsZero() || r.Process.Since.Before(since) {
			since = r.Process.Since
		}
		if l := r.Process.LeaseLeft; l != nil && (left == nil || *l < *left) {
			left = l
		}
	}
	least := Run{ID: first.ID, Run: name, State: first.State, Again: again}
	if !since.IsZero() {
		least.Process = &Process{Since: since, LeaseLeft: left}
	}
	sums := least.cells()
	copy(cells[:6], sums[:6])
	cells[2] = g.hosts()
	if first.Task != nil {
		cells[7], cells[9] = g.jobs(), ""
	}
	return cells
}

// hosts are those of the processes, the first three by name.
func (g *group) hosts() string {
	const most = 3
	var names []string
	met := map[string]bool{}
	for _, r := range g.runs {
		if r.Process != nil && !met[r.Process.Host] {
			met[r.Process.Host] = true
			names = append(names, r.Process.Host)
		}
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n > most:
		return fmt.Sprintf("on %s and %d more", strings.Join(names[:most], ", "), n-most)
	}
	return "on " + strings.Join(names, ", ")
}

// jobs are the first and the last task.
func (g *group) jobs() string {
	first, last := g.runs[0].Task.Job, g.runs[len(g.runs)-1].Task.Job
	if first == last {
		return first
	}
	return first + " … " + last
}
