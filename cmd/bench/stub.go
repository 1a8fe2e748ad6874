package main

import (
	"context"
	"io"
)

func (f *flags) toAccuracy(ctx context.Context, a, b io.Writer) error { return nil }
func (f *flags) scale(ctx context.Context, a io.Writer) error         { return nil }
