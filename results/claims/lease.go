package claims

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Leases are claims by files that their holders renew. The claims of a name are files
// name.<number>.lease, see [Attempt].
type leases struct {
	*Folder

	mu      sync.Mutex
	held    map[*lease]bool
	watched map[string]*watch // by file
	noted   map[string]bool   // of newer programs and unreadable claims, by file

	process *lease // of the registration
	stop    chan struct{}
}

func newLeases(f *Folder) *leases {
	return &leases{Folder: f, held: map[*lease]bool{}, watched: map[string]*watch{}, noted: map[string]bool{}}
}

// A lease is a claim that this process holds.
type lease struct {
	mu     sync.Mutex
	holder Holder
	file   *os.File // open for renewals, also after the name was removed
	name   string   // of what is claimed
	number int
}

// A found is the newest claim of a name, with what is known of it.
type found struct {
	View
	numbers []int // of all claims of the name
	holder  Holder
	is      condition
	left    time.Duration
}

// newest lists the claims of a name, and looks at the newest. A file server may list a
// claim that was removed a while ago. It cannot be opened, and is none.
func (l *leases) newest(name string) (f found, err error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return f, err
	}
	for _, e := range entries {
		if of, number := leaseOf(e.Name()); of == name {
			f.numbers = append(f.numbers, number)
		}
	}

	slices.Sort(f.numbers)
	for _, number := range slices.Backward(f.numbers) {
		data, err := readClaim(l.path(leaseName(name, number)))
		if gone(err) {
			continue
		}
		if err != nil {
			return f, err
		}
		f.Newest = number
		l.judge(&f, leaseName(name, number), data)
		break
	}
	return f, nil
}

// gone reports whether a file was removed, on this machine or, on NFS, on another.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errStale) }

// judge looks at the content of a claim.
func (l *leases) judge(f *found, file string, data []byte) {
	f.holder, f.is = decode(data)
	f.Released = f.is == readable && f.holder.Released
	of := l.o.Lease // of an unreadable claim nobody knows another
	if f.is == readable && f.holder.Lease > 0 {
		of = time.Duration(f.holder.Lease * float64(time.Second))
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.watched[file]
	if w == nil {
		w = &watch{}
		l.watched[file] = w
	}
	expired := w.look(string(data), of, time.Now())
	f.Expired, f.left = expired && f.is != newer, w.left(of)

	if f.is != readable && !l.noted[file] {
		l.noted[file] = true
		why := "cannot be read; it counts as lost once it has stayed unchanged for " + of.String()
		if f.is == newer {
			why = "was made by a later version of gpw, and is left to it: use that version, or delete the file if none is running"
		}
		l.o.note("the claim %s %s", l.path(file), why)
	}
}

func leaseName(name string, number int) string { return name + "." + strconv.Itoa(number) + ".lease" }

// leaseOf is the name and the number of a claim's file, or "".
func leaseOf(file string) (name string, number int) {
	m := leaseFile.FindStringSubmatch(file)
	if m == nil {
		return "", 0
	}
	number, err := strconv.Atoi(m[2])
	if err != nil || number < 1 || strconv.Itoa(number) != m[2] {
		return "", 0
	}
	return m[1], number
}

func (l *leases) try(name, run string) (*Claim, error) {
	a, mine := Attempt{}, (*lease)(nil)
	var before *Holder
	for {
		switch a.Phase {
		case Looking, Checking:
			f, err := l.newest(name)
			if err != nil {
				mine.discard()
				return nil, err
			}
			if a = a.Listed(f.View); a.Phase == Linking && a.Lost {
				before = &f.holder
			}
			if a.Phase == Held {
				l.tidy(name, f.numbers, a.Mine-1)
			}

		case Linking:
			var err error
			if mine, err = l.link(name, a.Mine, newHolder(run, l.o)); err != nil {
				return nil, err
			}
			a = a.Linked(mine != nil)

		case Withdrawing:
			os.Remove(l.path(leaseName(name, a.Mine)))
			mine.discard()
			a = a.Withdrawn()

		case Held:
			l.keep(mine)
			c := l.claim(mine)
			c.Before = before
			return c, nil

		case Refused:
			return nil, nil
		}
	}
}

// link makes a claim: a private file with its whole content, linked to the name. It is
// nil if another process has made the number.
func (l *leases) link(name string, number int, h Holder) (*lease, error) {
	h.Token = hex16()
	private, err := os.CreateTemp(l.dir, "."+name+".lease")
	if err != nil {
		return nil, err
	}
	defer os.Remove(private.Name())
	made := &lease{holder: h, file: private, name: name, number: number}
	if _, err = private.Write(h.encode()); err == nil {
		err = errors.Join(private.Chmod(0o644), private.Sync())
	}
	if err != nil {
		private.Close()
		return nil, err
	}

	// The reply of a file server may be lost and the request repeated: then the link is
	// there and the error says that it was there before. The file has two names then.
	// Some file systems do not count names, so the count is asked after an error only.
	there, err := linkNew(private.Name(), l.path(leaseName(name, number)))
	if err == nil && (!there || hasTwoNames(private)) {
		return made, nil
	}
	private.Close()
	return nil, err
}

// linkNew gives a file a second name, unless there is a file of that name. Some file
// systems say only that they cannot, without the reason.
func linkNew(from, to string) (there bool, err error) {
	if err = os.Link(from, to); err == nil {
		return false, nil
	}
	if _, found := os.Lstat(to); errors.Is(err, fs.ErrExist) || found == nil {
		return true, nil
	}
	return false, err
}

// discard closes a claim that is not kept. It may be nil.
func (m *lease) discard() {
	if m != nil {
		m.file.Close()
	}
}

// tidy removes the claims of a name up to a number. The greatest number stays while the
// name may be claimed, so that a process that looked long ago finds that it is late.
func (l *leases) tidy(name string, numbers []int, most int) {
	for _, n := range numbers {
		if n <= most {
			os.Remove(l.path(leaseName(name, n)))
			l.mu.Lock()
			delete(l.watched, leaseName(name, n))
			l.mu.Unlock()
		}
	}
}

// keep renews a claim from now on.
func (l *leases) keep(m *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held[m] = true
	if l.stop == nil {
		l.stop = make(chan struct{})
		go l.renewAll(l.stop)
	}
}

// drop renews a claim no more, and ends the renewals if it was the last.
func (l *leases) drop(m *lease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.held, m)
	l.rest()
}

// rest ends the renewals if there is nothing to renew. The caller holds l.mu.
func (l *leases) rest() {
	if len(l.held) == 0 && l.stop != nil {
		close(l.stop)
		l.stop = nil
	}
}

// renewAll renews all claims several times a lease, and looks at the other processes.
func (l *leases) renewAll(stop chan struct{}) {
	tick := time.NewTicker(l.o.Lease / renewals)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-stop:
			return
		}

		l.mu.Lock()
		var held []*lease
		for m := range l.held {
			held = append(held, m)
		}
		registered := l.process != nil
		l.mu.Unlock()

		for _, m := range held {
			m.renew()
		}
		if registered {
			_, _ = l.others() // an error comes again where it matters
		}
	}
}

// renew writes that the holder lives. If that fails it is tried again at the next time;
// if it never succeeds, others take the claim, which loses nothing.
func (m *lease) renew() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holder.Renewed++
	m.write()
}

// write replaces the content in place. The file may have been removed by a process that
// took the claim; nothing comes back then.
func (m *lease) write() {
	if _, err := m.file.WriteAt(m.holder.encode(), 0); err == nil {
		_ = m.file.Sync()
	}
}

// claim is the claim as its holder sees it.
func (l *leases) claim(m *lease) *Claim {
	var once sync.Once
	return &Claim{Holder: m.holder,
		check: func() error { return l.check(m) },
		release: func(done bool) {
			once.Do(func() {
				l.drop(m)
				l.letGo(m, done)
				m.discard()
			})
		},
	}
}

// letGo ends a claim: it is removed if the work is done, and marked if not.
func (l *leases) letGo(m *lease, done bool) {
	if done {
		if f, err := l.newest(m.name); err == nil {
			l.tidy(m.name, f.numbers, m.number)
		}
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holder.Released = true
	m.write()
}

// check looks whether another process has taken a claim.
func (l *leases) check(m *lease) error {
	f, err := l.newest(m.name)
	if err != nil {
		return err
	}
	if f.Newest > m.number {
		return &TakenError{f.holder}
	}
	return nil
}

// enter registers the process by a claim of its own name, under the lock "open", so that
// no process enters while another is tidying.
func (l *leases) enter(alone func() error) error {
	lock, err := l.waitFor("open")
	if err != nil {
		return err
	}
	defer lock.Release(false)
	process, err := l.link("process-"+hex16(), 1, newHolder("", l.o))
	if err != nil {
		return err
	}
	l.keep(process)
	l.mu.Lock()
	l.process = process
	l.mu.Unlock()

	if others, err := l.others(); err != nil || others > 0 {
		return err
	}
	return alone()
}

func (l *leases) leave(alone func() error) error {
	l.mu.Lock()
	process := l.process
	l.process = nil
	l.mu.Unlock()
	if process == nil {
		return nil
	}
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		clear(l.held) // claims that were not released run out
		l.rest()
		process.discard()
	}()

	// Another process that has the lock is entering, and tidies or leaves last itself.
	lock, err := l.try("open", "")
	if lock != nil {
		defer lock.Release(false)
	}
	os.Remove(l.path(leaseName(process.name, 1)))
	if lock == nil || err != nil {
		return err
	}
	if others, err := l.others(); err != nil || others > 0 {
		return err
	}
	return alone()
}

// waitFor is Lock without a context, for locks that are held for moments.
func (l *leases) waitFor(name string) (*Claim, error) {
	for wait := time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		c, err := l.try(name, "")
		if c != nil || err != nil {
			return c, err
		}
		time.Sleep(wait)
	}
}

// others counts the other processes that are registered. It removes the registration of
// one whose lease has run out.
func (l *leases) others() (n int, err error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return 0, err
	}
	l.mu.Lock()
	own := l.process
	l.mu.Unlock()
	for _, e := range entries {
		name, _ := leaseOf(e.Name())
		if !strings.HasPrefix(name, "process-") || own != nil && name == own.name {
			continue
		}
		data, err := readClaim(filepath.Join(l.dir, e.Name()))
		if gone(err) {
			continue
		}
		if err != nil {
			return n, err
		}
		var f found
		if l.judge(&f, e.Name(), data); f.Expired || l.isOld(e, f) {
			os.Remove(l.path(e.Name()))
			continue
		}
		n++
	}
	return n, nil
}

// isOld reports whether a registration was last renewed several leases ago, by the time
// that the file system gives it and a file of now. A process that ends before it has
// looked for a whole lease tidies by that. Where machines with unlike clocks give the
// times, it may be wrong: the other process then loses private files, and writes them
// again.
func (l *leases) isOld(e os.DirEntry, f found) bool {
	const leases = 4
	info, err := e.Info()
	if err != nil || f.is != readable {
		return false
	}
	lease := time.Duration(f.holder.Lease * float64(time.Second))
	if time.Since(info.ModTime()) < leases*lease { // by a clock that may be wrong: ask the file system
		return false
	}
	now, ok := touch(l.dir)
	return ok && now.Sub(info.ModTime()) > leases*lease
}
