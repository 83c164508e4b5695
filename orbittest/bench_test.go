package orbittest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/devotel/orbit-go/orbittest"
)

func BenchmarkSend(b *testing.B) {
	s := orbittest.New(b, orbittest.WithoutLimits(), orbittest.KeepRequests(0))
	header := newRequest(b, "POST", "/messages/sms", anSMS).Header
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequestWithContext(b.Context(), "POST", base+"/messages/sms", strings.NewReader(anSMS))
			if err != nil {
				b.Error(err)
				return
			}
			req.Header = header
			resp, err := s.RoundTrip(req)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		orbittest.NewServer()
	}
}
