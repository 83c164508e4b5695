package project_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// The page on logging lists the attributes that a logger gets.
func TestLoggingPageListsTheAttributes(t *testing.T) {
	t.Parallel()
	var names []string
	for _, row := range rows(t, "docs/logging.md", "## A logger") {
		names = append(names, marked(row[0])...)
	}
	seen := make(map[string]bool)
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		server := orbittest.New(t)
		server.FailNext("POST /messages/sms", orbittest.ResetBefore(), orbittest.Unavailable())
		logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		_, err := server.Client(orbit.WithLogger(logger)).Messages.SendSMS(t.Context(), messages.SendSMSParams{To: "+15005550002", Body: "Hello"})
		require.NoError(t, err)
		for dec := json.NewDecoder(&out); ; {
			var line map[string]any
			if err := dec.Decode(&line); err == io.EOF {
				return
			}
			require.NoError(t, err)
			for name := range line {
				seen[name] = true
			}
		}
	})
	for _, name := range []string{slog.TimeKey, slog.LevelKey, slog.MessageKey} {
		delete(seen, name) // those of every line
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(seen)), names)
}

// NEW-5: the dump on the page is what a dump looks like.
func TestLoggingPageShowsADump(t *testing.T) {
	t.Parallel()
	var dump bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		_, err := orbittest.New(t).Client(orbit.WithDump(&dump)).Messages.SendSMS(t.Context(),
			messages.SendSMSParams{To: "+15005550002", Body: "Hello"}, orbit.WithIdempotencyKey("order-1138"))
		require.NoError(t, err)
	})
	versions := regexp.MustCompile(`orbit-go/.*`)
	shown := blocks("docs/logging.md", pages(t)["docs/logging.md"], "text")
	require.Len(t, shown, 1)
	assert.Equal(t, versions.ReplaceAllString(dump.String(), "…"), versions.ReplaceAllString(shown[0].code, "…"))
}
