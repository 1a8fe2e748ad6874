package peer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// onnxruntime has its models exported by PyTorch and runs them in Node.
func (f *Field) onnxruntime(ctx context.Context) (*Peer, error) {
	script, err := f.file("onnxruntime", "bench.js")
	if err != nil {
		return nil, err
	}
	export, err := f.file("onnxruntime", "export.py")
	if err != nil {
		return nil, err
	}
	modules, version, err := f.nodeModules(ctx, nodePackage{"onnxruntime-node", "1.30.0"})
	if err != nil {
		return nil, err
	}
	python, err := f.python(ctx, "torch")
	if err != nil {
		return nil, fmt.Errorf("exporting the models needs PyTorch: %w", err)
	}
	dir := filepath.Join(f.scratch, "onnx")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if _, err := run(ctx, dir, f.env, python, export); err != nil {
		return nil, fmt.Errorf("exporting the models: %w", err)
	}
	p := f.peer(ONNXRuntime, dir, func(j Job) []string {
		if j.Model == "N" {
			return nil
		}
		return []string{"node", script, j.Model, strconv.Itoa(j.Threads), strconv.Itoa(j.Batch)}
	})
	p.env, p.version = append([]string{"NODE_PATH=" + modules}, f.env...), version
	return p, nil
}
