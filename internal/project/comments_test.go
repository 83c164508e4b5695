package project_test

import (
	"go/ast"
	"go/token"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Everything that users can name has a comment, and the comment says more than
// the name does.
func TestEverythingExportedIsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if !isPublic(s.listed) {
			continue
		}
		for _, f := range s.files {
			for _, d := range f.Decls {
				s.documented(t, d)
			}
		}
	}
}

func (s *source) documented(t *testing.T, d ast.Decl) {
	t.Helper()
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || ast.IsExported(baseType(d.Recv.List[0].Type)) {
			s.says(t, d.Name, true, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if d.Tok == token.CONST && spec.Type != nil {
						s.isNamed(t, name, spec.Doc, spec.Comment, alone(d))
					} else {
						s.says(t, name, false, spec.Doc, spec.Comment, alone(d))
					}
				}
			case *ast.TypeSpec:
				s.says(t, spec.Name, true, spec.Doc, alone(d))
				if ast.IsExported(spec.Name.Name) {
					s.membersSay(t, spec)
				}
			}
		}
	}
}

// alone is the comment of a declaration that is not a group.
func alone(d *ast.GenDecl) *ast.CommentGroup {
	if d.Lparen == token.NoPos {
		return d.Doc
	}
	return nil
}

// membersSay checks the fields of a struct and the methods of an interface.
func (s *source) membersSay(t *testing.T, spec *ast.TypeSpec) {
	t.Helper()
	ast.Inspect(spec.Type, func(n ast.Node) bool {
		var members *ast.FieldList
		switch n := n.(type) {
		case *ast.StructType:
			members = n.Fields
		case *ast.InterfaceType:
			members = n.Methods
		default:
			return true
		}
		for _, member := range members.List {
			for _, name := range member.Names {
				s.says(t, name, false, member.Doc, member.Comment)
			}
		}
		return true
	})
}

// isNamed fails the test unless a value of an enumeration has a comment. One such
// as ChannelViber speaks for itself.
func (s *source) isNamed(t *testing.T, name *ast.Ident, comments ...*ast.CommentGroup) {
	t.Helper()
	if name.IsExported() && firstText(comments) == "" {
		assert.Fail(t, "no comment", "%s: %s", s.at(name), name.Name)
	}
}

// says fails the test unless one of the comments is of use to who knows the name.
// One that documents a declaration begins with its name. Of an ID there may be no
// more to say than whose it is.
func (s *source) says(t *testing.T, name *ast.Ident, named bool, comments ...*ast.CommentGroup) {
	t.Helper()
	if !name.IsExported() {
		return
	}
	switch text := firstText(comments); {
	case text == "":
		assert.Fail(t, "no comment", "%s: %s", s.at(name), name.Name)
	case named && !begins(text, name.Name):
		assert.Fail(t, "the comment does not begin with the name", "%s: %s", s.at(name), name.Name)
	case !strings.HasSuffix(name.Name, "ID") && !tellsMore(text, name.Name):
		assert.Fail(t, "the comment repeats the name", "%s: %s: %s", s.at(name), name.Name, text)
	}
}

// firstText is the text of the first comment that has one.
func firstText(comments []*ast.CommentGroup) string {
	for _, c := range comments {
		if text := strings.TrimSpace(c.Text()); text != "" {
			return text
		}
	}
	return ""
}

// begins reports whether a comment begins with a name, perhaps behind an article.
func begins(text, name string) bool {
	words := strings.Fields(text)
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) && words[0] != name {
		words = words[1:]
	}
	first := strings.TrimRight(words[0], ",.:;")
	return first == name || strings.TrimSuffix(first, "'s") == name
}

// tellsMore reports whether a comment has a word that is neither in the name nor
// without meaning.
func tellsMore(text, name string) bool {
	known := append(wordsOf(name), "a", "an", "the", "is", "are", "of", "it", "its", "this", "that", "s", "returns", "holds")
	for _, w := range wordsOf(text) {
		if !slices.Contains(known, w) && !slices.Contains(known, strings.TrimSuffix(w, "s")) {
			return true
		}
	}
	return false
}

// wordsOf splits prose and camel case into lower-case words.
func wordsOf(text string) []string {
	var words []string
	word := func(from, to int) { words = append(words, strings.ToLower(text[from:to])) }
	start := -1
	for i, r := range text {
		boundary := start >= 0 && unicode.IsUpper(r) && i > 0 && !unicode.IsUpper(rune(text[i-1]))
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			if start >= 0 {
				word(start, i)
			}
			start = -1
		case boundary:
			word(start, i)
			start = i
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		word(start, len(text))
	}
	return words
}

// DOC-3: every package says what it is for, in one file, and nothing above a
// package clause is taken for that by mistake.
func TestPackageComments(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if len(s.files) == 0 {
			continue
		}
		comments := 0
		for name, f := range s.files {
			if f.Doc == nil {
				continue
			}
			comments++
			assert.True(t, strings.HasPrefix(f.Doc.Text(), opening(s.listed)),
				"%s/%s: what stands above the package clause does not begin with %q", s.Name, name, opening(s.listed))
		}
		assert.Equal(t, 1, comments, "%s: files with a package comment", s.ImportPath)
	}
}

// opening is how the comment of a package begins.
func opening(p listed) string {
	if p.Name == "main" {
		return "Command " + p.Dir[strings.LastIndexByte(p.Dir, '/')+1:] + " "
	}
	return "Package " + p.Name + " "
}

// DOC-3: a package's page stays readable.
func TestDocPagesStaySmall(t *testing.T) {
	t.Parallel()
	const limit = 300 << 10
	for _, s := range sources(t) {
		if isPublic(s.listed) {
			cmd := exec.CommandContext(t.Context(), "go", "doc", "-all", s.ImportPath)
			cmd.Dir = root
			page, err := run(cmd)
			require.NoError(t, err)
			assert.Less(t, len(page), limit, "%s: bytes of documentation", s.ImportPath)
		}
	}
}
