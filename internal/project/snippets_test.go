package project_test

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// snippet is a block of Go in a document or in a comment.
type snippet struct {
	page string // the file, from the root of the checkout
	line int    // of its first line
	code string
	// before is what the block continues: the blocks before it on the page.
	before string
	// from is the file that the block is taken from, if it is.
	from string
}

func (s snippet) String() string { return fmt.Sprintf("%s:%d", s.page, s.line) }

// isProgram reports whether the block is a whole file.
func (s snippet) isProgram() bool { return strings.HasPrefix(s.code, "package ") }

// What a page says above a block that needs the one before it, and above one that
// is taken from the source.
const (
	continues = "<!-- continues -->"
	takenFrom = "<!-- from "
)

// pages are the Markdown files of the checkout, by their path from its root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || strings.HasPrefix(name, ".") && path != root):
			return fs.SkipDir
		case filepath.Ext(name) == ".md":
			text, err := os.ReadFile(path)
			texts[filepath.ToSlash(path[len(root)+1:])] = string(text)
			return err
		}
		return nil
	}))
	require.Contains(t, texts, "README.md")
	return texts
}

// blocks are the blocks of a page in the given language.
func blocks(page, text, language string) []snippet {
	var found []snippet
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] != "```"+language {
			continue
		}
		s := snippet{page: page, line: i + 2}
		switch above := lines[max(i-1, 0)]; {
		case above == continues && len(found) > 0:
			last := found[len(found)-1]
			s.before = last.before + last.code
		case strings.HasPrefix(above, takenFrom):
			s.from = strings.TrimSuffix(above[len(takenFrom):], " -->")
		}
		for i++; i < len(lines) && lines[i] != "```"; i++ {
			s.code += lines[i] + "\n"
		}
		found = append(found, s)
	}
	return found
}

// isGo reports whether a block in a comment is Go. A table is known by the space
// between its columns, a command or a drawing by how it begins.
func isGo(code string) bool {
	first, _, _ := strings.Cut(code, "\n")
	return !strings.Contains(first, "   ") && !slices.ContainsFunc([]string{
		"go run ./", "ORBIT_API_KEY=", "build → key → gate",
	}, func(start string) bool { return strings.HasPrefix(first, start) })
}

// commented are the blocks of code in the comments of a package.
func (s *source) commented() []snippet {
	var found []snippet
	for _, files := range []map[string]*ast.File{s.files, s.tests} {
		for _, f := range files {
			for _, group := range f.Comments {
				var p comment.Parser
				for _, block := range p.Parse(group.Text()).Content {
					if code, ok := block.(*comment.Code); ok && isGo(code.Text) {
						at := s.fset.Position(group.Pos())
						page, _ := filepath.Rel(s.moduleDir(), at.Filename)
						found = append(found, snippet{page: filepath.ToSlash(page), line: at.Line, code: code.Text})
					}
				}
			}
		}
	}
	return found
}

// moduleDir is the folder that the package's path starts from.
func (s *source) moduleDir() string {
	return strings.TrimSuffix(s.Dir, filepath.FromSlash(strings.TrimPrefix(s.ImportPath, modulePath)))
}
