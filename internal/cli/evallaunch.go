package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	blockfile "gpwbench/benchmarks/retrieval/kept"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/experiments/launch"
	"gpwbench/experiments/spec"
)

// evalLaunchFlags say how an evaluation is divided into tasks of a cluster.
type evalLaunchFlags struct {
	shareFlags
	parts     int
	resources spec.Launch
}

func (f *evalLaunchFlags) add(cmd *cobra.Command) {
	f.shareFlags.add(cmd, "rank the queries", "launch.KEY=VALUE has its resources, and --resume names the folder of the parts")
	cmd.Flags().IntVar(&f.parts, "parts", 0, "with --launch: so many parts of the queries, a task each")
}

// checkLaunch refuses flags that do not fit a launch.
func (f *evalFlags) checkLaunch(cmd *cobra.Command, args []string) (err error) {
	if err := f.shareFlags.check(cmd, "parts"); err != nil {
		return err
	}
	if f.launch == "" {
		if len(args) > 0 {
			return usagef("eval takes no argument %q: launch.KEY=VALUE goes with --launch %s, and files are named by flags", args[0], launch.Slurm)
		}
		return nil
	}
	switch {
	case f.resume == "":
		return usagef("--launch keeps the parts in a folder that all nodes share; name it with --resume")
	case f.parts < 1:
		return usagef("--launch divides the queries into a task for each part; say how many with --parts, such as --parts 8")
	case f.part.Parts > 0 || f.merge != nil:
		return usagef("--launch gives parts to tasks and merges them; leave --part and --merge out")
	}
	if info, err := os.Stat(f.resume); err == nil && !info.IsDir() {
		return usagef("--resume %s is a file, and with --launch it names the folder of the parts; name another", f.resume)
	}
	f.resources, err = spec.ParseLaunch(args)
	return err
}

// partFile is where the results of a part are, from 1.
func (f *evalFlags) partFile(k int) string {
	return filepath.Join(f.resume, "part-"+strconv.Itoa(k))
}

// launchFlagNames are the flags that the task of a part is not given as they are.
var launchFlagNames = []string{"launch", "wait", "dry-run", "parts", "resume", "output", "format"}

// partCommand is the command of a part.
func (f *evalFlags) partCommand(cmd *cobra.Command, k int) []string {
	args := []string{"eval"}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(launchFlagNames, flag.Name) {
			return
		}
		values := []string{flag.Value.String()}
		switch v := flag.Value.(type) {
		case pflag.SliceValue:
			values = v.GetSlice()
		}
		for _, v := range values {
			args = append(args, "--"+flag.Name+"="+v)
		}
	})
	return append(args, fmt.Sprintf("--part=%d/%d", k, f.parts), "--resume="+f.partFile(k))
}

// launchParts launches the parts of an evaluation. It is whole once all of them are: then
// they are named for a merge.
func (f *evalFlags) launchParts(cmd *cobra.Command, queries report.Labelled, gallery *report.Labelled) (whole bool, err error) {
	id := f.identity(queries, gallery)
	if f.parts > id.Blocks {
		return false, fmt.Errorf("--parts %d: the queries are %d blocks, so there are %d parts at most", f.parts, id.Blocks, id.Blocks)
	}
	look := partsLook{flags: f, id: id, seen: make([]partSeen, f.parts)}
	p := newProgress(cmd.ErrOrStderr())
	work := launch.Parts{Name: "eval", Revision: sourceRevision(), Launch: f.resources, Look: look.look, Progress: p}
	for k := range f.parts {
		work.Commands = append(work.Commands, f.partCommand(cmd, k+1))
	}
	how, err := f.how(p.followShares("blocks of queries"))
	if err != nil {
		return false, err
	}
	if f.dryRun {
		text, err := launch.PartsScript(cmd.Context(), f.resume, work, how)
		p.wait()
		return false, printScript(cmd, text, err)
	}

	out, err := launch.RunParts(cmd.Context(), f.resume, work, how)
	p.wait()
	if out == nil {
		return false, err
	}
	if err := f.sayShared(cmd, out.Placed, "blocks of queries", out.All, out.Done, f.resume, err); err != nil || out.Done < out.All {
		return false, err
	}
	for k := range f.parts {
		f.merge = append(f.merge, f.partFile(k+1))
	}
	f.resume = ""
	return true, nil
}

// A partsLook looks at which parts are whole. A file is read again once it has grown.
type partsLook struct {
	flags *evalFlags
	id    blockfile.Identity
	seen  []partSeen
}

type partSeen struct {
	size int64
	done int // blocks
}

func (l *partsLook) look() (open []int, all, done int, err error) {
	for k := range l.seen {
		share, seen := blockfile.Share{Part: k + 1, Parts: l.flags.parts}, &l.seen[k]
		blocks := 0
		for block := range l.id.Blocks {
			if share.Has(block) {
				blocks++
			}
		}
		if err := l.read(seen, l.flags.partFile(k+1), share); err != nil {
			return nil, 0, 0, err
		}
		if seen.done < blocks {
			open = append(open, k)
		}
		all, done = all+blocks, done+seen.done
	}
	return open, all, done, nil
}

// read counts the blocks of a part that its file has.
func (l *partsLook) read(seen *partSeen, file string, share blockfile.Share) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		*seen = partSeen{}
		return nil
	}
	if err != nil || info.Size() == seen.size {
		return err
	}
	merged, err := blockfile.Merge([]string{file}, l.id)
	if err != nil {
		return err
	}
	*seen = partSeen{size: info.Size()}
	for block := range l.id.Blocks {
		if _, is := merged.Kept(block); is && share.Has(block) {
			seen.done++
		}
	}
	return nil
}
