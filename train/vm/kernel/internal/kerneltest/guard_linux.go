package kerneltest

import (
	"sync"

	"golang.org/x/sys/unix"
)

// spare are mappings that were given back, by their length: to map and unmap memory
// takes longer than what most kernels do with it.
var spare struct {
	sync.Mutex
	of map[int][][]byte
}

func newGuardBlock(t T, n int) guardBlock {
	const before = 128
	page := unix.Getpagesize()
	size := page // doubled, so that mappings of few sizes serve all
	for size < n+before {
		size *= 2
	}
	memory := mapped(t, size, page)
	return guardBlock{memory: memory[:size], start: size - n, end: size, free: func() { giveBack(memory) }}
}

// mapped is memory of a size before a page that may not be touched.
func mapped(t T, size, page int) []byte {
	spare.Lock()
	defer spare.Unlock()
	if known := spare.of[size+page]; len(known) > 0 {
		spare.of[size+page] = known[:len(known)-1]
		return known[len(known)-1]
	}
	memory, err := unix.Mmap(-1, 0, size+page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Mprotect(memory[size:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return memory
}

func giveBack(memory []byte) {
	spare.Lock()
	defer spare.Unlock()
	if spare.of == nil {
		spare.of = map[int][][]byte{}
	}
	spare.of[len(memory)] = append(spare.of[len(memory)], memory)
}
