// Package safetensors reads and writes the safetensors format of Hugging Face,
// which PyTorch, JAX, MLX and others read: eight bytes that give the length of a
// JSON header (little-endian), the header with the name, dtype, shape and place
// of each tensor, then the tensors' numbers, little-endian and row-major,
// without holes.
//
// The format has no checksum. What a file claims is held against its length
// before anything is made from it, tensors are slices of the file, and a header
// may name 4096 of them at most: whatever it says, reading costs the file and, at
// worst, some megabytes for names.
//
// Source: https://github.com/huggingface/safetensors, "Format".
package safetensors
