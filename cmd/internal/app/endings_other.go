//go:build !unix

package app

import (
	"os"
	"syscall"
)

// endings are the signals that end a command, but for SIGHUP.
func endings() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }
