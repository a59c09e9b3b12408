package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gpwbench/results"
)

// The numbers of the page are those of the records, read here as JSON without the
// packages that the page is made with: means over seeds, in percent, to five digits.
func TestNumbersOfRecords(t *testing.T) {
	dir := plainFolder(t)
	sums, counts := map[string]float64{}, map[string]float64{}
	files, err := filepath.Glob(filepath.Join(dir, "records", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Label   string
			Metrics map[string]float64
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		for metric, v := range r.Metrics {
			sums[r.Label+" "+metric] += 100 * v
			counts[r.Label+" "+metric]++
		}
	}

	folder := dataOf(t, pageOf(t, dir))[0]
	rows := folder["rows"].([]any)
	set := folder["sets"].([]any)[0].(map[string]any)
	compared := 0
	for metric, m := range set["measures"].(map[string]any) {
		for k, r := range m.(map[string]any)["rows"].([]any) {
			name := rows[int(set["rows"].([]any)[k].(float64))].(map[string]any)["name"].(string)
			name, _, _ = strings.Cut(name, " (") // the protocol
			want := sums[name+" "+metric] / counts[name+" "+metric]
			got, ok := r.(map[string]any)["mean"].(float64)
			if !ok || math.Abs(got-want) > 1e-4*want {
				t.Errorf("%s of %s is %v on the page, %v in the records", metric, name, got, want)
			}
			if text := r.(map[string]any)["text"].(string); !strings.HasPrefix(text, fmt.Sprintf("%.1f", want)) {
				t.Errorf("%s of %s is printed as %s, the records have %v", metric, name, text, want)
			}
			compared++
		}
	}
	if compared < 4*5 {
		t.Errorf("%d numbers were compared, of four rows in five metrics or more", compared)
	}
}

// The page loads nothing, runs no other script and submits nothing: its policy says so,
// and there is no address in it but those of its own parts.
func TestPageLoadsNothing(t *testing.T) {
	page := pageOf(t, plainFolder(t))
	if !strings.Contains(page, `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-`) {
		t.Error("the page has no policy")
	}
	for _, m := range regexp.MustCompile(`(?i)(?:https?:)?//[a-z0-9.]+`).FindAllString(strings.ReplaceAll(page, "\n//", "\n"), -1) {
		if m != "http://www.w3.org" { // the name of SVG, which nothing loads
			t.Errorf("the page names %s", m)
		}
	}
	for _, m := range regexp.MustCompile(`(?i)<[^>]*\s(src|href|action|style|on[a-z]+)=("[^"]*"?|[^\s>]*)`).FindAllStringSubmatch(page, -1) {
		if m[1] != "href" || !strings.HasPrefix(m[2], `"#`) {
			t.Errorf("the page has %s", m[0])
		}
	}
	if regexp.MustCompile(`(?i)<(link|iframe|img|object|embed|base)\b|@import|url\(`).MatchString(page) {
		t.Error("the page has an element that loads")
	}
}

// Repeated, the page has the same bytes, and gpw run has written them.
func TestPageIsDetermined(t *testing.T) {
	dir := plainFolder(t)
	written, err := os.ReadFile(filepath.Join(dir, results.ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	if page := pageOf(t, dir); page != string(written) {
		t.Errorf("a page of %d bytes is not the one of %d bytes that the run wrote", len(page), len(written))
	}
	list, err := os.ReadFile(filepath.Join(dir, "written.json"))
	if err != nil || !bytes.Contains(list, []byte(`"report.html"`)) {
		t.Errorf("written.json does not list the page: %s, %v", list, err)
	}
}

// What is not comparable stands apart, and rows of the same runs stand once.
func TestFoldersTogether(t *testing.T) {
	page := pageOf(t, plainFolder(t), sweptFolder(t))
	_, part, _ := strings.Cut(page, `<section id="together">`)
	part, _, _ = strings.Cut(part, "</section>")
	if n := strings.Count(part, `<td class="words">plain, swept</td>`); n != 3 {
		t.Errorf("%d rows are of both folders, want the three baselines:\n%s", n, part)
	}
	if n := strings.Count(part, `<td class="words">swept</td>`); n != 6 {
		t.Errorf("%d rows are of the sweep alone, want two losses at three values", n)
	}
	for _, label := range []string{"Contrastive (optimizer.lr 1e-4)", "no test compares rows of different folders"} {
		if !strings.Contains(strings.ToLower(part), strings.ToLower(label)) {
			t.Errorf("the folders together do not say %q", label)
		}
	}

	if want := "Only one folder has these data with this split: wheels (synthetic) of swept."; !strings.Contains(part, want) {
		t.Errorf("the folders together do not say %q", want)
	}

	copied := filepath.Join(t.TempDir(), "again")
	if err := os.CopyFS(copied, os.DirFS(sweptFolder(t))); err != nil {
		t.Fatal(err)
	}
	if page := pageOf(t, sweptFolder(t), copied); !strings.Contains(page, "<title>swept (swept), swept (again): ") {
		t.Error("two folders of one name are not told apart")
	}
}

// A page that would be too large is refused, and says by how much.
func TestPageTooLarge(t *testing.T) {
	dir, _ := handmade(t, "large", []int{0, 0})
	f := opened(t, dir)
	f.notes = append(f.notes, strings.Repeat("long ", MostBytes/5))
	if err := Write(&bytes.Buffer{}, f); err == nil || !strings.Contains(err.Error(), "report on fewer folders at once") {
		t.Errorf("a page above %d bytes is written: %v", MostBytes, err)
	}
	if Write(&bytes.Buffer{}) == nil {
		t.Error("a page of no folder is written")
	}
}
