// Package checkpoint keeps trained networks, and trainings to go on with, in
// safetensors files that PyTorch, JAX and others open.
//
// A file holds the weights under PyTorch's names and in its layouts: conv1.weight
// (maps, channels, height, width), fc1.weight (out, in), which is the transpose
// of what a Param holds, fc1.bias (out). The optimiser's memory, where it is
// kept, stands beside them as optimizer.SLOT.NAME in the layout of the weight,
// such as optimizer.velocity.conv1.weight. The header's metadata has two entries:
// "symgrad", a JSON object with the architecture, the data set, the settings, the
// position (epoch, index, step, seed) and the history, and "sha256", a checksum
// over all of that and every number.
//
// [Save] writes beside the file, syncs and renames: whenever the process or the
// disk gives out, the file is the old one or the new one, whole. [Load] believes
// nothing: a file that is truncated, altered, or of another network is an error
// that says so.
//
//	net, meta, err := checkpoint.Load("out/best.safetensors")
//	answer, err := train.Predict(net, pixels)
package checkpoint
