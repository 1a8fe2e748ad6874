// Command vulndb knows weak versions of modules. "vulndb make REPORTS DATABASE" turns
// the reports of the module golang.org/x/vulndb, which every proxy serves, into a
// database that govulncheck -db reads, and prints those of the modules on stdin, one
// a line, that have been weak, each with the version that mends all of it. "vulndb
// check LIST" holds the modules on stdin, "PATH VERSION", against what make printed.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// report is what is read of an entry in the OSV format.
type report struct {
	ID        string `json:"id"`
	Modified  string `json:"modified"`
	Withdrawn string `json:"withdrawn"`
	Affected  []struct {
		Package struct {
			Name string `json:"name"`
		} `json:"package"`
		Ranges []struct {
			Events []struct {
				Fixed string `json:"fixed"`
			} `json:"events"`
		} `json:"ranges"`
	} `json:"affected"`
}

// weakness is a report in the database's index of modules.
type weakness struct {
	ID       string `json:"id"`
	Modified string `json:"modified"`
	Fixed    string `json:"fixed,omitempty"`
}

type module struct {
	Path  string     `json:"path"`
	Vulns []weakness `json:"vulns"`
}

func main() {
	log.SetFlags(0)
	var err error
	switch args := os.Args[1:]; {
	case len(args) == 3 && args[0] == "make":
		err = create(args[1], args[2])
	case len(args) == 2 && args[0] == "check":
		err = check(args[1])
	default:
		log.Fatal("usage: vulndb make REPORTS DATABASE <MODULES, or vulndb check LIST <VERSIONS")
	}
	if err != nil {
		log.Fatal(err)
	}
}

// check is an error where a module is older than the list asks for.
func check(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	fields := strings.Fields(string(text))
	if len(fields) == 0 || len(fields)%2 != 0 {
		return fmt.Errorf("%s: want lines of MODULE VERSION", path)
	}
	least := map[string]string{}
	for i := 0; i < len(fields); i += 2 {
		least[fields[i]] = fields[i+1]
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		module, version, _ := strings.Cut(lines.Text(), " ")
		if semver.Compare(version, least[module]) < 0 {
			err = errors.Join(err, fmt.Errorf("%s %s has known weaknesses, want at least %s", module, version, least[module]))
		}
	}
	return errors.Join(err, lines.Err())
}

// create makes the database.
func create(reports, database string) error {
	for _, dir := range []string{"ID", "index"} {
		if err := os.MkdirAll(filepath.Join(database, dir), 0o755); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(reports, "*.json"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no reports in %s", reports)
	}
	modules := map[string]*module{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var r report
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if r.Withdrawn != "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(database, "ID", r.ID+".json"), text, 0o644); err != nil {
			return err
		}
		for name, fixed := range r.fixes() {
			if modules[name] == nil {
				modules[name] = &module{Path: name}
			}
			modules[name].Vulns = append(modules[name].Vulns, weakness{r.ID, r.Modified, fixed})
		}
	}
	sorted := slices.SortedFunc(maps.Values(modules), func(a, b *module) int { return cmp.Compare(a.Path, b.Path) })
	index, err := json.Marshal(sorted)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(database, "index", "modules.json"), index, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(database, "index", "db.json"), []byte(`{"modified":"2001-01-01T00:00:00Z"}`), 0o644); err != nil {
		return err
	}
	return list(modules)
}

// fixes are the modules of a report, with the last version that mends them; none
// where there is no such version.
func (r report) fixes() map[string]string {
	fixes := map[string]string{}
	for _, a := range r.Affected {
		last := fixes[a.Package.Name]
		for _, ranges := range a.Ranges {
			for _, e := range ranges.Events {
				if e.Fixed != "" && semver.Compare("v"+e.Fixed, "v"+last) > 0 {
					last = e.Fixed
				}
			}
		}
		fixes[a.Package.Name] = last
	}
	return fixes
}

// list prints the modules on stdin that have been weak.
func list(modules map[string]*module) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		m := modules[lines.Text()]
		if m == nil {
			continue
		}
		last := ""
		for _, w := range m.Vulns {
			if semver.Compare("v"+w.Fixed, "v"+last) > 0 {
				last = w.Fixed
			}
		}
		if last != "" {
			fmt.Println(m.Path, "v"+last)
		}
	}
	return lines.Err()
}
