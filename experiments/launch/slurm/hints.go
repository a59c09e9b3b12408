package slurm

import "fmt"

// reasons say what waits behind a reason of Slurm, and what to do, for those that do not
// pass by themselves.
var reasons = map[string]string{
	"PartitionConfig":             "it asks for more than the nodes of the partition have, and waits for ever: cancel it, and give fewer cpus or another partition",
	"PartitionNodeLimit":          "it asks for more than the partition gives one job, and waits for ever: cancel it, and give fewer cpus",
	"PartitionTimeLimit":          "its time is above the partition's limit, and it waits for ever: cancel it, and give less time",
	"BadConstraints":              "no node has what it asks for, and it waits for ever: cancel it, and give another constraint",
	"DependencyNeverSatisfied":    "what it depends on failed, and it waits for ever: cancel it",
	"AccountNotAllowed":           "the account may not use the partition: cancel it, and give another",
	"QOSNotAllowed":               "the QOS may not be used here: cancel it, and give another",
	"InvalidAccount":              "the account does not exist: cancel it, and give another",
	"InvalidQOS":                  "the QOS does not exist: cancel it, and give another",
	"JobHeldUser":                 "it is held: scontrol release lets it go on",
	"JobHeldAdmin":                "an administrator holds it: ask them",
	"PartitionDown":               "the partition is down: it waits until an administrator opens it",
	"PartitionInactive":           "the partition is inactive: it waits until an administrator opens it",
	"ReqNodeNotAvail":             "the nodes that it asks for are down or reserved",
	"launch failed requeued held": "a node could not begin it, and it is held: scontrol release lets it try again",
}

// exits say what an exit code of a task's script means.
var exits = map[int]string{
	ExitNotShared: "the folder is not shared with the node, or is another one there: use a folder that all nodes share",
	ExitNoProgram: "the node has no such program: install gpw there, or launch with one on a file system that all nodes share",
	ExitRevision:  "the node's program is another revision than that of the launch: install the same one, or launch again",
	ExitRequeues:  "its time limit was reached as often as it may be requeued: give more time, or fewer runs a task",
	ExitRequeue:   "it could not be requeued at its time limit; the same command submits what is missing",
}

// Hint says of a task that waits for ever, or that ended before its runs, why and what to
// do. It is "" for one that goes on as it should, or that ended with its own words.
func (e Entry) Hint() string {
	switch {
	case e.State == "SPECIAL_EXIT" || e.State == "REQUEUE_HOLD":
		return fmt.Sprintf("task %s is held: scontrol release lets it go on", e.Task())
	case e.State.Waits():
		for _, cut := range []string{e.Reason, beforeComma(e.Reason)} {
			if text := reasons[cut]; text != "" {
				return fmt.Sprintf("task %s waits (%s): %s", e.Task(), e.Reason, text)
			}
		}
		return ""
	case !e.State.Ended() || e.State == "COMPLETED":
		return ""
	case e.NoLog():
		return fmt.Sprintf("task %s could not begin on node %s, because its log could not be written there: use a folder that all nodes share", e.Task(), e.Node)
	case exits[e.Exit] != "":
		return fmt.Sprintf("task %s ended on node %s: %s", e.Task(), e.Node, exits[e.Exit])
	case e.State == "OUT_OF_MEMORY":
		return fmt.Sprintf("task %s used more memory than it was given on node %s: give more mem, or fewer cpus", e.Task(), e.Node)
	case e.State == "TIMEOUT":
		return fmt.Sprintf("task %s was ended at its time limit on node %s: give more time, or fewer runs a task", e.Task(), e.Node)
	case e.State == "NODE_FAIL":
		return fmt.Sprintf("node %s failed under task %s", e.Node, e.Task())
	case e.State == "CANCELLED":
		return fmt.Sprintf("task %s was cancelled", e.Task())
	}
	return fmt.Sprintf("task %s ended on node %s (%s, exit code %d, signal %d)", e.Task(), e.Node, e.State, e.Exit, e.Signal)
}

func beforeComma(text string) string {
	for k, c := range text {
		if c == ',' || c == ' ' {
			return text[:k]
		}
	}
	return text
}
