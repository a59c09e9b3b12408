package experiments

import (
	"fmt"
	"strings"
	"testing"

	"gpwbench/results"
	"gpwbench/train"
)

// Runs that an earlier revision of the trainer made are made again, and the reason is
// told; their records stay.
func TestOtherRevisionIsTold(t *testing.T) {
	spec := tinySpec(t, "losses=[contrastive]", "baselines=frozen", "seeds=1")
	dir := t.TempDir()
	if _, err := runInto(t.Context(), t, dir, spec, 1, nil); err != nil {
		t.Fatal(err)
	}
	older := t.TempDir()
	from, err := results.OpenRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	to, err := results.Open(older)
	if err != nil {
		t.Fatal(err)
	}
	records, err := from.All()
	if err != nil {
		t.Fatal(err)
	}

	for _, r := range records {
		text := strings.Replace(string(r.Settings), fmt.Sprintf(`"trainer_revision":%d`, train.Revision), fmt.Sprintf(`"trainer_revision":%d`, train.Revision-1), 1)
		r.Settings, r.ID, r.Revisions.Trainer = []byte(text), results.ID([]byte(text)), train.Revision-1
		r.Files = nil
		if err := to.Keep(r, nil); err != nil {
			t.Fatal(err)
		}
	}

	if err := to.Close(); err != nil {
		t.Fatal(err)
	}

	p := &silence{}
	out, err := runInto(t.Context(), t, older, spec, 1, p)
	if err != nil || out.Ran != 3 {
		t.Fatalf("outcome %+v, error %v", out, err)
	}
	if len(p.remarks) != 1 || !strings.HasPrefix(p.remarks[0], "3 records of tiny in this folder were measured by another revision") {
		t.Errorf("remarks %q", p.remarks)
	}
	p = &silence{}
	if out, err = runInto(t.Context(), t, older, spec, 1, p); err != nil || out.Ran != 0 || len(p.remarks) > 0 {
		t.Errorf("again: outcome %+v, remarks %q, error %v", out, p.remarks, err)
	}
}
