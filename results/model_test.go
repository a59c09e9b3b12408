package results

import (
	"fmt"
	"slices"
	"testing"

	"gpwbench/results/claims"
)

// The model enumerates every state that processes reach who want one run of one folder. A
// step is one operation on the disk, and any process may make the next one, so every
// interleaving is among them. The claims follow claims.Attempt, which is the code that
// gpw runs, and the files of the run get their names in commitOrder, which is the code of
// Store.KeepContents.
//
// Time is left out: a process may take any claim for lost that it has seen unchanged once
// before, also that of a process which works. That covers clocks of any kind, and
// processes that are stopped for any time. A process may be killed between any two steps,
// and its last operation may reach the disk at any later time, as that of a machine does
// whose network was away.

// A place is what a process does next. Before placeRun the claims.Attempt says it.
type place int

const (
	placeClaim   place = iota // the attempt's own phase
	placeLookUp               // is there a record?
	placeNote                 // write into lost.jsonl, if a claim was lost
	placeRun                  // compute, and write private files
	placeCommit               // give the next file its name
	placeRemove               // remove the claims, the own one last
	placeRelease              // mark the own claim as released
	placeDone
)

// A modelClaim is a claim on the disk, with its number as its place in a list.
type modelClaim struct {
	there, released bool
	owner           int8
	renewed         int8
}

const (
	modelNumbers   = 7 // claims that a state can have
	modelProcesses = 3
	modelFiles     = 3 // a run's files, the record last
)

// A modelDisk is what the processes share. Files of the run have the number of the
// process that named them, plus 1: it shows who, and nothing else may differ, because the
// bytes do not.
type modelDisk struct {
	claims [modelNumbers + 1]modelClaim
	files  [modelFiles]int8
	lost   int8 // lines of lost.jsonl
}

// A modelProcess is what a process knows.
type modelProcess struct {
	at      place
	attempt claims.Attempt
	mine    modelClaim // as it was made
	// The newest claim of the last look, by its number and renewals: what may count as
	// lost at the next.
	seen, seenRenewed int8
	next              int8 // of the files, or of the claims to be removed
	killed, late      bool // late: its next operation still reaches the disk
	worked            bool
}

// A modelState is compared as a whole.
type modelState struct {
	disk      modelDisk
	processes [modelProcesses]modelProcess

	works    int8 // how many processes computed the run
	expired  int8 // how many claims were taken for lost
	inside   int8 // at most so many were in the run at once
	kills    int8
	renewals int8
	letGo    int8
}

// A modelRules bound what is enumerated.
type modelRules struct {
	processes                       int
	kills, renewals, expiries, lets int8
	late                            bool // kills with operations under way
}

// newest is the greatest number, 0 without any.
func (d *modelDisk) newest() int {
	for n := modelNumbers; n > 0; n-- {
		if d.claims[n].there {
			return n
		}
	}
	return 0
}

func (s *modelState) busy() (n int8) {
	for _, p := range s.processes {
		if !p.killed && (p.at == placeRun || p.at == placeCommit) {
			n++
		}
	}
	return n
}

// steps are the states after the next operation of process k.
func (s modelState) steps(k int, rules modelRules) (next []modelState) {
	p := s.processes[k]
	if p.at == placeDone || p.killed && !p.late {
		return nil
	}
	add := func(do func(s *modelState, p *modelProcess)) {
		t := s
		do(&t, &t.processes[k])
		t.processes[k].late = false
		t.inside = max(t.inside, t.busy())
		next = append(next, t)
	}

	if !p.killed {
		s.disturb(k, rules, &next)
	}
	switch p.at {
	case placeClaim:
		s.claimStep(k, rules, add)
	case placeLookUp:
		add(func(s *modelState, p *modelProcess) {
			switch {
			case s.disk.files[modelFiles-1] != 0:
				p.at = placeRemove
			case p.attempt.Lost:
				p.at = placeNote
			default:
				p.at = placeRun
			}
		})
	case placeNote:
		add(func(s *modelState, p *modelProcess) {
			s.disk.lost++
			p.at = placeRun
		})
	case placeRun:
		add(func(s *modelState, p *modelProcess) {
			s.works++
			p.at, p.worked, p.next = placeCommit, true, 0
		})
		if s.letGo < rules.lets { // Ctrl-C, or an error
			add(func(s *modelState, p *modelProcess) {
				s.letGo++
				p.at = placeRelease
			})
		}
	case placeCommit:
		add(func(s *modelState, p *modelProcess) {
			s.disk.files[modelOrder[p.next]] = int8(k) + 1
			if p.next++; p.next == modelFiles {
				p.at, p.next = placeRemove, 0
			}
		})
	case placeRemove:
		add(func(s *modelState, p *modelProcess) {
			for n := 1; n <= p.attempt.Mine; n++ { // the oldest first
				if s.disk.claims[n].there {
					s.disk.claims[n] = modelClaim{}
					return
				}
			}
			p.at = placeDone
		})
	case placeRelease:
		add(func(s *modelState, p *modelProcess) {
			if c := &s.disk.claims[p.attempt.Mine]; c.there && c.owner == int8(k) {
				c.released = true
			}
			p.at = placeDone
		})
	}
	return next
}

// disturb adds what may happen to a process that lives: it is killed, or it renews.
func (s modelState) disturb(k int, rules modelRules, next *[]modelState) {
	p := s.processes[k]
	if s.kills < rules.kills {
		for _, late := range []bool{false, true} {
			if late && !rules.late {
				continue
			}
			t := s
			t.kills++
			t.processes[k].killed, t.processes[k].late = true, late
			*next = append(*next, t)
		}
	}
	holds := p.at == placeLookUp || p.at == placeNote || p.at == placeRun || p.at == placeCommit
	if c := s.disk.claims[p.attempt.Mine]; holds && s.renewals < rules.renewals && c.there && c.owner == int8(k) {
		t := s
		t.renewals++
		t.disk.claims[p.attempt.Mine].renewed++
		*next = append(*next, t)
	}
}

// claimStep makes the operation of the attempt's phase.
func (s modelState) claimStep(k int, rules modelRules, add func(func(*modelState, *modelProcess))) {
	p := s.processes[k]
	newest := s.disk.newest()
	c := s.disk.claims[newest]
	listed := func(expired bool) func(*modelState, *modelProcess) {
		return func(s *modelState, p *modelProcess) {
			p.attempt = p.attempt.Listed(claims.View{Newest: newest, Released: newest > 0 && c.released, Expired: expired})
			p.seen, p.seenRenewed = int8(newest), c.renewed
			switch p.attempt.Phase {
			case claims.Linking:
				if p.attempt.Lost {
					s.expired++
				}
				p.mine = modelClaim{there: true, owner: int8(k)}
			case claims.Held:
				p.at = placeLookUp
				for n := 1; n < p.attempt.Mine; n++ { // tidy
					s.disk.claims[n] = modelClaim{}
				}
			case claims.Refused:
				p.attempt = claims.Attempt{} // it looks again later
			}
		}
	}

	switch p.attempt.Phase {
	case claims.Looking:
		add(listed(false))
		same := newest > 0 && int(p.seen) == newest && p.seenRenewed == c.renewed
		if same && !c.released && s.expired < rules.expiries {
			add(listed(true))
		}
	case claims.Checking:
		add(listed(false))
	case claims.Linking:
		add(func(s *modelState, p *modelProcess) {
			made := !s.disk.claims[p.attempt.Mine].there
			if made {
				s.disk.claims[p.attempt.Mine] = p.mine
			}
			if p.attempt = p.attempt.Linked(made); p.attempt.Phase == claims.Refused {
				p.attempt = claims.Attempt{}
			}
		})
	case claims.Withdrawing:
		add(func(s *modelState, p *modelProcess) {
			s.disk.claims[p.attempt.Mine] = modelClaim{} // whoever has made the number
			p.attempt = claims.Attempt{}
		})
	}
}

// modelOrder is the order of the files of a run by their numbers, as KeepContents has it.
var modelOrder = func() (order [modelFiles]int) {
	names := []string{"moments/x", "weights/x", "records/x"}
	for k, name := range commitOrder([]string{names[1], names[0]}, names[2]) {
		order[k] = slices.Index(names, name)
	}
	return order
}()

// check returns what is wrong with a state.
func (s *modelState) check(before *modelState, rules modelRules) string {
	record := modelFiles - 1
	switch {
	case before.disk.files[record] != 0 && s.disk.files[record] == 0:
		return "a record is lost"
	case s.disk.files[record] != 0 && slices.Contains(s.disk.files[:], 0):
		return "a record stands there without a file of its run"
	case s.expired == 0 && s.inside > 1:
		return "two processes are in the run, and no lease has run out"
	case s.works > 1+s.expired+s.letGo:
		return "work was repeated more often than a lease has run out or a run was let go"
	case s.works > 1+s.disk.lost+s.letGo:
		return "work was repeated, and lost.jsonl does not count it"
	}
	return ""
}

// ended returns what is wrong with a state after which nothing happens.
func (s *modelState) ended(rules modelRules) string {
	var finished int8
	for _, p := range s.processes[:rules.processes] {
		if p.at == placeDone {
			finished++
		}
	}
	if finished > s.letGo && s.disk.files[modelFiles-1] == 0 {
		return "a process has ended with its run, and there is no record"
	}
	return ""
}

// enumerate visits every state once.
func enumerate(rules modelRules) (states int, records int, wrong string) {
	met := map[modelState]bool{}
	first := modelState{}
	queue := []modelState{first}
	met[first] = true
	for len(queue) > 0 {
		s := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if s.disk.files[modelFiles-1] != 0 {
			records++
		}
		end := true
		for k := range rules.processes {
			for _, t := range s.steps(k, rules) {
				end = false
				if wrong := t.check(&s, rules); wrong != "" {
					return len(met), records, fmt.Sprintf("%s: after\n%+v\nprocess %d makes\n%+v", wrong, s, k, t)
				}
				if !met[t] {
					met[t] = true
					queue = append(queue, t)
				}
			}
		}
		if end {
			if wrong := s.ended(rules); wrong != "" {
				return len(met), records, fmt.Sprintf("%s: %+v", wrong, s)
			}
		}
	}
	return len(met), records, ""
}

// No interleaving of processes that are killed, renew late, are taken for dead while they
// live, and whose last operation arrives late, loses a record or makes one that is not
// whole. Where no lease runs out, one process is in the run, and the work is done once.
func TestModel(t *testing.T) {
	for _, rules := range []modelRules{
		{processes: 2, kills: 0, renewals: 2, expiries: 0, lets: 0},
		{processes: 2, kills: 1, renewals: 1, expiries: 2, lets: 1, late: true},
		{processes: 2, kills: 2, renewals: 0, expiries: 3, lets: 0, late: true},
		{processes: 3, kills: 0, renewals: 0, expiries: 0, lets: 2},
		{processes: 3, kills: 0, renewals: 0, expiries: 2, lets: 0},
		{processes: 3, kills: 1, renewals: 0, expiries: 1, lets: 0, late: true},
	} {
		states, records, wrong := enumerate(rules)
		if wrong != "" {
			t.Errorf("%+v: %s", rules, wrong)
		}
		if records == 0 {
			t.Errorf("%+v: no state has a record", rules)
		}
		t.Logf("%+v: %d states, %d with a record", rules, states, records)
	}
}
