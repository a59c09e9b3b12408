package compare

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"gpwbench/results"
	"gpwbench/results/stats"
)

// A Set is the rows of one data set with their per-query results. It does not change once
// it is read and may be used by several goroutines.
type Set struct {
	Dataset results.DatasetInfo
	Rows    []Row

	names   []string
	why     []string             // why a row cannot be compared; "" if it can
	queries [][]*results.Queries // of each run of each row that can be compared

	positive  []int // the queries that have a positive
	class     []int // of each of these
	bootstrap *stats.Bootstrap
	byQuery   *stats.Bootstrap
}

// Read reads the per-query results of rows of one data set, each file once. A row whose
// results are missing, damaged, or of other test rows than those of most rows cannot be
// compared; [Set.Why] says why. It panics without a row.
func Read(store *results.Store, rows []Row) *Set {
	s := &Set{
		Dataset: rows[0].Runs[0].Dataset, Rows: rows, names: Names(rows),
		why: make([]string, len(rows)), queries: make([][]*results.Queries, len(rows)),
	}
	each(len(rows), func(r int) { s.queries[r], s.why[r] = readRow(store, rows[r]) })
	s.pair()
	return s
}

// Names are those of the rows: see [Names].
func (s *Set) Names() []string { return s.names }

// Why says why a row cannot be compared; it is "" if it can.
func (s *Set) Why(row int) string { return s.why[row] }

// Classes is the number of test classes that have a query with a positive, 0 where no row
// can be compared.
func (s *Set) Classes() int {
	if s.bootstrap == nil {
		return 0
	}
	return s.bootstrap.Units()
}

// Find returns the row of a name: one of [Set.Names] or, where only one row has it, a
// label, a loss or a loss.preset. The error is a [*NameError].
func (s *Set) Find(name string) (int, error) { return find(s.Rows, name) }

// readRow reads the results of the runs of a row, or says why they cannot be compared.
func readRow(store *results.Store, row Row) (all []*results.Queries, why string) {
	if row.Ensemble != "" { // the results of its records are those of another head
		return nil, "of the ensembles of the folds' heads no per-query results are kept"
	}
	seen := map[uint64]bool{}
	for _, run := range row.Runs {
		if seen[run.Seed] {
			return nil, fmt.Sprintf("several runs of seed %d under unlike settings: run the experiment into a fresh folder", run.Seed)
		}
		seen[run.Seed] = true

		q, err := store.ReadQueries(run)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, "no per-query results, which earlier programs did not keep: run the experiment again"
		case err != nil:
			return nil, err.Error()
		}
		all = append(all, q)
	}
	return all, ""
}

// pair keeps the rows whose queries are those of most rows.
func (s *Set) pair() {
	prints, count := make([][sha256.Size]byte, len(s.Rows)), map[[sha256.Size]byte]int{}
	each(len(s.Rows), func(r int) {
		if s.why[r] == "" {
			prints[r], s.why[r] = fingerprint(s.queries[r])
		}
	})
	best := -1
	for r := range s.Rows {
		if s.why[r] == "" {
			count[prints[r]]++
		}
	}
	for r := range s.Rows {
		if s.why[r] == "" && (best < 0 || count[prints[r]] > count[prints[best]]) {
			best = r
		}
	}
	if best < 0 {
		return
	}

	for r := range s.Rows {
		if s.why[r] == "" && prints[r] != prints[best] {
			s.why[r] = otherQueries
		}
	}
	q := s.queries[best][0]
	for i := range q.Classes {
		if q.HasPositive(i) {
			s.positive, s.class = append(s.positive, i), append(s.class, int(q.Classes[i]))
		}
	}
	if len(s.positive) == 0 {
		for r := range s.Rows {
			s.why[r] = "no query has a positive"
		}
		return
	}
	key := s.key(s.Rows[best].Runs[0])
	s.bootstrap, s.byQuery = stats.OverClasses(key, s.class), stats.OverQueries(key, len(s.class))
}

const otherQueries = "its test rows are not those of the other rows, so it does not pair with them"

// fingerprint tells the queries of the runs of a row, their classes and which of them
// have a positive, from others. Runs of unlike queries are why a row cannot be compared.
func fingerprint(runs []*results.Queries) (first [sha256.Size]byte, why string) {
	for k, q := range runs {
		text := make([]byte, 0, 5*len(q.Classes))
		for i, class := range q.Classes {
			text = binary.LittleEndian.AppendUint32(text, uint32(class))
			if q.HasPositive(i) {
				text = append(text, 1)
			} else {
				text = append(text, 0)
			}
		}
		switch sum := sha256.Sum256(text); {
		case k == 0:
			first = sum
		case sum != first:
			return first, otherQueries
		}
	}
	return first, ""
}

// key names the data and the split, so that all rows are judged by the same resamples.
func (s *Set) key(run results.Record) string {
	split := ""
	if settings, err := run.ReadSettings(); err == nil {
		split = settings.Dataset.Split
	}
	return s.Dataset.Checksum + "\n" + split
}

// each calls f for 0 to n−1 on all cores.
func each(n int, f func(k int)) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for k := range queue {
				f(k)
			}
		})
	}
	for k := range n {
		queue <- k
	}
	close(queue)
	workers.Wait()
}
