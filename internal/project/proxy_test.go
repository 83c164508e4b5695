package project_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
)

// serveFromDisk lays this checkout out as a module proxy does: one version, the
// one that it says it is. It returns the proxy's address.
func serveFromDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	versions := filepath.Join(dir, filepath.FromSlash(modulePath), "@v")
	require.NoError(t, os.MkdirAll(versions, 0o700))
	version := "v" + orbit.Version
	info, err := json.Marshal(map[string]string{"Version": version, "Time": "2026-01-01T00:00:00Z"})
	require.NoError(t, err)
	for name, text := range map[string]string{
		"list": version + "\n", version + ".info": string(info), version + ".mod": contents(t, "go.mod"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(versions, name), []byte(text), 0o600))
	}
	out, err := os.Create(filepath.Join(versions, version+".zip"))
	require.NoError(t, err)
	defer out.Close()
	archive := zip.NewWriter(out)
	for _, name := range moduleFiles(t) {
		w, err := archive.Create(modulePath + "@" + version + "/" + name)
		require.NoError(t, err)
		in, err := os.Open(filepath.Join(root, filepath.FromSlash(name)))
		require.NoError(t, err)
		_, err = io.Copy(w, in)
		require.NoError(t, err)
		require.NoError(t, in.Close())
	}
	require.NoError(t, archive.Close())
	return fileURL(dir)
}

// moduleFiles are the files of the root module: what git keeps or would keep,
// without the modules that lie within it.
func moduleFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := run(cmd)
	require.NoError(t, err)
	var names, nested []string
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		info, err := os.Lstat(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil || !info.Mode().IsRegular() {
			continue // deleted, or a link: not part of a module
		}
		names = append(names, name)
		if path.Base(name) == "go.mod" && name != "go.mod" {
			nested = append(nested, path.Dir(name)+"/")
		}
	}
	var own []string
	for _, name := range names {
		if !hasPrefix(name, nested) {
			own = append(own, name)
		}
	}
	require.Contains(t, own, "go.mod")
	return own
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func fileURL(dir string) string {
	return "file:///" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
}
