package claims

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// A State is the claim of a run or a trial, as one that has no claim sees it.
type State struct {
	Name   string // the id
	Holder Holder
	Kind   Kind

	// Lost says that the process does not live any more, or has not renewed its lease.
	Lost bool
	// Left is about the time until the lease runs out, 0 where that cannot be said.
	Left time.Duration
	// Problem says what is wrong with the file of the claim, or "".
	Problem string
}

// Look returns the claims of runs and trials that are held or lost, by their names. It
// claims nothing. The folder need not be writable, and may be missing.
//
// A lease is compared with a file that was just touched there, by the time that the file
// system gives both. Where that says that it has run out, or where it says what cannot
// be, because the times are those of machines with unlike clocks, Look waits for a
// renewal.
func Look(ctx context.Context, dir string, o Options) ([]State, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}

	var states []State
	newest := map[string]int{}
	for _, e := range entries {
		if name, number := leaseOf(e.Name()); isID(name) {
			newest[name] = max(newest[name], number)
		}
		if m := flockFile.FindStringSubmatch(e.Name()); m != nil && isID(m[1]) {
			if s, ok := lookFlock(dir, m[1]); ok {
				states = append(states, s)
			}
		}
	}
	leases, err := lookLeases(ctx, dir, newest, o)
	states = append(states, leases...)
	slices.SortFunc(states, func(a, b State) int { return cmp.Compare(a.Name, b.Name) })
	return states, err
}

// lookFlock looks at a claim by a lock of the operating system.
func lookFlock(dir, name string) (s State, ok bool) {
	path := dir + string(os.PathSeparator) + name + ".lock"
	h, signed := readSigned(path)
	held, err := flocked(path)
	if err != nil {
		s.Problem = err.Error()
	}
	s.Name, s.Holder, s.Kind, s.Lost = name, h, Flock, !held
	return s, held || signed
}

// A seen is what a first look at a lease leaves.
type seen struct {
	State
	file  string
	stamp string
}

// lookLeases looks at the newest leases of names, and a second time at those of which the
// first look leaves a doubt.
func lookLeases(ctx context.Context, dir string, newest map[string]int, o Options) (states []State, err error) {
	l := newLeases(&Folder{dir: dir, o: o})
	l.o.Note = nil
	now, writable := touch(dir)
	var doubtful []seen
	longest := time.Duration(0)
	for name, number := range newest {
		s := seen{State: State{Name: name, Kind: Lease}, file: leaseName(name, number)}
		lease, settled, ok := l.first(&s, now, writable)
		switch {
		case !ok:
		case settled:
			states = append(states, s.State)
		default:
			doubtful, longest = append(doubtful, s), max(longest, lease)
		}
	}
	if len(doubtful) == 0 {
		return states, nil
	}

	wait := longest/renewals + longest/renewals/2
	o.note("looking for %v whether %d claims are still renewed", wait.Round(100*time.Millisecond), len(doubtful))
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for _, s := range doubtful {
		data, err := readClaim(l.path(s.file))
		if gone(err) { // it was let go
			continue
		}
		if err != nil {
			return nil, err
		}
		if h, is := decode(data); is == readable && h.Released {
			continue
		}
		if s.Lost = string(data) == s.stamp; !s.Lost {
			s.Left = time.Duration(s.Holder.Lease * float64(time.Second))
		}
		states = append(states, s.State)
	}
	return states, nil
}

// first looks at a lease once. settled says that the look leaves no doubt, and ok that
// there is a claim.
func (l *leases) first(s *seen, now time.Time, writable bool) (lease time.Duration, settled, ok bool) {
	data, err := readClaim(l.path(s.file))
	if gone(err) {
		return 0, false, false
	}
	var f found
	l.judge(&f, s.file, data)
	s.stamp, s.Holder, lease = string(data), f.holder, f.left
	switch {
	case err != nil:
		s.Problem = err.Error()
		return 0, true, true
	case f.Released:
		return 0, false, false
	case f.is == newer:
		s.Problem = "made by a later version of gpw"
		return 0, true, true
	case f.is == unreadable:
		s.Problem = "cannot be read"
		return lease, false, true
	}

	info, err := os.Stat(l.path(s.file))
	if err != nil || !writable {
		return lease, false, true
	}
	// Some file systems round times to two seconds.
	age := now.Sub(info.ModTime())
	if settled = age > -2*time.Second && age < lease; settled {
		s.Left = lease - max(0, age)
	}
	return lease, settled, true
}

// touch returns the time that the file system gives a file now. ok is false if none can
// be made.
func touch(dir string) (now time.Time, ok bool) {
	private, err := os.CreateTemp(dir, ".claims.lease")
	if err != nil {
		return now, false
	}
	defer os.Remove(private.Name())
	defer private.Close()
	if _, err := private.WriteString(strings.Repeat(" ", 8)); err != nil {
		return now, false
	}
	_ = private.Sync()
	info, err := private.Stat()
	if err != nil {
		return now, false
	}
	return info.ModTime(), true
}

// HolderOf reads who has the claim of a name, or had it last.
func HolderOf(dir, name string) (h Holder, ok bool) {
	if h, ok = readSigned(dir + string(os.PathSeparator) + name + ".lock"); ok {
		return h, true
	}
	l := newLeases(&Folder{dir: dir, o: Options{Lease: DefaultLease}})
	f, err := l.newest(name)
	return f.holder, err == nil && f.Newest > 0 && f.is == readable
}

// IsClaim returns the name that a file of a folder of claims is of. It is false for any
// other file.
func IsClaim(dir, file string) (name string, is bool) {
	path := dir + string(os.PathSeparator) + file
	if m := flockFile.FindStringSubmatch(file); m != nil && isID(m[1]) {
		return m[1], isSigned(path)
	}
	name, _ = leaseOf(file)
	data, err := readClaim(path)
	if name == "" || err != nil {
		return "", false
	}
	_, is2 := decode(data)
	return name, is2 == readable
}

// IsIdle reports whether the file of a claim names no process that was in the run: it was
// released, or never signed.
func IsIdle(path string) bool {
	data, err := readClaim(path)
	if err != nil {
		return false
	}
	h, is := decode(data)
	return len(data) == 0 || is == readable && h.Released
}

// Processes are the processes of which a folder of claims has a trace, by their leases or
// by the runs that they have. They may have been killed, and this one is among them.
func Processes(dir string) []Holder {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	met := map[string]bool{}
	var all []Holder
	for _, e := range entries {
		path := dir + string(os.PathSeparator) + e.Name()
		h, ok := Holder{}, false
		if m := flockFile.FindStringSubmatch(e.Name()); m != nil && isID(m[1]) {
			h, ok = readSigned(path)
		} else if name, _ := leaseOf(e.Name()); name != "" {
			if data, err := readClaim(path); err == nil {
				var is condition
				h, is = decode(data)
				ok = is == readable && !h.Released
			}
		}
		if key := h.String() + h.Revision; ok && !met[key] {
			met[key] = true
			all = append(all, h)
		}
	}
	return all
}
