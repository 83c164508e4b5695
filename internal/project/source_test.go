package project_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// source is a package with its syntax.
type source struct {
	listed

	fset  *token.FileSet
	files map[string]*ast.File // by name; tests are apart
	tests map[string]*ast.File
}

// parsedOnce shares the syntax between the tests, which only read it.
var parsedOnce = sync.OnceValues(parseAll)

// sources are all packages of the module.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsedOnce()
	require.NoError(t, err)
	return all
}

func parseAll() ([]source, error) {
	packages, err := listPackages(context.Background(), "./...")
	if err != nil {
		return nil, err
	}
	all := make([]source, len(packages))
	for i, p := range packages {
		s := source{listed: p, fset: token.NewFileSet()}
		if s.files, err = s.parse(p.GoFiles); err != nil {
			return nil, err
		}
		if s.tests, err = s.parse(slices.Concat(p.TestGoFiles, p.XTestGoFiles)); err != nil {
			return nil, err
		}
		all[i] = s
	}
	return all, nil
}

func (s *source) parse(names []string) (map[string]*ast.File, error) {
	files := make(map[string]*ast.File, len(names))
	for _, name := range names {
		f, err := parser.ParseFile(s.fset, filepath.Join(s.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files[name] = f
	}
	return files, nil
}

// at says where a node is, for messages.
func (s *source) at(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	return filepath.Base(filepath.Dir(p.Filename)) + "/" + filepath.Base(p.Filename) + ":" + p.String()[len(p.Filename)+1:]
}

// baseType is the name of a type, without pointer and type parameters.
func baseType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseType(e.X)
	case *ast.IndexExpr:
		return baseType(e.X)
	case *ast.IndexListExpr:
		return baseType(e.X)
	case *ast.Ident:
		return e.Name
	default:
		return ""
	}
}
