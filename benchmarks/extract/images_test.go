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

// The order is that of ImageFolder: the folder a/sub comes after a's own files, although
// its name would come before some of theirs.
func TestFolder(t *testing.T) {
	root := tree(t, "b/1.jpg", "a/zz.PNG", "a/sub/0.jpeg", "a/a.jpg", "a.b/9.jpg", "a/notes.txt", "a/.hidden.jpg", ".git/x.jpg", "a/old.webp", "empty/readme")
	images, unread, err := Folder(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []Image{{"a/a.jpg", "a"}, {"a/zz.PNG", "a"}, {"a/sub/0.jpeg", "a"}, {"a.b/9.jpg", "a.b"}, {"b/1.jpg", "b"}}
	if !reflect.DeepEqual(images, want) {
		t.Errorf("%v, want %v", images, want)
	}
	if !reflect.DeepEqual(unread, map[string]int{".webp": 1}) {
		t.Errorf("unread: %v", unread)
	}
	labels, names := Labels(images)
	if !reflect.DeepEqual(labels, []int64{0, 0, 0, 1, 2}) || !reflect.DeepEqual(names, []string{"a", "a.b", "b"}) {
		t.Errorf("labels %v of %q", labels, names)
	}
}

func TestFolderRefuses(t *testing.T) {
	_, _, err := Folder(tree(t, "a/notes.txt", "a/b.webp", "a/c.webp"))
	wantError(t, err, "holds no .jpg, .jpeg or .png, and 2 .webp, which have to be converted")
	_, _, err = Folder(t.TempDir())
	wantError(t, err, "holds no .jpg, .jpeg or .png:")
	_, _, err = Folder(tree(t, "a/1.jpg", "2.jpg"))
	wantError(t, err, "2.jpg is beside folders of classes")
	root := tree(t, "a/1.jpg")
	_, _, err = Folder(filepath.Join(root, "a", "1.jpg"))
	wantError(t, err, "is no folder")
	if err := os.Symlink(root, filepath.Join(root, "a", "up")); err != nil {
		t.Skip(err)
	}
	_, _, err = Folder(root)
	wantError(t, err, "up leads to a folder that contains it")

	linked := tree(t, "x/other")
	if err := os.Remove(filepath.Join(root, "a", "up")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "a"), filepath.Join(linked, "class")); err != nil {
		t.Fatal(err)
	}
	images, _, err := Folder(linked)
	if err != nil || len(images) != 1 || images[0] != (Image{"class/1.jpg", "class"}) {
		t.Errorf("%v, %v: the link of a folder is not followed", images, err)
	}
}

// Images that are in the folder itself have no classes.
func TestFolderWithoutClasses(t *testing.T) {
	images, _, err := Folder(tree(t, "b.jpg", "a.jpg"))
	if err != nil || !reflect.DeepEqual(images, []Image{{"a.jpg", ""}, {"b.jpg", ""}}) {
		t.Errorf("%v, %v", images, err)
	}
	if labels, names := Labels(images); labels != nil || names != nil {
		t.Errorf("labels %v of %v", labels, names)
	}
}

func TestList(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Image
		wrong      string
	}{
		{"paths", "b.jpg\na b.jpg\n", []Image{{"b.jpg", ""}, {"a b.jpg", ""}}, ""},
		{"labels", "b.jpg,7\r\na.jpg,\"x, y\"\n", []Image{{"b.jpg", "7"}, {"a.jpg", "x, y"}}, ""},
		{"tabs", "b, c.jpg\tx\n", []Image{{"b, c.jpg", "x"}}, ""},
		{"OML", "\ufefflabel,path,split\n3,a.jpg,train\n", []Image{{"a.jpg", "3"}}, ""},
		{"header of paths", "path,split\na.jpg,train\n", []Image{{"a.jpg", ""}}, ""},
		{"empty", "\n\n", nil, "lists no images"},
		{"mixed", "a.jpg,1\nb.jpg\n", nil, "line 2: some lines have a label"},
		{"three", "a.jpg,1,2\n", nil, "line 1: has 3 fields"},
		{"no path", "a.jpg,1\n ,2\n", nil, "line 2: has no path"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "list.csv")
			if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			images, err := List(file)
			if c.wrong != "" {
				wantError(t, err, file, c.wrong)
				return
			}
			if err != nil || !reflect.DeepEqual(images, c.want) {
				t.Errorf("%v, %v, want %v", images, err, c.want)
			}
		})
	}
}

// Labels that are integers, all of them, stay what they are.
func TestLabels(t *testing.T) {
	labels, names := Labels([]Image{{"a", "7"}, {"b", "-1"}, {"c", "7"}})
	if !reflect.DeepEqual(labels, []int64{7, -1, 7}) || names != nil {
		t.Errorf("%v, %v", labels, names)
	}
	labels, names = Labels([]Image{{"a", "7"}, {"b", "x"}, {"c", "7"}})
	if !reflect.DeepEqual(labels, []int64{0, 1, 0}) || !reflect.DeepEqual(names, []string{"7", "x"}) {
		t.Errorf("%v, %v", labels, names)
	}
}
