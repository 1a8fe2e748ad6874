//go:build !arm64 || purego

package gemm

// neon computes nothing here.
func (t *tileShape[F]) neon(int, []F, []F, []F) bool { return false }
