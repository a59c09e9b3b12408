package torture

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Processes of unlike specs run into one folder, some of them stopped as by Ctrl-C. Each
// ends in order, and one run of the spec then leaves what an undisturbed one leaves,
// beside the records of the others.
func TestRaces(t *testing.T) {
	specs := [][]string{
		nil, {"losses=contrastive"}, {"losses=triplet"}, {"seeds=1"}, {"weights.at=first,7,last"}, {"weights={at: []}"}, {"baselines=none", "optimizer.lr=0.01"}, {"--fresh"},
	}
	rounds(t, func(r *round) {
		type process struct {
			*exec.Cmd
			out     bytes.Buffer
			stopped bool
		}

		all := make([]*process, 2+r.IntN(4))
		ended := make(chan struct{})
		for k := range all {
			overrides := specs[r.IntN(len(specs))]
			p := &process{Cmd: command(r.dir, overrides...), stopped: r.IntN(3) == 0}
			p.Stdout, p.Stderr = &p.out, &p.out
			r.did("gpw run %s, stopped %v", strings.Join(overrides, " "), p.stopped)
			wait := r.within()
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			all[k] = p
			go func() {
				if p.stopped {
					wait()
					p.Process.Signal(os.Interrupt)
				}
				p.Wait()
				ended <- struct{}{}
			}()
		}

		for range all {
			<-ended
		}
		for _, p := range all {
			allowed := []int{0}
			switch {
			case p.stopped && p.out.Len() == 0:
				allowed = []int{-1, 1, 130} // stopped before it hears signals
			case p.stopped || strings.Contains(p.out.String(), "another gpw makes this run again: "):
				allowed = []int{0, 1, 130}
			}
			r.calm(strings.Join(p.Args, " "), p.out.String(), p.ProcessState.ExitCode(), allowed...)
		}

		r.settle(true)
		if aside, _ := os.ReadDir(filepath.Join(r.dir, "damaged")); len(aside) > 0 {
			r.fault("what processes wrote side by side was called damaged: %v", aside)
		}
	})
}
