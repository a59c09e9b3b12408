package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// A Launch says how the runs of a spec are cut into tasks of a cluster, and with which
// resources. It is no part of any run's settings. What is zero is not asked for, so that
// the cluster's own default holds.
type Launch struct {
	RunsPerTask int // 0: so many that a task lasts minutes
	Parallel    int // tasks of a launch at the same time, at most; 0: as many as the cluster gives

	Partition string
	Time      string // limit of a task as Slurm writes it: 30, 1:30:00, 2-12
	CPUs      int    // of a task, each of which makes one run at a time
	Mem       string // of a task: 4G; or
	MemPerCPU string

	Account, QOS, Constraint, Gres string

	// Requeues is how often a task that reaches its time limit may begin again.
	Requeues int

	Setup      []string // lines of shell before gpw, such as "module load go"
	Directives []string // any other options of sbatch: "--exclude=n3"
}

// DefaultRequeues is how often a task that reaches its time limit begins again.
const DefaultRequeues = 3

var (
	launchTime = regexp.MustCompile(`^([0-9]+|[0-9]+:[0-9]{1,2}|[0-9]+:[0-9]{1,2}:[0-9]{1,2}|[0-9]+-[0-9]{1,2}(:[0-9]{1,2}){0,2})$`)
	launchMem  = regexp.MustCompile(`^[0-9]+[KMGT]?$`)
	launchWord = regexp.MustCompile(`^[^\s"'\\` + "`" + `$;]+$`)
)

// ownDirectives are the options of sbatch that the launcher writes itself, each with what
// to do in its place.
var ownDirectives = map[string]string{
	"array": "the launcher cuts the runs; write parallel for tasks at the same time", "job-name": "tasks are found by it", "output": "gpw keeps a log of each task in the folder",
	"error": "gpw keeps a log of each task in the folder", "open-mode": "logs are appended to", "signal": "gpw is told of the time limit by it",
	"requeue": "tasks are requeued", "no-requeue": "tasks are requeued; requeues: 0 ends them at the time limit", "wrap": "gpw writes the script",
	"parsable": "gpw reads what sbatch prints", "chdir": "tasks run where the launch was made", "wait": "the launcher waits where it is asked to",
	"ntasks": "a task is one process", "test-only": "a dry run prints the script",
	"partition": "write partition", "time": "write time", "cpus-per-task": "write cpus", "mem": "write mem", "mem-per-cpu": "write mem_per_cpu",
	"account": "write account", "qos": "write qos", "constraint": "write constraint", "gres": "write gres",
}

// launch reads the block launch.
func (d *decoder) launch(n *yaml.Node, to *Launch) {
	d.mapping(n, "launch",
		d.intField("runs_per_task", &to.RunsPerTask, 1, maxInt),
		d.intField("parallel", &to.Parallel, 1, maxInt),
		d.wordField("partition", &to.Partition, launchWord, "the name of a partition"),
		d.wordField("time", &to.Time, launchTime, "a time as Slurm writes it, minutes, hours:minutes:seconds or days-hours, such as 30, 1:30:00 or 2-12"),
		d.intField("cpus", &to.CPUs, 1, 4096),
		d.wordField("mem", &to.Mem, launchMem, "a whole number with K, M, G or T, such as 4G; without a letter it is of MiB"),
		d.wordField("mem_per_cpu", &to.MemPerCPU, launchMem, "a whole number with K, M, G or T, such as 4G; without a letter it is of MiB"),
		d.wordField("account", &to.Account, launchWord, "the name of an account"),
		d.wordField("qos", &to.QOS, launchWord, "the name of a QOS"),
		d.wordField("constraint", &to.Constraint, launchWord, "features of nodes, such as avx512 or zen5|zen4"),
		d.wordField("gres", &to.Gres, launchWord, "generic resources, such as gpu:1"),
		d.intField("requeues", &to.Requeues, 0, 1000),
		field{"setup", func(n *yaml.Node) { to.Setup = d.lines(n, "setup", func(string) string { return "" }) }},
		field{"directives", func(n *yaml.Node) { to.Directives = d.lines(n, "directives", wrongDirective) }},
	)
	if to.Mem != "" && to.MemPerCPU != "" {
		d.add(n, "launch has mem and mem_per_cpu, and Slurm takes one of the two; leave one out")
	}
}

// wordField reads a text of a form.
func (d *decoder) wordField(key string, to *string, form *regexp.Regexp, what string) field {
	return field{key, func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || !form.MatchString(n.Value) {
			d.add(n, "%s must be %s, not %s", key, what, show(n))
			return
		}
		*to = n.Value
	}}
}

// lines reads a list of texts of one line each, of which check says what is wrong, or "".
func (d *decoder) lines(n *yaml.Node, what string, check func(line string) string) []string {
	var all []string
	d.list(n, what, func(e *yaml.Node) {
		if e.Kind != yaml.ScalarNode || strings.TrimSpace(e.Value) == "" || strings.ContainsAny(e.Value, "\n\r\x00") {
			d.add(e, "%s must be a list of texts of one line, not %s", what, show(e))
			return
		}
		if wrong := check(e.Value); wrong != "" {
			d.add(e, "%s", wrong)
			return
		}
		all = append(all, e.Value)
	})
	return all
}

var directiveForm = regexp.MustCompile(`^--([a-z][a-z0-9-]*)(=.*|\s.*)?$`)

// wrongDirective says what is wrong with an option of sbatch, or "".
func wrongDirective(line string) string {
	m := directiveForm.FindStringSubmatch(line)
	switch {
	case m == nil:
		return fmt.Sprintf("directives must be long options of sbatch, such as --exclude=n3, not %q", shorten(line, mostShown))
	case ownDirectives[m[1]] != "":
		return fmt.Sprintf("directives has --%s, which the launcher writes itself: %s", m[1], ownDirectives[m[1]])
	}
	return ""
}

// encode writes the block with what is not its default; nil where all is, or all is zero.
func (l Launch) encode() any {
	if reflect.ValueOf(l).IsZero() {
		return nil
	}
	all := mapping(
		pair{"runs_per_task", given(l.RunsPerTask)}, pair{"parallel", given(l.Parallel)}, pair{"partition", given(l.Partition)}, pair{"time", given(l.Time)}, pair{"cpus", given(l.CPUs)},
		pair{"mem", given(l.Mem)}, pair{"mem_per_cpu", given(l.MemPerCPU)}, pair{"account", given(l.Account)}, pair{"qos", given(l.QOS)},
		pair{"constraint", given(l.Constraint)}, pair{"gres", given(l.Gres)},
	)
	if l.Requeues != DefaultRequeues {
		all.Content = append(all.Content, mapping(pair{"requeues", l.Requeues}).Content...)
	}
	if len(l.Setup) > 0 {
		all.Content = append(all.Content, mapping(pair{"setup", l.Setup}).Content...)
	}
	if len(l.Directives) > 0 {
		all.Content = append(all.Content, mapping(pair{"directives", l.Directives}).Content...)
	}
	if len(all.Content) == 0 {
		return nil
	}
	return all
}

func (l Launch) clone() Launch {
	l.Setup, l.Directives = slices.Clone(l.Setup), slices.Clone(l.Directives)
	return l
}

// String lists what is asked for, as key value, "" for nothing.
func (l Launch) String() string {
	n, ok := l.encode().(*yaml.Node)
	if !ok {
		return ""
	}
	var all []string
	for _, p := range pairs(n) {
		value := p[1].Value
		if p[1].Kind == yaml.SequenceNode {
			value = fmt.Sprintf("of %d lines", len(p[1].Content))
		}
		all = append(all, p[0].Value+" "+value)
	}
	return strings.Join(all, ", ")
}
