package kerneltest

import "golang.org/x/sys/unix"

func newGuardBlock(t T, n int) guardBlock {
	const before = 128
	page := unix.Getpagesize()
	size := (n + before + page - 1) / page * page
	memory, err := unix.Mmap(-1, 0, size+page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mprotect(memory[size:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return guardBlock{memory: memory[:size], start: size - n, end: size, free: func() { _ = unix.Munmap(memory) }}
}
