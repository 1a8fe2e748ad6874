package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// nodePackage is what npm installs where it is missing.
type nodePackage struct{ name, version string }

// nodeModules finds packages, or installs those that are missing, and tells the
// version of the first. Their install scripts are left out: onnxruntime's would
// fetch CUDA libraries.
func (f *Field) nodeModules(ctx context.Context, packages ...nodePackage) (modules, version string, err error) {
	if _, err := run(ctx, "", nil, "node", "--version"); err != nil {
		return "", "", fmt.Errorf("%w (Debian: apt-get install nodejs npm)", err)
	}
	dir := f.cfg.Node
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", "", err
		}
		dir = filepath.Join(cache, "symgrad", "peers")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", err
	}
	modules = filepath.Join(dir, "node_modules")
	var missing []string
	for _, p := range packages {
		if _, err := os.Stat(filepath.Join(modules, p.name, "package.json")); err != nil {
			missing = append(missing, p.name+"@"+p.version)
		}
	}
	if missing != nil {
		f.cfg.Say(fmt.Sprint("installing ", missing, " in ", dir))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", "", err
		}
		install := append([]string{"npm", "install", "--ignore-scripts", "--prefix", dir}, missing...)
		if _, err := run(ctx, dir, nil, install...); err != nil {
			return "", "", fmt.Errorf("npm install %v: %w", missing, err)
		}
	}
	version, err = nodeVersion(filepath.Join(modules, packages[0].name, "package.json"))
	return modules, version, err
}

// nodeVersion is what a package says of itself.
func nodeVersion(description string) (string, error) {
	text, err := os.ReadFile(description)
	if err != nil {
		return "", err
	}
	var about struct{ Version string }
	if err := json.Unmarshal(text, &about); err != nil || about.Version == "" {
		return "", fmt.Errorf("%s names no version", description)
	}
	return about.Version, nil
}
