package results

import (
	"errors"
	"fmt"
	"os"
	"path"
	"time"

	"gpwbench/results/claims"
)

// TryClaim reserves a run or a trial, so that processes that share the folder do not do
// the same work. run names it for other processes. It does not wait: ok is false if
// another process, or another goroutine of this one, has the run. Look for the record
// again after claiming, because the run may have been finished in between. The claim ends
// with release. If the process ends in another way, it ends with the process or, by a
// lease, some time after it.
//
// Two processes may have the claim of one run if one of them was stopped for longer than
// its lease. [Store.KeepContents] keeps that run whole.
func (s *Store) TryClaim(id, run string) (release func(), ok bool, err error) {
	if err := s.opened(); err != nil {
		return nil, false, err
	}
	if !isID(id) {
		return nil, false, fmt.Errorf("results: %q is no id of a run to claim", id)
	}
	if s.claims == nil {
		return nil, false, fmt.Errorf("results: %s was opened for reading, and a claim writes", s.dir)
	}
	c, err := s.claims.Try(id, run)
	if foreign := new(claims.ForeignError); errors.As(err, &foreign) {
		return nil, false, fmt.Errorf("results: %w", err)
	}
	if err != nil {
		return nil, false, s.failed("locking "+s.path("locks/"+id), err)
	}
	if c == nil {
		return nil, false, nil
	}

	if s.claims.Kind() == claims.Lease {
		// An error comes again where a record is written.
		_ = s.refresh("records")
	}
	s.before.Store(id, c.Before)
	return func() { c.Release(s.isDone(id)) }, true, nil
}

// isDone reports whether a run or a trial needs no claim any more.
func (s *Store) isDone(id string) bool {
	for _, name := range []string{RecordName(id), TrialFile(id)} {
		if _, err := os.Lstat(s.path(name)); err == nil {
			return true
		}
	}
	return false
}

// A Lost is work that was begun again, because the process that had begun it was killed
// or did not renew its lease.
type Lost struct {
	ID       string    `json:"id"`
	Run      string    `json:"run,omitempty"`
	Host     string    `json:"host"`
	PID      int       `json:"pid"`
	Since    time.Time `json:"since"` // by the clock of the host
	Revision string    `json:"revision,omitempty"`
}

const lostName = "lost.jsonl"

// AppendLost adds a line to lost.jsonl if the claim of a run was taken from a process
// that did not let go, and returns that process. Call it before the work begins again, so
// that it is counted whatever happens next.
func (s *Store) AppendLost(id string) (from *claims.Holder, err error) {
	if err := s.opened(); err != nil {
		return nil, err
	}
	n, _ := s.before.Load(id)
	before, _ := n.(*claims.Holder)
	if before == nil {
		return nil, nil
	}
	line, err := marshal(Lost{id, before.Run, before.Host, before.PID, before.Since, before.Revision})
	if err != nil {
		return nil, fmt.Errorf("results: %s of run %.12s: %w", lostName, id, err)
	}
	return before, s.appendLine(lostName, line)
}

// LostWork returns the lines of lost.jsonl.
func (s *Store) LostWork() ([]Lost, error) { return readLines[Lost](s, lostName) }

// Holder describes the holder of the claim of a run: "process 1234 on host".
func (s *Store) Holder(id string) string {
	if s == nil {
		return ""
	}
	if h, ok := claims.HolderOf(s.path("locks"), id); ok {
		return h.String()
	}
	return "another process"
}

// Processes are the processes that have the folder open, as far as their claims show
// them. Some may have been killed.
func (s *Store) Processes() []claims.Holder {
	if s == nil || s.dir == "" {
		return nil
	}
	return claims.Processes(s.path("locks"))
}

// leftoverClaim reports whether a file of locks/ is of a claim that says nothing any
// more, while no process has the folder open. The claim of a process that was killed in a
// run which is not done is kept: it says so.
func (s *Store) leftoverClaim(name string) bool {
	if claims.IsPrivate(name) {
		return true
	}
	id, is := claims.IsClaim(s.path("locks"), name)
	return is && isID(id) && (s.isDone(id) || claims.IsIdle(s.path(path.Join("locks", name))))
}
