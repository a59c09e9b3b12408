// Package slurm runs the clients of Slurm: it writes scripts of job arrays, submits them,
// and reads what the scheduler says of them. It knows nothing of experiments.
//
// Every client has a deadline, because a client without a controller blocks. What the
// scheduler says is a hint: it forgets a job minutes after its end, and knows of no
// result.
package slurm
