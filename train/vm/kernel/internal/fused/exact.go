//go:build !loose

package fused

// Exact tells that sums are rounded once, everywhere.
const Exact = true
