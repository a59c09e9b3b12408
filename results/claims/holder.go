package claims

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Schema is the version of the form of a lease. It is raised if a field changes its
// meaning.
const Schema = 1

// A Holder is what a claim says of the process that made it.
type Holder struct {
	Schema int    `json:"schema"`
	Run    string `json:"run,omitempty"` // what it is of: "cub: Triplet, fixed, seed 0"

	Host string `json:"host"`
	PID  int    `json:"pid"`
	// Since is by the clock of the host, and is compared with no other clock.
	Since    time.Time `json:"since"`
	Revision string    `json:"revision,omitempty"` // of the program

	// Lease is the time without a renewal after which others may take the claim, in
	// seconds. It is 0 for a lock of the operating system.
	Lease float64 `json:"lease_seconds"`

	Token    string `json:"token"` // of this claim alone
	Released bool   `json:"released"`
	Renewed  int    `json:"renewed"` // how often
}

// String names the process: "process 1234 on host".
func (h Holder) String() string { return fmt.Sprintf("process %d on %s", h.PID, h.Host) }

// newHolder describes this process.
func newHolder(run string, o Options) Holder {
	host, err := os.Hostname()
	if err != nil {
		host = "a host without a name"
	}
	return Holder{
		Schema: Schema, Run: run, Host: host, PID: os.Getpid(), Since: o.now().UTC().Round(time.Second), Revision: o.Revision,
		Lease: o.Lease.Seconds(),
	}
}

// encode writes what changes last and in a fixed width, so that a renewal replaces the
// bytes of a file in place and a reader sees no other length.
func (h Holder) encode() []byte {
	released, renewed := h.Released, h.Renewed
	h.Released, h.Renewed = false, 0
	// Its fields are text and numbers, which always encode.
	text, _ := json.Marshal(h)
	text = bytes.TrimSuffix(text, []byte(`,"released":false,"renewed":0}`))
	return fmt.Appendf(text, `,"released":%-5t,"renewed":%12d}`+"\n", released, renewed)
}

// A condition is what a file of a lease is.
type condition int

const (
	readable condition = iota
	unreadable
	newer // of a later program, whose rules are unknown
)

// decode reads a claim. What is unreadable has a zero Holder.
func decode(data []byte) (Holder, condition) {
	var h Holder
	if err := json.Unmarshal(data, &h); err != nil || h.Schema < 1 {
		var of struct {
			Schema int `json:"schema"`
		}
		if json.Unmarshal(data, &of) == nil && of.Schema > Schema {
			return Holder{Schema: of.Schema}, newer
		}
		return Holder{}, unreadable
	}
	if h.Schema > Schema {
		return h, newer
	}
	return h, readable
}
