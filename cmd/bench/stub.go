package main

import (
	"context"
	"io"
)

func (f *flags) scale(ctx context.Context, a io.Writer) error         { return nil }
