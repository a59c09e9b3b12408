package claims

import (
	"slices"

	"golang.org/x/sys/unix"
)

// Types of file systems that other machines may have mounted too. FUSE is among them,
// because file systems of clusters and of clouds are often mounted through it.
var networks = []int64{
	unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.CEPH_SUPER_MAGIC, unix.AFS_SUPER_MAGIC, unix.V9FS_MAGIC,
	unix.FUSE_SUPER_MAGIC,
	0x0BD00BD0, // Lustre
	0x47504653, // GPFS
	0x19830326, // BeeGFS
	0x20030528, // OrangeFS
	0x013111A8, // GFS2
	0x7461636F, // OCFS2
}

// isNetwork reports whether other machines may have the file system of a folder.
func isNetwork(dir string) bool {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return false
	}
	return slices.Contains(networks, int64(uint32(s.Type)))
}
