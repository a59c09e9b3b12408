package claims

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Kind is how processes are kept apart.
type Kind string

// The kinds of claims.
const (
	Automatic Kind = ""      // as the file system needs it
	Flock     Kind = "flock" // locks of the operating system
	Lease     Kind = "lease" // files that are renewed
)

// Kinds are the kinds that a user may ask for.
var Kinds = []string{string(Flock), string(Lease)}

// DefaultLease is the lease of Options that give none.
const DefaultLease = time.Minute

// ShortestLease is the shortest lease that a busy machine can be expected to renew.
const ShortestLease = 100 * time.Millisecond

// Options say how claims are made.
type Options struct {
	Kind     Kind
	Lease    time.Duration // 0: DefaultLease; at least 100 ms
	Revision string        // of the program, for other processes to see

	// Note receives what a user should know of other processes; nil for nobody.
	Note func(text string)

	// Clock is the clock of the day, which claims show; nil is time.Now. A test gives
	// processes unlike ones.
	Clock func() time.Time
}

func (o Options) now() time.Time {
	if o.Clock != nil {
		return o.Clock()
	}
	return time.Now()
}

func (o Options) note(format string, args ...any) {
	if o.Note != nil {
		o.Note(fmt.Sprintf(format, args...))
	}
}

// check fills in defaults, and refuses what no option can be.
func (o *Options) check() error {
	o.Lease = cmp.Or(o.Lease, DefaultLease)
	if o.Lease < ShortestLease {
		return fmt.Errorf("claims: a lease of %v: take %v or more", o.Lease, ShortestLease)
	}
	if o.Kind != Automatic && !slices.Contains(Kinds, string(o.Kind)) {
		return fmt.Errorf("claims: unknown kind %q; known: %s", o.Kind, strings.Join(Kinds, ", "))
	}
	return nil
}

// A Folder is an open folder of claims. Several goroutines may use it.
type Folder struct {
	dir  string
	o    Options
	kind keeper
}

// A keeper is a kind at work.
type keeper interface {
	// enter registers the process. It calls alone if no other process is registered, and
	// no process registers meanwhile.
	enter(alone func() error) error
	// leave ends the registration. It calls alone as enter does, if that needs no wait.
	leave(alone func() error) error
	// try makes a claim, or returns nil if another process, or goroutine, has it.
	try(name, run string) (*Claim, error)
}

// A Claim is held until it is released, or its process ends.
type Claim struct {
	Holder
	// Before is the process that had the claim before and did not let go: it was killed,
	// or did not renew its lease. It is nil where there was none.
	Before  *Holder
	release func(done bool)
	check   func() error
}

// Release ends the claim. done says that the work is complete, so that nobody needs to
// know of the claim any more. A second Release does nothing.
func (c *Claim) Release(done bool) { c.release(done) }

// Check returns a [*TakenError] if another process has taken the claim, because this one
// did not renew its lease.
func (c *Claim) Check() error { return c.check() }

// A TakenError says that a lease ran out, and who has the claim since.
type TakenError struct{ By Holder }

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s took the claim of this process, which had not renewed its lease", e.By)
}

// Open opens a folder, which exists, for claims of one of the [Kinds].
func Open(dir string, o Options) (*Folder, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	f := &Folder{dir: dir, o: o}
	kind, err := f.choose()
	if err != nil {
		return nil, err
	}
	f.o.Kind = kind
	if kind == Flock {
		f.kind = newFlocks(f)
	} else {
		f.kind = newLeases(f)
	}
	return f, nil
}

// Kind is the kind of the claims.
func (f *Folder) Kind() Kind { return f.o.Kind }

// Enter registers the process as one that writes into the folder. If no other is
// registered it calls alone, and no process enters meanwhile.
func (f *Folder) Enter(alone func() error) error { return f.kind.enter(alone) }

// Leave ends what Enter began, and calls alone if no other process is left. It does not
// release claims.
func (f *Folder) Leave(alone func() error) error { return f.kind.leave(alone) }

// Try claims a name, and says in the claim which run it is of. It does not wait: the
// claim is nil if another process has it, or another goroutine of this one.
func (f *Folder) Try(name, run string) (*Claim, error) { return f.kind.try(name, run) }

// Lock claims a name, and waits for it as long as ctx does.
func (f *Folder) Lock(ctx context.Context, name string) (*Claim, error) {
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, f.o.Lease/10, 500*time.Millisecond) {
		c, err := f.Try(name, "")
		if c != nil || err != nil {
			return c, err
		}
		select {
		case <-time.After(wait/2 + rand.N(wait)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

// Names of files in the folder of claims: an id or one of the locks; of a lease, its
// number too.
var (
	flockFile   = regexp.MustCompile(`^([0-9a-f]{64}|files|open|timings)\.lock$`)
	leaseFile   = regexp.MustCompile(`^([0-9a-f]{64}|files|open|timings|process-[0-9a-f]{16})\.([0-9]+)\.lease$`)
	privateFile = regexp.MustCompile(`^\.([0-9a-f]{64}|files|open|timings|process-[0-9a-f]{16}|claims)\.(lease|json)[0-9]+$`)
)

// IsPrivate reports whether a name is that of a file which a process made on its way to a
// claim, and which is left over if that process was killed.
func IsPrivate(name string) bool { return privateFile.MatchString(name) }

// errForeign is what stands in the place of a claim and is none.
var errForeign = errors.New("it was not written by gpw: move it elsewhere, or choose another folder")

// A ForeignError says that a file stands in the place of a claim.
type ForeignError struct{ Path string }

func (e *ForeignError) Error() string { return e.Path + ": " + errForeign.Error() }

func hex16() string { return fmt.Sprintf("%016x", rand.Uint64()) }

// readClaim reads a regular file, and nothing else: gpw makes no links there.
func readClaim(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &ForeignError{path}
	}
	return os.ReadFile(path)
}
