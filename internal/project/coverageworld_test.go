package project_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
)

// world is a server on which an operation finds what it needs, and what was asked
// of it.
type world struct {
	t        *testing.T
	server   *orbittest.Server
	table    []covered
	asked    *http.Request // the last request
	answered int64         // the length of the last answer
}

func newWorld(t *testing.T, opts ...orbittest.Option) *world {
	t.Helper()
	receives := orbittest.WithWebhookHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return &world{t: t, server: orbittest.New(t, append(opts, receives)...), table: coverage(t)}
}

// RoundTrip notes the request, and lets the server answer it.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.asked, w.answered = r, 0
	resp, err := w.server.RoundTrip(r)
	if err == nil {
		w.answered = resp.ContentLength
	}
	return resp, err
}

// params are what makes params for a method.
type params func(reflect.Type) reflect.Value

// call calls a method of a client and returns its result, if it has one besides
// the error.
func (w *world) call(method string, ids []string, fill params, opts ...orbit.Option) (result reflect.Value, err error) {
	w.t.Helper()
	client := w.server.Client(append(opts, orbit.WithHTTPClient(&http.Client{Transport: w}))...)
	f := methodOf(client, method)
	args := []reflect.Value{reflect.ValueOf(w.t.Context())}
	for i := 1; i < f.Type().NumIn()-1; i++ { // the last are options
		switch in := f.Type().In(i); {
		case in == reflect.TypeFor[io.Writer]():
			args = append(args, reflect.ValueOf(io.Discard))
		case in.Kind() == reflect.String:
			require.NotEmpty(w.t, ids, "%s takes more IDs than its path has", method)
			args, ids = append(args, reflect.ValueOf(ids[0])), ids[1:]
		default:
			args = append(args, fill(in))
		}
	}
	out := f.Call(args)
	if len(out) > 1 {
		result = out[0]
	}
	err, _ = out[len(out)-1].Interface().(error)
	return result, err
}

// methodOf finds a method by its path from the client.
func methodOf(client *orbit.Client, path string) reflect.Value {
	names := strings.Split(path, ".")
	v := reflect.ValueOf(client)
	for _, name := range names[:len(names)-1] {
		v = v.Elem().FieldByName(name)
	}
	return v.MethodByName(names[len(names)-1])
}

// askedFor fails the test unless the last request was for an operation, and had
// nothing in it that the server does not know.
func (w *world) askedFor(o covered, ids []string) {
	w.t.Helper()
	require.NotNil(w.t, w.asked)
	path := o.path
	for _, id := range ids {
		start, end := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:start] + id + path[end+1:]
	}
	assert.Equal(w.t, o.verb+" /api/v1"+path, w.asked.Method+" "+w.asked.URL.Path)

	seen := w.server.Requests()
	arrived := seen[len(seen)-1]
	assert.Equal(w.t, o.verb+" "+o.path, arrived.Method+" "+arrived.Route, "the server knows no such route")
	assert.NotEqual(w.t, http.StatusMethodNotAllowed, arrived.Status)
	assert.Empty(w.t, arrived.UnknownFields)
}

// ids makes what the elements of a path name.
func (w *world) ids(path string) []string {
	w.t.Helper()
	var ids []string
	for at, element := range strings.SplitAfter(path, "/") {
		if strings.HasPrefix(element, "{") {
			before := strings.SplitAfter(path, "/")[:at]
			ids = append(ids, w.one(strings.TrimSuffix(strings.Join(before, ""), "/"), ids))
		}
	}
	return ids
}

// one puts something into a collection, and returns its ID. Most collections have
// an operation for that; within are the IDs that their path needs.
func (w *world) one(collection string, within []string) string {
	w.t.Helper()
	switch collection {
	case "/messages":
		return w.server.AddMessage(orbittest.Message{Channel: "telegram", Direction: "outbound", Status: "failed"}).ID
	case "/voice/calls":
		return w.server.AddCall(orbittest.Call{}).ID
	case "/voice/queues":
		w.server.AddQueueScript("queue_1", "Greeting", nil)
		return "queue_1"
	case "/voice/queues/{queueId}/calls":
		return w.server.AddCall(orbittest.Call{Status: "in_progress"}).ID
	case "/flows/executions":
		return w.server.TriggerFlow(w.one("/flows", nil), orbittest.FlowRun{StartedAt: time.Now().Add(-time.Hour)})
	case "/numbers":
		return w.server.AddNumber(orbittest.Number{PhoneNumber: someNumber}).ID
	case "/numbers/lookup":
		return someNumber
	case "/verify":
		return w.make("Verify.Send")
	case "/webhooks/{id}/deliveries": // no path names one
		_, err := w.call("Webhooks.Test", within, w.params("Webhooks.Test"))
		require.NoError(w.t, err)
		_, err = w.server.DeliverEvents(w.t.Context())
		require.NoError(w.t, err)
		return ""
	}
	for _, o := range w.table {
		if o.verb == http.MethodPost && strings.TrimSuffix(o.path, "/") == collection {
			return w.make(o.method, within...)
		}
	}
	require.Fail(w.t, "nothing is known to put there", collection)
	return ""
}

// make calls a method that makes something, and returns the ID of that.
func (w *world) make(method string, ids ...string) string {
	w.t.Helper()
	made, err := w.call(method, ids, w.params(method))
	require.NoError(w.t, err, method)
	return made.Elem().FieldByName("ID").String()
}

// params makes the least that a method needs: the required fields, and what the
// documentation says in words.
func (w *world) params(method string) params {
	return func(of reflect.Type) reflect.Value {
		v := filler{}.fill(of)
		if text := w.spoken(method); text != "" {
			require.NoError(w.t, json.Unmarshal([]byte(text), v.Addr().Interface()), method)
		}
		return v
	}
}

// spoken are the params that reflection cannot know, as JSON.
func (w *world) spoken(method string) string {
	switch method {
	case "Messages.SendWhatsApp":
		return `{"type": "text", "text": {"body": "Hello"}}`
	case "Messages.SendTelegram", "Messages.SendMessenger", "Messages.SendInstagram":
		return `{"type": "text", "text": "Hello"}`
	case "Messages.SendEmail":
		return `{"to": "jo@example.com", "text": "Hello"}`
	case "Messages.SendRCS":
		return `{"body": "Hello"}`
	case "Agents.Create", "Agents.Replace":
		return `{"type": "chatbot", "model": "any", "system_prompt": "Be kind."}`
	case "Agents.KnowledgeBases.Search":
		return `{"query": "Hello"}`
	case "Flows.Create":
		return `{"trigger_type": "api", "definition": {"nodes": [{"id": "start", "type": "message", "data": {}}], "edges": []}}`
	case "Numbers.Purchase":
		found, err := w.call("Numbers.Search", nil, w.params("Numbers.Search"))
		require.NoError(w.t, err)
		return fmt.Sprintf(`{"number": %q}`, found.Elem().FieldByName("Items").Index(0).FieldByName("PhoneNumber"))
	case "Verify.Check":
		id := w.make("Verify.Send")
		return fmt.Sprintf(`{"verification_id": %q, "code": %q}`, id, w.server.Code(id))
	default:
		return ""
	}
}

// prepare does what must have happened before an operation succeeds.
func (w *world) prepare(o covered, ids []string) {
	w.t.Helper()
	switch o.method {
	case "Voice.Calls.Mute", "Voice.Calls.Unmute":
		w.server.SetCallStatus(ids[0], "in_progress")
	case "Agents.KnowledgeBases.Search":
		w.server.SetDocumentStatus(w.one("/knowledge-bases/{id}/documents", ids), "ready")
	case "Agents.KnowledgeBases.Documents.Retry":
		w.server.SetDocumentStatus(ids[1], "failed")
	}
	if strings.HasSuffix(o.method, ".List") {
		w.one(strings.TrimSuffix(o.path, "/"), ids)
	}
	for _, earlier := range w.table { // what belongs to a resource must be put there
		if earlier.verb == http.MethodPut && !strings.HasSuffix(earlier.path, "}") && strings.HasPrefix(o.path+"/", earlier.path+"/") {
			_, err := w.call(earlier.method, ids, w.params(earlier.method))
			require.NoError(w.t, err, earlier.method)
		}
	}
}
