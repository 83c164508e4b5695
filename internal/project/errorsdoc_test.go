package project_test

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// rows are the rows of the table of a page that stands under the given heading,
// without their head: cells by row.
func rows(t *testing.T, page, heading string) [][]string {
	t.Helper()
	_, after, found := strings.Cut(pages(t)[page], "\n"+heading+"\n")
	require.True(t, found, "%s has no heading %q", page, heading)
	var table [][]string
	for _, line := range strings.Split(after, "\n") {
		switch isRow := strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "|--"); {
		case isRow:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			table = append(table, cells)
		case len(table) > 0:
			return table[2:]
		}
	}
	require.NotEmpty(t, table, "%s has no table under %q", page, heading)
	return table[2:]
}

// marked are the words between backticks in a cell, in order.
func marked(cell string) []string {
	words := []string{}
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	slices.Sort(words)
	return words
}

func classes() map[string]error {
	return map[string]error{
		"ErrUnauthorized": orbit.ErrUnauthorized, "ErrForbidden": orbit.ErrForbidden, "ErrNotFound": orbit.ErrNotFound,
		"ErrGone": orbit.ErrGone, "ErrInvalid": orbit.ErrInvalid, "ErrConflict": orbit.ErrConflict,
		"ErrRateLimited": orbit.ErrRateLimited, "ErrNoBalance": orbit.ErrNoBalance, "ErrServer": orbit.ErrServer,
		"ErrNotSent": orbit.ErrNotSent,
	}
}

// DOC-4: the page on errors lists the codes of api and the classes of the root, each code
// with the class that it has.
func TestErrorsPageListsTheCodes(t *testing.T) {
	t.Parallel()
	inCode, classNames := constants(t, "api", "code.go", "Code"), constants(t, ".", "codes.go", "Class")
	inPage := make(map[string]string)
	for _, row := range rows(t, "docs/errors.md", "## Codes") {
		code, name := marked(row[0])[0], marked(row[1])[0]
		inPage[name] = code
		assert.Equal(t, marked(row[2]), matching(&orbit.Error{Code: orbit.Code(code)}), "the class of %s", code)
		assert.NotEmpty(t, row[3], "what to do for %s", code)
	}
	assert.Equal(t, inCode, inPage)
	for name := range classNames {
		assert.Contains(t, classes(), name)
		assert.Contains(t, pages(t)["docs/errors.md"], "`"+name+"`")
	}
}

// constants are the constants of a type in a file.
func constants(t *testing.T, below, name, typeName string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for _, s := range sources(t) {
		file := s.files[name]
		if inModule(s.ImportPath) != below || file == nil {
			continue
		}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				continue
			}
			for _, spec := range decl.Specs {
				spec := spec.(*ast.ValueSpec)
				if spec.Type == nil || baseType(spec.Type) != typeName {
					continue
				}
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				found[spec.Names[0].Name] = value
			}
		}
	}
	require.NotEmpty(t, found)
	return found
}

// matching are the classes and other sentinels that an error matches.
func matching(err error) []string {
	sentinels := classes()
	sentinels["context.Canceled"] = context.Canceled
	sentinels["context.DeadlineExceeded"] = context.DeadlineExceeded
	sentinels["orbit.ErrNoMorePages"] = orbit.ErrNoMorePages
	found := []string{}
	for name, target := range sentinels {
		if errors.Is(err, target) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// typesOf are the error types that an error holds.
func typesOf(err error) []string {
	found := []string{}
	for name, target := range map[string]any{
		"*orbit.Error": new(*orbit.Error), "*orbit.ParamError": new(*orbit.ParamError),
		"*orbit.TransportError": new(*orbit.TransportError), "*orbit.DecodeError": new(*orbit.DecodeError),
		"*orbit.CursorError": new(*orbit.CursorError), "*orbit.WaitError": new(*orbit.WaitError),
	} {
		if errors.As(err, target) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// happenings make what each row of the table on errors is about happen. A row
// may name several statuses; all of them must give what it says.
func happenings() map[string][]func(context.Context, *orbittest.Server) error {
	status := func(codes ...int) (all []func(context.Context, *orbittest.Server) error) {
		for _, code := range codes {
			all = append(all, failing(orbittest.Fault{Status: code}))
		}
		return all
	}
	one := func(f func(context.Context, *orbittest.Server) error) []func(context.Context, *orbittest.Server) error {
		return []func(context.Context, *orbittest.Server) error{f}
	}
	return map[string][]func(context.Context, *orbittest.Server) error{
		"a parameter was refused, nothing was sent": one(func(ctx context.Context, s *orbittest.Server) error {
			_, err := s.Client().Messages.SendSMS(ctx, messages.SendSMSParams{To: "Jo", Body: "Hello"})
			return err
		}),
		"Orbit refused: 400, 415, 422": status(400, 415, 422),
		"401":                          status(401),
		"402":                          status(402),
		"403":                          status(403),
		"404":                          status(404),
		"409":                          status(409),
		"410":                          status(410),
		"429":                          one(failing(orbittest.RateLimited(time.Hour))),
		"408":                          status(408),
		"500, 502 to 504":              status(500, 502, 503, 504),
		"520 to 524, 529, 530":         status(520, 521, 522, 523, 524, 529, 530),
		"429 without a request: the route is closed for too long": one(closedRoute),
		"500 with MESSAGE_SEND_FAILED":                            one(failing(orbittest.Fault{Status: 500, Code: "MESSAGE_SEND_FAILED"})),
		"other 5xx":                                               status(501, 505, 511),
		"a redirect, which is never followed":                     one(failing(orbittest.Fault{Status: 307, Header: http.Header{"Location": {"https://example.com"}}})),
		"the route does not respond, no attempt was made":         one(inAnOutage),
		"no connection could be made":                             one(failing(orbittest.Refused())),
		"the connection broke":                                    one(failing(orbittest.ResetBefore())),
		"no answer in time":                                       one(failing(orbittest.Slow(time.Hour))),
		"a success that cannot be read":                           one(failing(orbittest.Fault{Body: "<html>"})),
		"the context had ended before":                            one(cancelled),
		"the context ended after a 503":                           one(endedAfterRefusal),
		"`Wait` was given up":                                     one(givenUp),
		"`Wait` was given up during an outage":                    one(givenUpInAnOutage),
		"`Next` of the last page":                                 one(pastTheEnd),
		"a list that names no next page, or leads back":           {lost(orbittest.PageWithoutCursor), lost(orbittest.PageRepeatsCursor)},
	}
}

// failing makes a send whose every attempt meets a fault.
func failing(fault orbittest.Fault) func(context.Context, *orbittest.Server) error {
	return func(ctx context.Context, s *orbittest.Server) error {
		s.FailNext("POST /messages/sms", fault, fault, fault)
		return send(ctx, s)
	}
}

func send(ctx context.Context, s *orbittest.Server, opts ...orbit.CallOption) error {
	_, err := s.Client().Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"}, opts...)
	return err
}

// closedRoute makes a call on a route that an earlier response has closed.
func closedRoute(ctx context.Context, s *orbittest.Server) error {
	s.FailNext("POST /messages/sms", orbittest.RateLimited(time.Minute))
	client := s.Client(orbit.WithDefaults(orbit.WithMaxWait(time.Second)))
	var err error
	for range 2 {
		_, err = client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	}
	return err
}

// inAnOutage makes a call that waits in vain for a route that does not respond.
func inAnOutage(ctx context.Context, s *orbittest.Server) error {
	for range 10 {
		s.FailNext("POST /messages/sms", orbittest.Unavailable(), orbittest.Unavailable())
	}
	client := s.Client(orbit.WithDefaults(orbit.WithMaxWait(10 * time.Millisecond)))
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			_, _ = client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		})
	}
	time.Sleep(50 * time.Millisecond) // all of them rest
	var err error
	wg.Go(func() {
		_, err = client.Messages.SendSMS(ctx, messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
	})
	wg.Wait()
	return err
}

func cancelled(ctx context.Context, s *orbittest.Server) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return send(ctx, s)
}

func endedAfterRefusal(ctx context.Context, s *orbittest.Server) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	s.FailNext("POST /messages/sms", orbittest.Unavailable(), orbittest.Slow(time.Minute))
	return send(ctx, s)
}

func givenUp(ctx context.Context, s *orbittest.Server) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	s.AddMessage(orbittest.Message{ID: "msg_1", Status: "sent"})
	_, err := s.Client().Messages.Wait(ctx, "msg_1", messages.WaitParams{})
	return err
}

func givenUpInAnOutage(ctx context.Context, s *orbittest.Server) error {
	down := orbittest.Unavailable()
	s.FailNext("GET /messages/{id}", down, down, down, down, down, down)
	return givenUp(ctx, s)
}

func pastTheEnd(ctx context.Context, s *orbittest.Server) error {
	page, err := s.Client().Messages.List(ctx, messages.ListParams{})
	if err == nil {
		_, err = page.Next(ctx)
	}
	return err
}

// lost ranges over a list whose second page leads nowhere.
func lost(fault orbittest.PageFault) func(context.Context, *orbittest.Server) error {
	return func(ctx context.Context, s *orbittest.Server) error {
		for range 3 {
			s.AddMessage(orbittest.Message{})
		}
		s.FailNext("GET /messages", orbittest.Pass(), orbittest.Fault{Page: fault})
		_, err := orbit.Collect(s.Client().Messages.All(ctx, messages.ListParams{Limit: 1}), 10)
		return err
	}
}

// ERR-3, ERR-6, DOC-4: the table says of each kind of error what it matches and
// what may be done.
func TestErrorsPageTellsWhatMatches(t *testing.T) {
	t.Parallel()
	table := make(map[string][]string)
	for _, row := range rows(t, "docs/errors.md", "## What `errors.As` and `errors.Is` find") {
		table[row[0]] = row
	}
	for name, causes := range happenings() {
		row, ok := table[name]
		if !assert.True(t, ok, "the table has no row %q", name) {
			continue
		}
		delete(table, name)
		for _, cause := range causes {
			synctest.Test(t, func(t *testing.T) {
				err := cause(t.Context(), orbittest.New(t, orbittest.AllowUnusedFaults()))
				require.Error(t, err, name)
				assert.Equal(t, marked(row[1]), typesOf(err), "As: %s: %v", name, err)
				assert.Equal(t, marked(row[2]), matching(err), "Is: %s: %v", name, err)
				assert.Equal(t, row[3], yesOrNo(orbit.MaybeSent(err)), "MaybeSent: %s: %v", name, err)
				assert.Equal(t, row[4], yesOrNo(orbit.Retryable(err)), "Retryable: %s: %v", name, err)
			})
		}
	}
	assert.Empty(t, table, "rows that no test makes happen")
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
