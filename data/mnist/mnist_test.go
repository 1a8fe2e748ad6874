package mnist

import (
	"crypto/md5"
	"fmt"
	"testing"
)

func Example() {
	train, test, err := Load()
	fmt.Println(train.Len(), test.Len(), train.Shape, train.Labels[:5], err)
	// Output: 60000 10000 [1 28 28] [5 0 4 1 9] <nil>
}

func TestTheOfficialFiles(t *testing.T) {
	for name, want := range map[string]string{
		"train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
		"train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
		"t10k-images-idx3-ubyte.gz":  "9fb629c4189551a2d022fa330f9573f3",
		"t10k-labels-idx1-ubyte.gz":  "ec29112dd5afa0611ce80d1b7f02629c",
	} {
		content, err := files.ReadFile(name)
		if got := fmt.Sprintf("%x", md5.Sum(content)); err != nil || got != want {
			t.Errorf("%s: md5 %s, want %s (%v)", name, got, want, err)
		}
	}
}
