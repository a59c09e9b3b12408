package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gpwbench/experiments"
	"gpwbench/losses"
)

// The folders of the tests, each run once.
var (
	plainOnce, sweptOnce sync.Once
	plainDir, sweptDir   string
	folderErr            error
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range []string{plainDir, sweptDir} {
		if dir != "" {
			os.RemoveAll(filepath.Dir(dir))
		}
	}
	os.Exit(code)
}

var small = []string{
	"losses=[contrastive, multi_similarity]", "baselines=[frozen, whitening]",
	"sampler.classes=4", "sampler.per_class=3", "seeds=2",
}

// plainFolder is a results folder of two losses and two baselines, that kept weights of
// three steps and embeddings.
func plainFolder(t testing.TB) string {
	t.Helper()
	plainOnce.Do(func() {
		plainDir = runInto("plain", "name=plain", "datasets=[{name: birds, synthetic: cub, scale: 0.05}]", "steps=8", "protocol={name: paper, every: 2}", "keep=[head, embeddings]", "weights.at=[first, 4, last]")
	})
	if folderErr != nil {
		t.Fatal(folderErr)
	}
	return plainDir
}

// sweptFolder is one of a sweep, of the same data and of others.
func sweptFolder(t testing.TB) string {
	t.Helper()
	sweptOnce.Do(func() {
		sweptDir = runInto("swept", "name=swept", "datasets=[{name: birds, synthetic: cub, scale: 0.05}, {name: wheels, synthetic: cars, scale: 0.05}]", "steps=4", "protocol=fixed", "weights.at=[]", "sweep.optimizer.lr=[1e-4, 1e-3, 1e-2]")
	})
	if folderErr != nil {
		t.Fatal(folderErr)
	}
	return sweptDir
}

func runInto(name string, settings ...string) string {
	parent, err := os.MkdirTemp("", "report")
	if err != nil {
		folderErr = err
		return ""
	}
	dir := filepath.Join(parent, name)
	s, err := experiments.Open("quickstart", append(append([]string{}, small...), settings...), losses.Catalogue)
	if err == nil {
		_, err = experiments.Run(nil, s, dir, experiments.Options{Report: Writer{}})
	}
	folderErr = err
	return dir
}

// pageOf is the page of folders.
func pageOf(t testing.TB, dirs ...string) string {
	t.Helper()
	var folders []*Folder
	for _, dir := range dirs {
		folders = append(folders, opened(t, dir))
	}
	var b bytes.Buffer
	if err := Write(&b, folders...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var read sync.Map // folders by their paths

// opened is a folder, read once.
func opened(t testing.TB, dir string) *Folder {
	t.Helper()
	if f, ok := read.Load(dir); ok {
		return f.(*Folder)
	}
	f, err := Open(nil, dir)
	if err != nil {
		t.Fatal(err)
	}
	read.Store(dir, f)
	return f
}

// pageFile writes a page for a browser.
func pageFile(t testing.TB, dirs ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(pageOf(t, dirs...)), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// dataOf decodes the data of a page without the types that wrote them.
func dataOf(t testing.TB, page string) []map[string]any {
	t.Helper()
	_, block, ok := strings.Cut(page, `<script type="application/json" id="data">`)
	block, _, closed := strings.Cut(block, "</script>")
	if !ok || !closed {
		t.Fatal("the page has no data")
	}
	var data []map[string]any
	if err := json.Unmarshal([]byte(block), &data); err != nil {
		t.Fatal(err)
	}
	return data
}
