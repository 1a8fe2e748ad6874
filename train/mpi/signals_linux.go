//go:build mpi

package mpi

import (
	"syscall"
	"unsafe"
)

// handlers are what the process does on each signal.
type handlers [65]sigaction

// sigaction is the kernel's struct of that name on 64-bit Linux.
type sigaction struct{ handler, flags, restorer, mask uintptr }

// signalHandlers reads the present ones.
func signalHandlers() *handlers {
	h := &handlers{}
	for signal := 1; signal < len(h); signal++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), 0, uintptr(unsafe.Pointer(&h[signal])), 8, 0, 0)
	}
	return h
}

// restore gives back to Go what a library has taken.
func (h *handlers) restore() {
	now := signalHandlers()
	for signal := 1; signal < len(h); signal++ {
		if before := &h[signal]; before.handler > 1 && now[signal].handler != before.handler { // 0 and 1: no handler of Go's
			_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(before)), 0, 8, 0, 0)
		}
	}
}
