package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// byHand is the program of onecall that uses no SDK.
const byHand = "byhand"

func builds(options) (*table, error) {
	t := newTable("Size and build of a program with one call",
		"Each program in `bench/onecall` makes one create and prints its ID. By hand it is `net/http` and `encoding/json`. Size is that "+
			"of `go build -trimpath -ldflags \"-s -w\"`. Build is the processor time of that command, compilers and linker included, where nothing but "+
			"the standard library has been compiled before. 1 MB is 1,000,000 bytes.",
		"SDK", "size, MB", "over by hand, MB", "modules linked", "build, s")
	dir, err := os.MkdirTemp("", "orbit-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary directory
	f := factory{dir: dir, std: filepath.Join(dir, "std")}
	if err := f.buildStandardLibrary(); err != nil {
		return nil, err
	}
	floor, err := f.build(byHand)
	if err != nil {
		return nil, err
	}
	t.row(floor.row("by hand", floor)...)
	for i, p := range peers.All() {
		b, err := f.build(p.Program)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		t.row(b.row(p.Name, floor)...)
		if i == 0 {
			t.aim("a program with one call: MB over by hand", 0.6, mega(b.size-floor.size))
			t.aim("a program with one call: seconds of processor time to build", 3, b.processor.Seconds())
		}
	}
	return t, nil
}

// built is what came of a build.
type built struct {
	size      int64
	processor time.Duration
	modules   int
}

func (b built) row(name string, floor built) []any {
	return []any{name, fmt.Sprintf("%.2f", mega(b.size)), fmt.Sprintf("%+.2f", mega(b.size-floor.size)), b.modules, fmt.Sprintf("%.1f", b.processor.Seconds())}
}

// factory builds programs, each with a copy of a cache that has the standard
// library in it.
type factory struct{ dir, std string }

// buildStandardLibrary compiles what the programs need of it.
func (f factory) buildStandardLibrary() error {
	list := exec.Command("go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "./onecall/...")
	list.Env = environment(f.std)
	out, err := list.Output()
	if err != nil {
		return err
	}
	var packages []string
	for name := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(name, "vendor/") { // these come with those that import them
			packages = append(packages, name)
		}
	}
	_, err = goBuild(f.std, packages...)
	return err
}

// build builds a program of onecall.
func (f factory) build(name string) (built, error) {
	cache, binary := filepath.Join(f.dir, name+"-cache"), filepath.Join(f.dir, name+".exe")
	if err := os.CopyFS(cache, os.DirFS(f.std)); err != nil {
		return built{}, err
	}
	defer os.RemoveAll(cache) //nolint:errcheck // a temporary directory
	processor, err := goBuild(cache, "-ldflags=-s -w", "-o", binary, "./onecall/"+name)
	if err != nil {
		return built{}, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return built{}, err
	}
	linked, err := exec.Command("go", "version", "-m", binary).Output()
	if err != nil {
		return built{}, err
	}
	return built{info.Size(), processor, strings.Count(string(linked), "\n\tdep\t")}, nil
}

// goBuild runs go build, and returns the processor time of it and its children.
func goBuild(cache string, args ...string) (time.Duration, error) {
	cmd := exec.Command("go", append([]string{"build", "-trimpath", "-buildvcs=false"}, args...)...)
	cmd.Env = environment(cache)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func environment(cache string) []string {
	return append(os.Environ(), "GOCACHE="+cache, "CGO_ENABLED=0", "GOFLAGS=")
}
