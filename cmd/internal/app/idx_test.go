package app

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"symgrad/train/checkpoint"
	"symgrad/train/outdir"
)

// IDX files are scaled, and a checkpoint knows what their classes are called.
func TestNamesAndSizeOfIDXFiles(t *testing.T) {
	t.Setenv("PATH", "")
	for text, want := range map[string][]string{"": {"0", "1", "2"}, "ant\nbee\ncat\ndog\n": {"ant", "bee", "cat", "dog"}} {
		dir, out := smallData(t), t.TempDir()
		if text != "" {
			if err := os.WriteFile(filepath.Join(dir, "classes.txt"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := trainOn(t, outdir.Disk(), dir, out, "", "-size", "12"); err != nil {
			t.Fatal(err)
		}
		net, meta, err := checkpoint.Load(filepath.Join(out, last))
		if err != nil || !slices.Equal(meta.Data.Classes, want) || !slices.Equal(meta.Data.Shape, []int{1, 12, 12}) || net.Outputs() != len(want) {
			t.Errorf("%v of %v, %d outputs: %v", meta.Data.Classes, meta.Data.Shape, net.Outputs(), err)
		}
	}
}
