package extract

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// tree makes files of a few bytes below a folder.
func tree(t *testing.T, paths ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, p := range paths {
		file := filepath.Join(root, p)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error %q lacks %q", err, part)
		}
	}
}

// Layouts are read by their own package, with the root that their paths are relative to.
func TestFind(t *testing.T) {
	root := tree(t, "b/1.jpg", "a/zz.PNG", "a/sub/0.jpeg", "a/a.jpg", "a/notes.txt")
	s, err := Find(root)
	if err != nil {
		t.Fatal(err)
	}
	want := &Set{
		Root: root, Layout: "ImageFolder tree", Names: []string{"a", "b"}, Labels: []int{0, 0, 0, 1},
		Paths: []string{"a/a.jpg", "a/zz.PNG", "a/sub/0.jpeg", "b/1.jpg"},
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, want %+v", s, want)
	}
	if s.file(2) != filepath.Join(root, "a", "sub", "0.jpeg") {
		t.Errorf("%s is the file", s.file(2))
	}

	list := filepath.Join(root, "list.csv")
	if err := os.WriteFile(list, []byte("path,label\nb/1.jpg,5\na/a.jpg,3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err = Find(list); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Paths, []string{"b/1.jpg", "a/a.jpg"}) || !reflect.DeepEqual(s.Labels, []int{5, 3}) || s.Root != root {
		t.Errorf("of a list: %+v", s)
	}
}

// Images that are in the folder itself have no classes.
func TestFindWithoutClasses(t *testing.T) {
	root := tree(t, "b.jpg", "a.jpg", ".c.jpg", "notes.txt")
	s, err := Find(root)
	if err != nil || !reflect.DeepEqual(s, &Set{Root: root, Paths: []string{"a.jpg", "b.jpg"}}) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestFindRefuses(t *testing.T) {
	empty := t.TempDir()
	_, err := Find(empty)
	wantError(t, err, empty, "is empty: name a folder of .jpg or .png")
	_, err = Find(filepath.Join(empty, "missing"))
	wantError(t, err, "missing", "no such file")
	_, err = Find(tree(t, "notes.txt"))
	wantError(t, err, "of no layout that is known")
	_, err = Find(tree(t, "a/notes.txt"))
	wantError(t, err, "of no layout that is known")
}
