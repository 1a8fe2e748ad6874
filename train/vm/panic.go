package vm

import (
	"fmt"
	"runtime/debug"
)

// InternalError is a panic inside the compiler or one of its instructions: a
// defect of this package or of an operator. Stack is where it happened.
type InternalError struct {
	Where string // the pass, or the node whose instruction ran
	Cause any
	Stack []byte
}

func (e *InternalError) Error() string { return fmt.Sprintf("%s: %v", e.Where, e.Cause) }

// internalError keeps the stack of a panic that was just recovered; of one in a
// worker, the worker's.
func internalError(where string, cause any) error {
	if p, ok := cause.(*workerPanic); ok {
		return &InternalError{where, p.cause, p.stack}
	}
	return &InternalError{where, cause, debug.Stack()}
}
