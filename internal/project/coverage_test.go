package project_test

import (
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

const coveragePage = "docs/api-coverage.md"

// covered is a row of the page on coverage: an operation of the API and the method
// that it is called with.
type covered struct {
	method     string // below the client: "Messages.SendSMS"
	verb, path string
	mark       string // D, P or C: what is documented of it
	examples   string // what the documentation prints of it
}

// coverage are the operations that the page lists.
func coverage(t *testing.T) []covered {
	t.Helper()
	var all []covered
	row := regexp.MustCompile("(?m)^\\| `client\\.([\\w.]+)` \\| ([A-Z]+) \\| `(\\S+)` \\| ([DPC]) \\|(?: (.+) \\|| \\|)$")
	for _, m := range row.FindAllStringSubmatch(contents(t, coveragePage), -1) {
		all = append(all, covered{method: m[1], verb: m[2], path: m[3], mark: m[4], examples: m[5]})
	}
	require.NotEmpty(t, all)
	return all
}

// combined are the methods that the page lists as made of others, with the first
// of those.
func combined(t *testing.T) map[string]string {
	t.Helper()
	parts := make(map[string]string)
	for _, row := range rows(t, coveragePage, "## Helpers") {
		uses := regexp.MustCompile("^`client\\.([\\w.]+)`").FindStringSubmatch(row[1])
		require.NotNil(t, uses, "%s: what it uses", row[0])
		parts[strings.TrimPrefix(marked(row[0])[0], "client.")] = uses[1]
	}
	return parts
}

// exportedMethods are the methods of all services, by their path from the client.
func exportedMethods() map[string]reflect.Method {
	found := make(map[string]reflect.Method)
	var collect func(prefix string, owner reflect.Type)
	collect = func(prefix string, owner reflect.Type) {
		for i := range owner.NumField() {
			f := owner.Field(i)
			if !f.IsExported() {
				continue
			}
			for j := range f.Type.NumMethod() {
				m := f.Type.Method(j)
				found[prefix+f.Name+"."+m.Name] = m
			}
			collect(prefix+f.Name+".", f.Type.Elem())
		}
	}
	collect("", reflect.TypeFor[orbit.Client]())
	return found
}

// The page lists each operation once, and as many as it says.
func TestCoveragePageIsWhole(t *testing.T) {
	t.Parallel()
	const operations = 122
	methods, routes := make(map[string]bool), make(map[string]bool)
	for _, o := range coverage(t) {
		assert.False(t, methods[o.method], "%s is listed twice", o.method)
		assert.False(t, routes[o.verb+" "+o.path], "%s %s is listed twice", o.verb, o.path)
		methods[o.method], routes[o.verb+" "+o.path] = true, true
	}
	assert.Len(t, methods, operations)
	assert.Contains(t, contents(t, coveragePage), fmt.Sprintf("%d operations", operations))
}

// Every operation on the page has its method, and every method is on the page, or
// made of one that is.
func TestCoveragePageListsTheMethods(t *testing.T) {
	t.Parallel()
	methods, helpers := exportedMethods(), combined(t)
	listed := make(map[string]bool)
	var missing, unlisted []string
	expect := func(name string) {
		if _, ok := methods[name]; !ok {
			missing = append(missing, name)
		}
		listed[name] = true
	}
	for _, o := range coverage(t) {
		expect(o.method)
		if hasCursor(methods[o.method]) {
			expect(strings.TrimSuffix(o.method, "List") + "Pages")
			expect(strings.TrimSuffix(o.method, "List") + "All")
		}
	}
	for helper, part := range helpers {
		assert.True(t, listed[part], "%s is made of %s, which is not listed", helper, part)
		expect(helper)
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		if !listed[name] {
			unlisted = append(unlisted, name)
		}
	}
	assert.Empty(t, missing, "on the page, but not in the code:\n%s", strings.Join(missing, "\n"))
	assert.Empty(t, unlisted, "in the code, but not on the page:\n%s", strings.Join(unlisted, "\n"))
}

// hasCursor reports whether a method lists something page by page.
func hasCursor(m reflect.Method) bool {
	if m.Type == nil {
		return false
	}
	for i := range m.Type.NumIn() {
		if in := m.Type.In(i); in.Kind() == reflect.Struct {
			if _, ok := in.FieldByName("Cursor"); ok {
				return true
			}
		}
	}
	return false
}

// The comment of a method ends with its HTTP method and path, and says so if not
// all of it is documented.
func TestCommentsSayWhatIsDocumented(t *testing.T) {
	t.Parallel()
	says := map[string]*regexp.Regexp{
		"D": regexp.MustCompile(``),
		"P": regexp.MustCompile(`follows? the API's conventions|documented; .* (is|are) not\b`),
		"C": regexp.MustCompile(`The capability is documented; the path\b.* the API's conventions`),
	}
	comments, methods := methodComments(t), exportedMethods()
	for _, o := range coverage(t) {
		m, ok := methods[o.method]
		if !ok {
			continue // TestCoveragePageListsTheMethods tells
		}
		receiver := m.Type.In(0).Elem()
		comment := comments[receiver.PkgPath()+" "+receiver.Name()+"."+m.Name]
		assert.True(t, strings.HasSuffix(comment, " "+o.verb+" "+o.path), "%s: its comment does not end with %q", o.method, o.verb+" "+o.path)
		assert.Regexp(t, says[o.mark], comment, "%s is marked %s", o.method, o.mark)
		assert.Equal(t, o.mark == "C", says["C"].MatchString(comment), "%s is marked %s", o.method, o.mark)
	}
}

// methodComments are the comments of all methods, each on one line, by package,
// receiver and name.
func methodComments(t *testing.T) map[string]string {
	t.Helper()
	comments := make(map[string]string)
	for _, s := range sources(t) {
		for _, f := range s.files {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil {
					name := s.ImportPath + " " + baseType(d.Recv.List[0].Type) + "." + d.Name.Name
					comments[name] = strings.Join(strings.Fields(d.Doc.Text()), " ")
				}
			}
		}
	}
	return comments
}

// generations are the ways in which Orbit phrases its answers.
func generations() map[string]orbittest.Generation {
	return map[string]orbittest.Generation{"newer": orbittest.Newer, "older": orbittest.Older}
}

// Each method asks for the path that the page names. With what is required and no
// more the request is accepted, and the answer decodes to something, in both
// generations.
func TestOperationsSucceed(t *testing.T) {
	t.Parallel()
	for name, generation := range generations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachOperation(t, func(t *testing.T, o covered) {
				w := newWorld(t, orbittest.WithGeneration(generation))
				ids := w.ids(o.path)
				w.prepare(o, ids)
				result, err := w.call(o.method, ids, w.params(o.method))
				require.NoError(t, err)
				w.askedFor(o, ids)
				assert.False(t, w.answered > 0 && result.IsValid() && isBlank(result), "the answer decodes to nothing: %+v", result)
			})
		})
	}
}

// No method has a field that Orbit would drop: with everything given, whether or
// not that makes sense, the server knows all of it.
func TestOperationsSendKnownFields(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(t *testing.T, o covered) {
		w := newWorld(t)
		ids := w.ids(o.path)
		_, _ = w.call(o.method, ids, filler{everything: true}.fill, orbit.WithoutChecks()) // what it is sent makes no sense
		w.askedFor(o, ids)
	})
}

// eachOperation runs a test for each row of the page whose method exists.
func eachOperation(t *testing.T, test func(*testing.T, covered)) {
	methods := exportedMethods()
	for _, o := range coverage(t) {
		if _, ok := methods[o.method]; ok {
			t.Run(o.method, func(t *testing.T) { test(t, o) })
		}
	}
}
