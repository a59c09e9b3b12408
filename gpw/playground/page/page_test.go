package page

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// built is a folder as make build fills it.
func built() fstest.MapFS {
	return fstest.MapFS{
		moduleFile:  {Data: []byte("a module")},
		runtimeFile: {Data: []byte("// a script\nlet a = '</script>';")},
		licenceFile: {Data: []byte("Copyright <someone>")},
	}
}

// Each script of the page is the one that its content security policy has by hash, and
// nothing of the page is fetched.
func TestAssemble(t *testing.T) {
	b, err := assemble(built())
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{base64.StdEncoding.EncodeToString([]byte("a module")), "Copyright &lt;someone&gt;", "default-src 'none'", "<html lang=\"en\">"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if m := regexp.MustCompile(`\{\{|(src|href)="[^#"]|https?://[^w]|@import|url\(`).FindString(text); m != "" {
		t.Errorf("the page has %q: a part that is not filled, or that is elsewhere", m)
	}

	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(text, -1)
	if len(scripts) != 2 {
		t.Fatalf("the page has %d scripts, want 2", len(scripts))
	}
	for k, script := range scripts {
		sum := sha256.Sum256([]byte(script[1]))
		if !strings.Contains(text, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
			t.Errorf("the policy lacks the hash of script %d", k)
		}
	}
	if !strings.Contains(scripts[0][1], `<\/script>`) {
		t.Error("a string in the first script ends it")
	}
}

// A page cannot be put together with a part missing.
func TestNoModule(t *testing.T) {
	for _, name := range []string{moduleFile, runtimeFile, licenceFile} {
		folder := built()
		delete(folder, name)
		if page, err := assemble(folder); !errors.Is(err, ErrNoModule) || page != nil {
			t.Errorf("without %s: %d bytes and %v", name, len(page), err)
		}
	}
}

// Every script of the folder is in the page, once.
func TestScripts(t *testing.T) {
	files, err := fs.ReadDir(assets, "scripts")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	listed := slices.Sorted(slices.Values(scripts))
	if !slices.Equal(names, listed) {
		t.Errorf("the folder has %v, the page %v", names, listed)
	}
}
