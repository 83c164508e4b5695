package call

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/devotel/orbit-go/api"
	"github.com/devotel/orbit-go/internal/wire"
)

// Raw makes a call to any endpoint: method and path template are the user's,
// path values come from the options. The data of the answer is decoded into out
// as it is, unless out is nil.
func Raw(ctx context.Context, c *Client, method, template string, in, out any, opts []api.CallOption) error {
	r := &Route{op: "Call", method: strings.ToUpper(method), template: template, optional: true, names: []string{}}
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, r.method) {
		return c.refuse(r, "method", "must be GET, HEAD, POST, PUT, PATCH or DELETE")
	}
	if r.isRead() {
		r.query = wire.Query
	}
	if rule := templateRule(template); rule != "" {
		return c.refuse(r, "path", rule)
	}
	var given api.CallSettings
	for _, o := range opts {
		o.Apply(&given)
	}
	for _, f := range given.PathValues {
		r.names, r.values = append(r.names, f.Name), append(r.values, f.Value)
	}
	return run(ctx, c, r, in, opts, anything{out})
}

// templateRule returns the rule that a user's path template breaks, or "".
func templateRule(template string) string {
	if !strings.HasPrefix(template, "/") || strings.ContainsAny(template, "?#\\%") || strings.Contains(template, "//") {
		return "must be a plain path such as /templates/{id}, with WithQuery for the query"
	}
	for i := range len(template) {
		if template[i] <= ' ' || template[i] >= 0x7f {
			return "must be plain ASCII without spaces"
		}
	}
	for element := range strings.SplitSeq(template, "/") {
		if element == "." || element == ".." {
			return `must not contain "." or ".." as an element`
		}
	}
	return ""
}

// anything is the target of a call whose result has the user's own type.
type anything struct{ out any }

func (t anything) decode(x *exchange, body []byte, info *api.ResponseInfo) error {
	if isBlank(body) {
		return nil
	}
	data, meta, err := wire.One[json.RawMessage](body)
	info.RequestID = x.requestID(meta.RequestID)
	x.last.cursor, x.last.hasMore = meta.Next()
	switch {
	case err == wire.ErrNoData: //nolint:errorlint // a constant that is never wrapped
		return nil
	case err != nil:
		return explain(body, err)
	case t.out == nil:
		return nil
	}
	if err := json.Unmarshal(*data, t.out); err != nil {
		return cmp.Or(wire.Explain(body, t.out), err)
	}
	return nil
}
