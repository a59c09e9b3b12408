package f32

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// A task is work in chunks that can be done in any order and at the same time.
type task interface{ chunk(i int) }

// split does the chunks 0..n-1 of a task on this goroutine and on up to cores−1 workers.
// Each takes the next chunk when it is free. This goroutine starts at once and does not
// wait for workers to wake up, so it loses little on a busy machine.
func split(t task, n, cores int) {
	helpers := min(n, cores) - 1
	if helpers <= 0 {
		for i := range n {
			t.chunk(i)
		}
		return
	}

	startWorkers(helpers)
	j := jobs.Get().(*job)
	j.task, j.chunks = t, int32(n)
	j.next.Store(0)
	j.done.Store(0)
	j.holders.Store(int32(helpers) + 1)

	for range helpers {
		select {
		case queue <- j:
		default: // the queue is full, so every worker is busy
			j.holders.Add(-1)
		}
	}

	if !j.work() {
		<-j.finished
	}
	fault := j.fault.Load()
	j.release()
	if fault != nil {
		panic(fault.value)
	}
}

// A job is a task that goroutines share. A worker that starts late finds no chunk left
// and does not access the task.
type job struct {
	task       task
	chunks     int32
	next, done atomic.Int32
	holders    atomic.Int32  // goroutines that may still read the job
	finished   chan struct{} // sent once, if a worker does the last chunk
	fault      atomic.Pointer[fault]
}

// A fault is an access to memory that is there no more: rows of a mapped file that became
// shorter. Whoever asked for the work gets it, on its own goroutine.
type fault struct{ value any }

var (
	jobs = sync.Pool{New: func() any { return &job{finished: make(chan struct{}, 1)} }}

	// queue is buffered for workers that have yet to wait; waiting workers would need no
	// buffer.
	queue = make(chan *job, 8)
)

// work does chunks until none is left, and reports whether it did the last one.
func (j *job) work() (last bool) {
	for {
		i := j.next.Add(1) - 1
		if i >= j.chunks {
			return last
		}
		j.do(int(i))
		last = j.done.Add(1) == j.chunks
	}
}

// do does a chunk, and nothing after a fault. Other panics are errors of the program.
func (j *job) do(i int) {
	if j.fault.Load() != nil {
		return
	}
	defer func() {
		v := recover()
		if _, ok := v.(interface{ Addr() uintptr }); ok {
			j.fault.CompareAndSwap(nil, &fault{v})
		} else if v != nil {
			panic(v)
		}
	}()
	j.task.chunk(i)
}

func (j *job) release() {
	if j.holders.Add(-1) == 0 {
		j.task = nil
		j.fault.Store(nil)
		jobs.Put(j)
	}
}

var (
	workers   atomic.Int32
	workersMu sync.Mutex
)

// startWorkers starts workers until there are n. They exist until the program ends and
// take no time while they wait.
func startWorkers(n int) {
	if int(workers.Load()) >= n {
		return
	}

	workersMu.Lock()
	defer workersMu.Unlock()

	for int(workers.Load()) < n {
		workers.Add(1)
		go func() {
			debug.SetPanicOnFault(true)
			for {
				j := nextJob()
				if j.work() {
					j.finished <- struct{}{}
				}
				j.release()
			}
		}()
	}
}

// spinTime is the time for which a worker polls for the next job before it parks. Waking
// a parked worker takes 5 to 50 µs, as long as a small product, and small products follow
// each other closely.
const spinTime = 100 * time.Microsecond

// nextJob returns the next job. Between two polls it yields to goroutines and to other
// threads of the core, because one of them may be about to send the job.
func nextJob() *job {
	for start := time.Now(); time.Since(start) < spinTime; {
		select {
		case j := <-queue:
			return j
		default:
			runtime.Gosched()
			yield()
		}
	}
	return <-queue
}
