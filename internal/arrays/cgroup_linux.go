package arrays

import (
	"bytes"
	"math"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// GroupLimit is the memory in bytes that the control group of the process may use, with
// the groups above it: what a container has, or a task of a cluster. It is
// math.MaxInt64 where there is no limit, or none is known.
func GroupLimit() int64 {
	groups, _ := os.ReadFile("/proc/self/cgroup")
	return groupLimit("/sys/fs/cgroup", string(groups))
}

// groupLimit is that of groups as /proc/self/cgroup lists them, whose files are below
// root. A line is NUMBER:CONTROLLERS:PATH, of version 2 without controllers. In a
// container the path may be that of the machine, of which root has no folder.
func groupLimit(root, groups string) int64 {
	least := int64(math.MaxInt64)
	for line := range strings.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}

		folder, file := root, "memory.max"
		if parts[1] != "" {
			if parts[1] != "memory" {
				continue
			}
			folder, file = filepath.Join(root, "memory"), "memory.limit_in_bytes"
		}
		for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) {
			text, err := os.ReadFile(filepath.Join(folder, group, file))
			if limit, failed := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64); err == nil && failed == nil { // or max
				least = min(least, limit)
			}
			if group == "/" {
				break
			}
		}
	}
	return least
}
