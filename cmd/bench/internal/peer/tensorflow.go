package peer

import (
	"context"
	"strconv"
)

// tensorflow runs TensorFlow.js on WebAssembly, which has one thread in Node. (Its
// native build is no npm package: an install script fetches it from elsewhere.)
func (f *Field) tensorflow(ctx context.Context) (*Peer, error) {
	script, err := f.file("tfjs", "bench.js")
	if err != nil {
		return nil, err
	}
	modules, version, err := f.nodeModules(ctx, nodePackage{"@tensorflow/tfjs", "4.22.0"}, nodePackage{"@tensorflow/tfjs-backend-wasm", "4.22.0"})
	if err != nil {
		return nil, err
	}
	p := f.peer(TensorFlow, f.scratch, func(j Job) []string {
		if j.Model == "N" || j.Threads != 1 {
			return nil
		}
		return []string{"node", script, j.Model, strconv.Itoa(j.Batch)}
	})
	p.env, p.version = append([]string{"NODE_PATH=" + modules}, f.env...), version
	return p, nil
}
