package peers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/resend/resend-go/v3"
)

func resendSDK() *Peer {
	const id = "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"
	request := func() *resend.SendEmailRequest {
		return &resend.SendEmailRequest{From: "a@example.com", To: []string{"jane@example.com"}, Subject: "Hello", Text: "Hello"}
	}
	create := func(base string, rt http.RoundTripper) Call {
		c := newResend(base, rt)
		return func() error {
			sent, err := c.Emails.SendWithContext(context.Background(), request())
			if err != nil {
				return err
			}
			return expect(sent.Id, id, nil)
		}
	}
	answer := `{"id":"` + id + `"}`
	return &Peer{
		Name: "resend-go", Module: "github.com/resend/resend-go/v3", Program: "resend", What: "Emails.SendWithContext",
		Answer:  answer,
		Problem: `{"statusCode":400,"name":"validation_error","message":"` + Long + `"}`,
		Limited: `{"statusCode":429,"name":"rate_limit_exceeded","message":"Too many requests."}`,
		Create:  create,
		Hand: hand[resend.SendEmailResponse]{
			encode: asJSON(request), id: func(r *resend.SendEmailResponse) string { return r.Id }, want: id,
		}.beside(create, answer),
		List: &List{
			What: "Emails.ListWithOptions",
			Page: func(n int) []byte {
				return page(`{"object":"list","data":[`, n, resendItem, fmt.Sprintf(`],"has_more":%t}`, n+1 < Pages))
			},
			Asked: func(r *http.Request) int { return behind(r.URL.Query().Get("after"), "em_") },
			All: func(rt http.RoundTripper) (int, error) {
				c, n, limit := newResend("", rt), 0, PerPage
				options := &resend.ListOptions{Limit: &limit}
				for {
					list, err := c.Emails.ListWithOptions(context.Background(), options)
					if err != nil {
						return n, err
					}
					n += len(list.Data)
					if !list.HasMore {
						return n, nil
					}
					options.After = &list.Data[len(list.Data)-1].Id
				}
			},
			Into: func() any { return new(resend.ListEmailsResponse) },
		},
	}
}

func resendItem(i int) string {
	return fmt.Sprintf(`{"id":"em_%06d","object":"email","to":["jane@example.com"],"from":"Shop <a@example.com>","created_at":"2026-03-08 12:00:00.123456+00","subject":"Hello","bcc":null,"cc":null,"reply_to":null,"last_event":"delivered"}`, i)
}

func newResend(base string, rt http.RoundTripper) *resend.Client {
	c := resend.NewCustomClient(&http.Client{Transport: rt}, "re_bench")
	if base != "" {
		u, err := url.Parse(base + "/")
		if err != nil {
			panic(err)
		}
		c.BaseURL = u
	}
	return c
}
