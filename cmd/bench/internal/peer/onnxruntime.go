package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// onnxruntimePackage is what npm installs where it is missing. Its install
// script would fetch CUDA libraries: it is left out.
const onnxruntimePackage = "onnxruntime-node@1.30.0"

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
	modules, version, err := f.nodeModules(ctx)
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

// nodeModules finds onnxruntime-node, or installs it, and its version.
func (f *Field) nodeModules(ctx context.Context) (modules, version string, err error) {
	if _, err := run(ctx, "", nil, "node", "--version"); err != nil {
		return "", "", fmt.Errorf("%w (Debian: apt-get install nodejs npm)", err)
	}
	dir := f.cfg.Node
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", "", err
		}
		dir = filepath.Join(cache, "symgrad", "onnxruntime")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", err
	}
	modules = filepath.Join(dir, "node_modules")
	description := filepath.Join(modules, "onnxruntime-node", "package.json")
	if _, err := os.Stat(description); err != nil {
		f.cfg.Say("installing " + onnxruntimePackage + " in " + dir)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", "", err
		}
		if _, err := run(ctx, dir, nil, "npm", "install", "--ignore-scripts", "--prefix", dir, onnxruntimePackage); err != nil {
			return "", "", fmt.Errorf("npm install %s: %w", onnxruntimePackage, err)
		}
	}
	text, err := os.ReadFile(description)
	if err != nil {
		return "", "", err
	}
	var about struct{ Version string }
	if err := json.Unmarshal(text, &about); err != nil || about.Version == "" {
		return "", "", fmt.Errorf("%s names no version", description)
	}
	return modules, about.Version, nil
}
