package mnist

import "io/fs"

// Files are the four official .gz files, for programs that want them in a
// directory of their own (os.CopyFS).
func Files() fs.FS { return files }
