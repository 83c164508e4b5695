package messages_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

const (
	benchItems = 10_000
	benchPage  = 100
)

// library is a list of messages in memory: its pages by their cursors.
type library map[string][]byte

// newLibrary writes the pages, the ID under one of its names.
func newLibrary(idName string) library {
	pages := library{}
	for start := 0; start < benchItems; start += benchPage {
		var out bytes.Buffer
		out.WriteString(`{"data":[`)
		for i := start; i < start+benchPage; i++ {
			if i > start {
				out.WriteByte(',')
			}
			fmt.Fprintf(&out, `{%q:"msg_01HV8Z%06d","channel":"sms","status":"delivered","direction":"outbound","to":"+1415555%04d",`+
				`"from":"+15005550006","body":"Your parcel %d arrives today between 2 and 4 pm.","segments":1,`+
				`"metadata":{"order":"o-%d","attempt":1},"provider_id":"SM%032d","conversation_id":"conv_%d",`+
				`"created_at":"2026-03-08T12:00:00.123Z","sent_at":"2026-03-08T12:00:01.456Z","delivered_at":"2026-03-08T12:00:02.789Z"}`,
				idName, i, i, i, i, i, i)
		}
		end := start + benchPage
		fmt.Fprintf(&out, `],"meta":{"request_id":"req_%d","timestamp":"2026-03-08T12:00:04.000Z",`+
			`"pagination":{"cursor":"cur_%d","has_more":%t,"total":%d}}}`, start, end, end < benchItems, benchItems)
		cursor := fmt.Sprintf("cur_%d", start)
		if start == 0 {
			cursor = ""
		}
		pages[cursor] = out.Bytes()
	}
	return pages
}

func (l library) RoundTrip(r *http.Request) (*http.Response, error) {
	page := l[r.URL.Query().Get("cursor")]
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{
			"Content-Type": {"application/json"}, "X-Request-Id": {"req_1"}, "X-Ratelimit-Limit": {"1000000"},
			"X-Ratelimit-Remaining": {"999999"}, "X-Ratelimit-Reset": {"4102444800"},
		},
		Body: io.NopCloser(bytes.NewReader(page)), ContentLength: int64(len(page)),
	}, nil
}

// byAll reads the whole list with the SDK.
func byAll(b *testing.B, l library) func() {
	b.Helper()
	client, err := orbit.NewClient(apiKey, orbit.WithHTTPClient(&http.Client{Transport: l}))
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		seen := 0
		for msg, err := range client.Messages.All(context.Background(), messages.ListParams{Limit: benchPage}) {
			if err != nil || msg.ID == "" {
				b.Fatal(msg.ID, err)
			}
			seen++
		}
		if seen != benchItems {
			b.Fatal(seen)
		}
	}
}

// byUnmarshal decodes the same bytes with encoding/json alone.
func byUnmarshal(b *testing.B, l library) func() {
	b.Helper()
	return func() {
		seen := 0
		for _, page := range l {
			var answer struct{ Data []messages.Message }
			if err := json.Unmarshal(page, &answer); err != nil {
				b.Fatal(err)
			}
			seen += len(answer.Data)
		}
		if seen != benchItems {
			b.Fatal(seen)
		}
	}
}

// BenchmarkListDecode reads 10,000 messages, page by page, beside the plain decode
// of the same bytes.
func BenchmarkListDecode(b *testing.B) {
	for _, idName := range []string{"id", "message_id"} {
		l := newLibrary(idName)
		for name, read := range map[string]func(){"sdk": byAll(b, l), "plain": byUnmarshal(b, l)} {
			b.Run(idName+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					read()
				}
			})
		}
	}
}

// BenchmarkListDecodeRatio takes turns, so that what else the machine does hits
// both, and reports the median of the ratios of their times.
func BenchmarkListDecodeRatio(b *testing.B) {
	for _, idName := range []string{"id", "message_id"} {
		b.Run(idName, func(b *testing.B) {
			l := newLibrary(idName)
			sdk, plain := byAll(b, l), byUnmarshal(b, l)
			var ratios []float64
			for b.Loop() {
				ratios = append(ratios, float64(timed(sdk))/float64(timed(plain)))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "ratio")
		})
	}
}

func timed(f func()) time.Duration {
	began := time.Now()
	f()
	return time.Since(began)
}
