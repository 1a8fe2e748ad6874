package checkpoint_test

import (
	"os"
	"strings"
	"testing"

	"symgrad/train/checkpoint"
)

// /dev/full has no room for a single byte.
func TestDeviceWithoutRoom(t *testing.T) {
	full := must(os.OpenFile("/dev/full", os.O_WRONLY, 0))
	defer full.Close()
	net, meta := numbered(1)
	if err := checkpoint.Write(full, net, meta); err == nil || !strings.Contains(err.Error(), "no space left on device") {
		t.Error(err)
	}
}
