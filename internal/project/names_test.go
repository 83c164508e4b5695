package project_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// NAM-1: a sub-client's field has the name of its type: Voice.Calls is a *Calls.
func TestSubclientsAreNamedByTheirType(t *testing.T) {
	t.Parallel()
	for _, service := range services(t) {
		owner := service.Elem()
		for i := range owner.NumField() {
			if f := owner.Field(i); f.IsExported() {
				assert.Equal(t, f.Type.Elem().Name(), f.Name, "a field of %s", owner)
			}
		}
	}
}

// wordsOfPackage are the constants of a package that stand for a word of the API,
// by their type as the package calls it. Sentinel errors and the kinds of events,
// which are named by what happened, are no such words.
func wordsOfPackage(pkg *types.Package) map[*types.TypeName][]*types.Const {
	words := make(map[*types.TypeName][]*types.Const)
	for _, name := range pkg.Scope().Names() {
		constant, ok := pkg.Scope().Lookup(name).(*types.Const)
		if !ok || !constant.Exported() {
			continue
		}
		named, ok := types.Unalias(constant.Type()).(*types.Named)
		if !ok || named.TypeArgs() != nil || !types.Identical(named.Underlying(), types.Typ[types.String]) {
			continue
		}
		of := named.Obj()
		if alias, ok := constant.Type().(*types.Alias); ok {
			of = alias.Obj()
		}
		if isError := of.Name() == "Sentinel" || of.Name() == "constError"; !isError {
			words[of] = append(words[of], constant)
		}
	}
	return words
}

// NAM-1: a constant begins with the name of its type, so that one finds the others
// when typing, and what is not a word of the set does not look like one.
func TestConstantsBeginWithTheirType(t *testing.T) {
	t.Parallel()
	for _, pkg := range vocabularyPackages(t) {
		for of, constants := range wordsOfPackage(pkg) {
			for _, c := range constants {
				if c.Name() != "AllEvents" { // a wildcard, no event
					assert.True(t, strings.HasPrefix(c.Name(), of.Name()), "%s.%s is a %s", pkg.Name(), c.Name(), of.Name())
				}
			}
		}
	}
}

// FWD-2: what has constants tells a word that it has none for. The sets of this SDK
// itself are closed.
func TestSetsOfWordsAreOpen(t *testing.T) {
	t.Parallel()
	closed := []string{"Encoding", "Scheme", "ClaimState", "Outcome"}
	for _, pkg := range vocabularyPackages(t) {
		for of := range wordsOfPackage(pkg) {
			known, _, _ := types.LookupFieldOrMethod(of.Type(), true, pkg, "Known")
			assert.Equal(t, !slices.Contains(closed, of.Name()), known != nil, "%s.%s: has a method Known", pkg.Name(), of.Name())
		}
	}
}

// NAM-1: a package that has a type of api under a name of its own repeats the
// constants, with what is said of them.
func TestAliasesRepeatTheConstants(t *testing.T) {
	t.Parallel()
	c := newCompiler(t)
	api, err := c.importer.Import(modulePath + "/api")
	require.NoError(t, err)
	originals := wordsOfPackage(api)
	comments := constantComments(t)
	for _, below := range append(serviceNames(sources(t)), ".") {
		pkg, err := c.importer.Import(strings.TrimSuffix(modulePath+"/"+below, "/."))
		require.NoError(t, err)
		for _, name := range pkg.Scope().Names() {
			alias, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || !alias.IsAlias() {
				continue
			}
			named, ok := types.Unalias(alias.Type()).(*types.Named)
			if !ok {
				continue
			}
			for _, original := range originals[named.Obj()] {
				want := alias.Name() + strings.TrimPrefix(original.Name(), named.Obj().Name())
				repeated, ok := pkg.Scope().Lookup(want).(*types.Const)
				if assert.True(t, ok, "%s.%s is missing", pkg.Name(), want) {
					assert.Equal(t, original.Val(), repeated.Val(), want)
					assert.Equal(t, strings.ReplaceAll(comments["api."+original.Name()], named.Obj().Name(), alias.Name()),
						comments[pkg.Name()+"."+want], "the comments of api.%s and %s.%s", original.Name(), pkg.Name(), want)
				}
			}
		}
	}
}

// constantComments are the comments of all constants, on one line each.
func constantComments(t *testing.T) map[string]string {
	t.Helper()
	comments := make(map[string]string)
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				decl, ok := d.(*ast.GenDecl)
				if !ok || decl.Tok != token.CONST {
					continue
				}
				for _, spec := range decl.Specs {
					spec := spec.(*ast.ValueSpec)
					for _, name := range spec.Names {
						comments[s.Name+"."+name.Name] = strings.Join(strings.Fields(firstText([]*ast.CommentGroup{spec.Doc, alone(decl)})), " ")
					}
				}
			}
		}
	}
	return comments
}
