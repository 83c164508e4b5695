package project_test

import (
	"fmt"
	"go/types"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vocabularyFile lists every exported name of the services, of the types they
// share, of webhook data and of the fake, by concept.
const vocabularyFile = "testdata/vocabulary.txt"

// NAM-1: what is the same has the same name and type everywhere. Reading down a
// group of the golden file, nothing should surprise. Who changes a name writes the
// file anew with ORBIT_UPDATE=1, as the failure says, and reads what became different.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	list := vocabularyOf(t).String()
	if os.Getenv("ORBIT_UPDATE") != "" {
		require.NoError(t, os.WriteFile(vocabularyFile, []byte(list), 0o600))
	}
	golden, err := os.ReadFile(vocabularyFile)
	require.NoError(t, err)
	if string(golden) != list {
		assert.Fail(t, "exported names have changed", "to accept them: ORBIT_UPDATE=1 go test ./internal/project -run TestVocabulary, then read git diff\n%s",
			strings.Join(differing(string(golden), list), "\n"))
	}
}

// differing are the lines that only one of two texts has.
func differing(old, new string) []string {
	var lines []string
	in := func(text, sign, other string) {
		known := strings.Split(other, "\n")
		for line := range strings.Lines(text) {
			if !slices.Contains(known, strings.TrimSuffix(line, "\n")) {
				lines = append(lines, sign+strings.TrimSuffix(line, "\n"))
			}
		}
	}
	in(old, "-", new)
	in(new, "+", old)
	return lines
}

// vocabulary is the exported names: a heading, then a group, then a name with its
// type, then where it stands.
type vocabulary map[string]map[string]map[string][]string

const (
	constantsHeading = "Constants, by their type"
	fieldsHeading    = "Fields, by their last word"
	methodsHeading   = "Methods, by their verb"
	typesHeading     = "Types and functions, by their last word"
)

// vocabularyPackages are the services, what they share, and the fake.
func vocabularyPackages(t *testing.T) []*types.Package {
	t.Helper()
	c := newCompiler(t)
	var found []*types.Package
	for _, below := range append(serviceNames(sources(t)), "api", "orbittest") {
		pkg, err := c.importer.Import(modulePath + "/" + below)
		require.NoError(t, err)
		found = append(found, pkg)
	}
	return found
}

func vocabularyOf(t *testing.T) vocabulary {
	t.Helper()
	v := make(vocabulary)
	for _, pkg := range vocabularyPackages(t) {
		for _, name := range pkg.Scope().Names() {
			if o := pkg.Scope().Lookup(name); o.Exported() {
				v.object(o)
			}
		}
	}
	return v
}

func (v vocabulary) add(heading, group, name, place string) {
	if v[heading] == nil {
		v[heading] = make(map[string]map[string][]string)
	}
	if v[heading][group] == nil {
		v[heading][group] = make(map[string][]string)
	}
	v[heading][group][name] = append(v[heading][group][name], place)
}

func (v vocabulary) object(o types.Object) {
	pkg := o.Pkg().Name()
	switch o := o.(type) {
	case *types.Const:
		v.add(constantsHeading, typeText(o.Type()), o.Name(), pkg)
	case *types.Func:
		v.add(typesHeading, lastWord(o.Name()), o.Name()+"()", pkg)
	case *types.TypeName:
		name := o.Name()
		if o.IsAlias() {
			name += " = " + typeText(o.Type())
		}
		v.add(typesHeading, lastWord(o.Name()), name, pkg)
		if named, ok := o.Type().(*types.Named); ok {
			v.members(pkg+"."+o.Name(), named)
		}
	}
}

// members adds the fields and the methods of a type.
func (v vocabulary) members(owner string, named *types.Named) {
	for method := range named.Methods() {
		if method.Exported() {
			v.add(methodsHeading, camelWords(method.Name())[0], method.Name(), owner)
		}
	}
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for field := range structure.Fields() {
		if field.Exported() && !field.Embedded() {
			v.add(fieldsHeading, lastWord(field.Name()), field.Name()+" "+typeText(field.Type()), owner)
		}
	}
}

// typeText writes a type; an alias as the type that it stands for. Go 1.27 has other
// words for two of them.
func typeText(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		return "*" + typeText(t.Elem())
	case *types.Slice:
		return "[]" + typeText(t.Elem())
	case *types.Map:
		return "map[" + typeText(t.Key()) + "]" + typeText(t.Elem())
	default:
		text := types.TypeString(t, func(p *types.Package) string { return path.Base(p.Path()) })
		return strings.NewReplacer("jsontext.Value", "json.RawMessage", "interface{}", "any").Replace(text)
	}
}

// lastWord is the word that says what a thing is: At of CreatedAt, ID of
// KnowledgeBaseIDs.
func lastWord(name string) string {
	words := camelWords(name)
	last := words[len(words)-1]
	if one, ok := strings.CutSuffix(last, "sses"); ok {
		return one + "ss"
	}
	if strings.HasSuffix(last, "ss") || strings.HasSuffix(last, "us") || last == "Params" {
		return last
	}
	if many, ok := strings.CutSuffix(last, "ies"); ok {
		return many + "y"
	}
	return strings.TrimSuffix(last, "s")
}

// camelWords splits a name: SMS, Webhook, URL of SMSWebhookURL.
func camelWords(name string) []string {
	var words []string
	letters := []rune(strings.TrimSuffix(name, "s"))
	start := 0
	for i := 1; i < len(letters); i++ {
		ends := unicode.IsUpper(letters[i]) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if ends {
			words = append(words, string(letters[start:i]))
			start = i
		}
	}
	return append(words, string(letters[start:])+name[len(strings.TrimSuffix(name, "s")):])
}

func (v vocabulary) String() string {
	var b strings.Builder
	b.WriteString("The exported names of the services, of the types that they share (api), of webhook data and of the fake, by concept.\n")
	for _, heading := range sortedKeys(v) {
		fmt.Fprintf(&b, "\n== %s\n\n", heading)
		for _, group := range sortedKeys(v[heading]) {
			if heading != typesHeading { // a line is enough there
				fmt.Fprintf(&b, "%s\n", group)
			}
			for _, name := range sortedKeys(v[heading][group]) {
				places := v[heading][group][name]
				slices.Sort(places)
				fmt.Fprintf(&b, "  %-44s %s\n", name, strings.Join(places, " "))
			}
		}
	}
	return b.String()
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
