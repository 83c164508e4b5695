package flows_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/flows"
)

// TestEditRoundTrip proves the promise of Definition over the wire: get, change
// one node, update, and not a byte differs but those of the change.
func TestEditRoundTrip(t *testing.T) { // ERG-3, FWD-5
	t.Parallel()
	text := strings.TrimSpace(load(t, "definition.json"))
	for name, body := range map[string]string{
		"envelope": `{"data":{"id":"flw_1","version":3,"definition":` + text + `},"meta":{}}`,
		"bare":     `{"id":"flw_1","version":3,"definition":` + text + `}`,
		// A scalar of another type than expected makes the answer go through the
		// tolerant decoder.
		"tolerant": `{"data":{"id":7,"version":"3","definition": ` + text + ` ,"created_at":1}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := newMock(t)
			mock.RegisterResponder(http.MethodGet, orbit.DefaultBaseURL+"/flows/flw_1", httpmock.NewStringResponder(http.StatusOK, body))
			var got request
			mock.RegisterResponder(http.MethodPut, orbit.DefaultBaseURL+"/flows/flw_1", record(&got, http.StatusOK, accepted))
			service := newService(t, mock)

			flow, err := service.Get(t.Context(), "flw_1")
			require.NoError(t, err)
			assert.Equal(t, text, string(flow.Definition.Raw()))
			greet, ok := flow.Definition.Node("greet")
			require.True(t, ok)
			require.NoError(t, greet.Set("/data/text", "Good <morning> & é"))
			require.NoError(t, flow.Definition.SetNode(greet))
			_, err = service.Update(t.Context(), "flw_1", flows.UpdateParams{Definition: flow.Definition, Version: flow.Version})
			require.NoError(t, err)

			const before, after = `"Hi <b>{{name}}<\/b> & \u00e9 \u2028"`, `"Good <morning> & é"`
			require.Equal(t, 1, strings.Count(text, before))
			assert.Equal(t, `{"version":3,"definition":`+strings.Replace(text, before, after, 1)+`}`, got.body)
		})
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	d := definition(t, load(t, "definition.json"))
	var ids, types []string
	for _, n := range d.Nodes() {
		ids, types = append(ids, n.ID()), append(types, n.Type())
	}
	assert.Equal(t, []string{"start", "greet", "end"}, ids)
	assert.Equal(t, []string{"trigger", "send_message", "end"}, types)
	var edges []string
	for _, e := range d.Edges() {
		edges = append(edges, e.Source()+" > "+e.Target())
	}
	assert.Equal(t, []string{"start > greet", "greet > end"}, edges)

	start, ok := d.Node("start")
	require.True(t, ok)
	assert.Equal(t, "{}", string(start.Data()))
	_, ok = d.Node("nobody")
	assert.False(t, ok)
	greet, _ := d.Node("greet")
	assert.Contains(t, string(greet.Raw()), `{ "id":"greet"`)
	weight, ok := d.Edges()[1].Get("/weight")
	require.True(t, ok)
	assert.Equal(t, "0.10", string(weight))
}

func TestGet(t *testing.T) {
	t.Parallel()
	d := definition(t, load(t, "definition.json"))
	for pointer, want := range map[string]string{
		"/x-layout/zoom":                  "1.0",
		"/x-layout/grid":                  "1e3",
		"/x-layout/big":                   "123456789012345678901234567890",
		"/nodes/0/position/y":             "-0",
		"/nodes/1/data/a":                 "[ 1e3 , 9007199254740993 ]",
		"/nodes/1/data/a/1":               "9007199254740993",
		"/nodes/1/data/nested/a/deep/1/k": `"v"`,
		"/nodes/1/data/z":                 "null",
		"/nodes/1/label":                  `"Gr\u00fc\u00dfe"`,
		"/nodes/2/data/text":              `"Bye"`, // of a name that comes twice the last one counts
		"/unknown/4":                      "-1E-2",
		"":                                string(d.Raw()),
		"/nothing":                        "",
		"/nodes/3":                        "",
		"/nodes/-":                        "",
		"/nodes/01":                       "",
		"/nodes/greet":                    "",
		"/nodes/1/data/text/0":            "",
		"/unknown/2/x":                    "",
		"nodes":                           "",
		"/":                               "",
	} {
		got, ok := d.Get(pointer)
		assert.Equal(t, want != "", ok, pointer)
		assert.Equal(t, want, string(got), pointer)
	}
	odd := definition(t, `{"a/b":1,"m~n":2,"":3,"~1":4,"é":5}`)
	for pointer, want := range map[string]string{"/a~1b": "1", "/m~0n": "2", "/": "3", "/~01": "4", "/é": "5"} {
		got, ok := odd.Get(pointer)
		assert.True(t, ok, pointer)
		assert.Equal(t, want, string(got), pointer)
	}
}

// TestSet proves what changes, by the exact text.
func TestSet(t *testing.T) {
	t.Parallel()
	const text = `{"nodes" : [ {"id":"a" , "n":1.0} ],"x":{ },"y":[ ],"z":{"k":1 }}`
	for _, c := range []struct {
		name, pointer string
		value         any
		old, new      string // replaced in text
	}{
		{"a member", "/nodes/0/n", 2, "1.0", "2"},
		{"an element", "/nodes/0", json.RawMessage(` {"b" : 1e1} `), `{"id":"a" , "n":1.0}`, `{"b" : 1e1}`},
		{"a member more", "/nodes/0/m", "x", `"n":1.0`, `"n":1.0,"m":"x"`},
		{"a member more, behind white space", "/z/m", nil, `"k":1 `, `"k":1,"m":null `},
		{"a first member", "/x/m<", true, `{ }`, `{"m<":true }`},
		{"a first element", "/y/-", 1.5, `[ ]`, `[1.5 ]`},
		{"an element more", "/nodes/-", map[string]any{"b": "<&>"}, `1.0} ]`, `1.0},{"b":"<&>"} ]`},
		{"a top-level member", "/w", []int{}, `"k":1 }`, `"k":1 },"w":[]`},
		{"a time", "/x/at", time.Date(2026, 3, 8, 13, 0, 0, 0, time.FixedZone("", 3600)), `{ }`, `{"at":"2026-03-08T12:00:00Z" }`},
		{"a number exactly", "/z/k", json.Number("1.10"), `:1 }`, `:1.10 }`},
		{"a node", "/z", flows.NewEdge("a", "<b>"), `{"k":1 }`, `{"source":"a","target":"<b>"}`},
		{"all", "", struct{}{}, text, "{}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := definition(t, text)
			before := d
			require.Equal(t, 1, strings.Count(text, c.old))
			require.NoError(t, d.Set(c.pointer, c.value))
			got := string(d.Raw())
			assert.Equal(t, strings.Replace(text, c.old, c.new, 1), got)
			assert.True(t, json.Valid([]byte(got)))
			assert.Equal(t, text, string(before.Raw()), "a copy is not changed")
		})
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	const text = `{"nodes":[{"id":"a"}],"n":1}`
	for name, c := range map[string]struct {
		pointer string
		value   any
		want    string
	}{
		"no pointer":          {"nodes", 1, `flows: "nodes" is no JSON Pointer: it must be UTF-8, and empty or begin with "/", with "~" only in "~0" and "~1"`},
		"bad escape":          {"/a~2", 1, `flows: "/a~2" is no JSON Pointer`},
		"no UTF-8":            {"/\xff", 1, `flows: "/\xff" is no JSON Pointer`},
		"missing parent":      {"/a/b", 1, `flows: "/a/b" leads through a member that is missing, or that is no object or array`},
		"through a number":    {"/n/b", 1, `flows: "/n/b" leads through a member that is missing, or that is no object or array`},
		"through no element":  {"/nodes/7/b", 1, `flows: "/nodes/7/b" leads through a member that is missing, or that is no object or array`},
		"beyond the end":      {"/nodes/1", 1, `flows: "/nodes/1" leads through a member that is missing, or that is no object or array`},
		"name in an array":    {"/nodes/a", 1, `flows: "/nodes/a" leads through a member that is missing, or that is no object or array`},
		"no JSON for a value": {"/n", math.NaN(), `flows: the value for "/n": `},
		"no JSON in raw":      {"/n", json.RawMessage(`{`), `flows: the value for "/n": the text is not valid JSON`},
	} {
		d := definition(t, text)
		require.ErrorContains(t, d.Set(c.pointer, c.value), c.want, name)
		assert.Equal(t, text, string(d.Raw()), name)
	}
}

func TestSetNode(t *testing.T) {
	t.Parallel()
	text := strings.TrimSpace(load(t, "definition.json"))
	d := definition(t, text)
	for _, n := range d.Nodes() {
		require.NoError(t, d.SetNode(n))
	}
	require.NoError(t, d.Set("/edges/0", d.Edges()[0]))
	assert.Equal(t, text, string(d.Raw()), "what goes back as it was changes nothing")

	ask, err := flows.NewNode("ask", "question", map[string]any{"text": "<Who?>"})
	require.NoError(t, err)
	require.NoError(t, d.SetNode(ask))
	assert.Equal(t, strings.Replace(text, `"Bye"}}`, `"Bye"}},{"id":"ask","type":"question","data":{"text":"<Who?>"}}`, 1), string(d.Raw()))

	require.NoError(t, ask.SetData(json.RawMessage(`{"n":1.0}`)))
	require.NoError(t, ask.Set("/type", "other"))
	require.NoError(t, d.SetNode(ask))
	assert.Contains(t, string(d.Raw()), `,{"id":"ask","type":"other","data":{"n":1.0}}`)
	assert.Len(t, d.Nodes(), 4)
}

func TestSetNodesAndEdges(t *testing.T) {
	t.Parallel()
	d := definition(t, load(t, "definition.json"))
	greet, _ := d.Node("greet")
	nodes := slices.DeleteFunc(d.Nodes(), func(n flows.Node) bool { return n.ID() != "greet" })
	require.NoError(t, d.SetNodes(nodes))
	require.NoError(t, d.SetEdges([]flows.Edge{d.Edges()[1], flows.NewEdge("end", "start")}))
	raw, _ := d.Get("/nodes")
	assert.Equal(t, "["+string(greet.Raw())+"]", string(raw))
	raw, _ = d.Get("/edges")
	assert.Equal(t, `[{"source":"greet","target":"end","weight":0.10},{"source":"end","target":"start"}]`, string(raw))
	_, ok := d.Get("/x-layout/big")
	assert.True(t, ok)
}

// TestIncompleteDefinitions looks at definitions without the usual members.
func TestIncompleteDefinitions(t *testing.T) { // FWD-1
	t.Parallel()
	ask, err := flows.NewNode("ask", "question", nil)
	require.NoError(t, err)
	for text, want := range map[string]string{
		`{}`:                                    `{"nodes":[{"id":"ask","type":"question","data":{}}]}`,
		`{"nodes":null}`:                        `{"nodes":[{"id":"ask","type":"question","data":{}}]}`,
		`{"nodes":"?","edges":{}}`:              `{"nodes":[{"id":"ask","type":"question","data":{}}],"edges":{}}`,
		`{"nodes":[1,null,"x",{"id":["ask"]}]}`: `{"nodes":[1,null,"x",{"id":["ask"]},{"id":"ask","type":"question","data":{}}]}`,
	} {
		d := definition(t, text)
		assert.Empty(t, d.Edges())
		for _, n := range d.Nodes() {
			assert.Empty(t, n.ID()+n.Type())
			assert.Nil(t, n.Data())
		}
		require.NoError(t, d.SetNode(ask))
		assert.Equal(t, want, string(d.Raw()))
	}
	numbered := definition(t, `{"nodes":[{"id":7}]}`)
	_, ok := numbered.Node("7")
	assert.True(t, ok, "an ID may be a number")
}

func TestZeroValues(t *testing.T) {
	t.Parallel()
	var d flows.Definition
	assert.True(t, d.IsZero())
	assert.Empty(t, d.Nodes())
	assert.Empty(t, d.Edges())
	assert.Nil(t, d.Raw())
	_, ok := d.Get("")
	assert.False(t, ok)
	out, err := json.Marshal(d)
	require.NoError(t, err)
	assert.Equal(t, "null", string(out))
	assert.Equal(t, `{"nodes":[{}],"edges":[{}]}`, string(flows.NewDefinition(make([]flows.Node, 1), make([]flows.Edge, 1)).Raw()))
	require.NoError(t, d.Set("/a", 1))
	assert.Equal(t, `{"a":1}`, string(d.Raw()))
	assert.False(t, d.IsZero())
	_, err = flows.NewNode("a", "b", math.NaN())
	require.Error(t, err)
}

func TestParseDefinition(t *testing.T) {
	t.Parallel()
	text := []byte(" {\"a\": 1.0}\n")
	d, err := flows.ParseDefinition(text)
	require.NoError(t, err)
	text[2] = 'x'
	assert.Equal(t, `{"a": 1.0}`, string(d.Raw()), "the text is copied")
	d.Raw()[0] = 'x'
	assert.Equal(t, `{"a": 1.0}`, string(d.Raw()), "and so is the result")
	for _, bad := range []string{"", "{", "[]", `"x"`, "null", "{} {}", "1"} {
		d, err := flows.ParseDefinition([]byte(bad))
		require.Error(t, err, bad)
		assert.True(t, d.IsZero())
	}
}

// TestDefinitionJSON proves that a definition goes through encoding/json, which
// respells it and loses nothing.
func TestDefinitionJSON(t *testing.T) { // ERG-3
	t.Parallel()
	flow := flows.Flow{ID: "flw_1", Definition: definition(t, load(t, "definition.json"))}
	out, err := json.Marshal(flow)
	require.NoError(t, err)
	var again flows.Flow
	require.NoError(t, json.Unmarshal(out, &again))
	big, _ := again.Definition.Get("/x-layout/big")
	assert.Equal(t, "123456789012345678901234567890", string(big))
	assert.JSONEq(t, string(flow.Definition.Raw()), string(again.Definition.Raw()))

	text := []byte(`{"a":1}`)
	require.NoError(t, again.Definition.UnmarshalJSON(text))
	text[2] = 'x'
	assert.Equal(t, `{"a":1}`, string(again.Definition.Raw()), "the text is copied")

	require.NoError(t, json.Unmarshal([]byte(`{"definition":null}`), &again))
	assert.True(t, again.Definition.IsZero())
	out, err = json.Marshal(flows.Flow{ID: "flw_1"})
	require.NoError(t, err)
	assert.Equal(t, `{"id":"flw_1"}`, string(out))
}

// FuzzSet proves, for any JSON: what is got and set again changes nothing, and
// what is set is what is got.
func FuzzSet(f *testing.F) {
	f.Add(`{"a":[1, 2 ,{"b" : 1e3}],"a":{"":null},"~/":"\"}],{"}`, "/a/2/b")
	f.Add(` { "x" :-0 }`, "/x")
	f.Add(`{"é":{"\u00e9\ud800":[ [ ] ]}}`, "/é")
	f.Fuzz(func(t *testing.T, text, pointer string) {
		d, err := flows.ParseDefinition([]byte(text))
		if err != nil {
			return
		}
		before := string(d.Raw())
		if value, ok := d.Get(pointer); ok {
			require.NoError(t, d.Set(pointer, value))
			require.Equal(t, before, string(d.Raw()))
		}
		if d.Set(pointer, json.RawMessage(`{"new":1.0}`)) != nil {
			require.Equal(t, before, string(d.Raw()))
			return
		}
		require.True(t, json.Valid(d.Raw()))
		if !strings.HasSuffix(pointer, "/-") {
			value, ok := d.Get(pointer)
			require.True(t, ok)
			require.Equal(t, `{"new":1.0}`, string(value))
		}
		for _, n := range d.Nodes() {
			_ = n.ID()
		}
	})
}

// TestPrinted proves that flows are readable in what a program prints.
func TestPrinted(t *testing.T) {
	t.Parallel()
	node, err := flows.NewNode("greet", "send_message", map[string]string{"text": "covert"})
	require.NoError(t, err)
	edge := flows.NewEdge("start", "greet")
	d := flows.NewDefinition([]flows.Node{node}, []flows.Edge{edge, edge})
	for _, verb := range []string{"%v", "%+v", "%s"} {
		assert.Equal(t, "greet (send_message)", fmt.Sprintf(verb, node))
		assert.Equal(t, "start -> greet", fmt.Sprintf(verb, edge))
		assert.Equal(t, "nodes: 1, edges: 2", fmt.Sprintf(verb, d))
		flow := fmt.Sprintf(verb, flows.Flow{ID: "flw_1", Definition: d})
		assert.Contains(t, flow, "nodes: 1, edges: 2")
		assert.NotContains(t, flow, "123 34", "no bytes")
	}
	assert.Equal(t, "nodes: 0, edges: 0", flows.Definition{}.String())
	assert.Equal(t, " () [ () greet (send_message)]", fmt.Sprint(flows.Node{}, []flows.Node{{}, node}))
}
