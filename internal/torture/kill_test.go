package torture

import (
	"os"
	"path/filepath"
	"testing"
)

// Processes that share a folder are killed, each at its own instant, several times over.
// Nothing that is read in between is broken, nothing is called damaged, and what comes
// out is what an undisturbed run leaves.
func TestKills(t *testing.T) {
	rounds(t, func(r *round) {
		for range 1 + r.IntN(3) {
			processes := 1 + r.IntN(4)
			r.did("%d processes, killed", processes)
			ended := make(chan struct{})
			for range processes {
				c := command(r.dir)
				if r.IntN(4) == 0 {
					c = command(r.dir, "weights.at=first,7")
				}
				wait := r.within()
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				go func() {
					wait()
					c.Process.Kill()
					c.Wait()
					ended <- struct{}{}
				}()
			}

			for range processes {
				<-ended
			}
			out, code := verb("table", r.dir)
			r.calm("table after the kills", out, code, 0, 1)
		}

		r.settle(false)
		if aside, _ := os.ReadDir(filepath.Join(r.dir, "damaged")); len(aside) > 0 {
			r.fault("a kill left what was called damaged: %v", aside)
		}
	})
}
