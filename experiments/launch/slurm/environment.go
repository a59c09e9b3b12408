package slurm

import (
	"os"
	"strconv"
)

// A Place is where a process runs as a task of an array.
type Place struct {
	Task string // "12_3"
	Node string
	CPUs int // that the task has; 0 where Slurm does not say
}

// Here is the task that this process runs in; ok is false outside of one.
func Here() (p Place, ok bool) {
	job, index := os.Getenv("SLURM_ARRAY_JOB_ID"), os.Getenv("SLURM_ARRAY_TASK_ID")
	if job == "" || index == "" {
		return Place{}, false
	}
	p = Place{Task: job + "_" + index, Node: os.Getenv("SLURMD_NODENAME")}
	for _, name := range []string{"SLURM_CPUS_PER_TASK", "SLURM_CPUS_ON_NODE"} {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 && p.CPUs == 0 {
			p.CPUs = n
		}
	}
	return p, true
}
