//go:build !linux

package kernel

func newGuardBlock(_ fataler, n int) guardBlock {
	const around = 128
	return guardBlock{memory: make([]byte, n+2*around), start: around, end: around + n, free: func() {}}
}
