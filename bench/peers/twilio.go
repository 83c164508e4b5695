package peers

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

const twilioAccount = "AC0123456789abcdef0123456789abcdef"

func twilioSDK() *Peer {
	const id = "SM0123456789abcdef0123456789abcdef"
	create := func(base string, rt http.RoundTripper) Call {
		c := newTwilio(base, rt)
		return func() error {
			params := &api.CreateMessageParams{}
			params.SetTo("+14155552671")
			params.SetFrom("+15005550006")
			params.SetBody("Hello")
			msg, err := c.Api.CreateMessage(params)
			if err != nil {
				return err
			}
			return expect(*msg.Sid, id, nil)
		}
	}
	answer := twilioItem(0)
	return &Peer{
		Name: "twilio-go", Module: "github.com/twilio/twilio-go", Program: "twilio", What: "Api.CreateMessage",
		Note:    "It has no option for the address: a transport rewrites it.",
		Answer:  answer,
		Problem: `{"code":21211,"message":"` + Long + `","status":400}`,
		Limited: `{"code":20429,"message":"Too Many Requests","more_info":"https://www.twilio.com/docs/errors/20429","status":429}`,
		Create:  create,
		Hand: hand[api.ApiV2010Message]{
			encode: asForm("To", "+14155552671", "From", "+15005550006", "Body", "Hello"),
			id:     func(m *api.ApiV2010Message) string { return *m.Sid }, want: id,
		}.beside(create, answer),
		List: &List{
			What: "Api.StreamMessage", Lazy: true,
			Page: func(n int) []byte {
				next := "null"
				if n+1 < Pages {
					next = fmt.Sprintf(`"/2010-04-01/Accounts/%s/Messages.json?Page=%d"`, twilioAccount, n+1)
				}
				return page(`{"messages":[`, n, twilioItem, fmt.Sprintf(`],"page":%d,"page_size":%d,"next_page_uri":%s}`, n, PerPage, next))
			},
			Asked: func(r *http.Request) int { return number(r.URL.Query().Get("Page")) },
			All: func(rt http.RoundTripper) (int, error) {
				params := &api.ListMessageParams{}
				params.SetPageSize(PerPage)
				messages, failures := newTwilio("", rt).Api.StreamMessage(params)
				n := 0
				for m := range messages {
					if m.Sid == nil {
						return n, unexpected("an item without an ID")
					}
					n++
				}
				return n, <-failures
			},
			Into: func() any { return new(api.ListMessageResponse) },
		},
	}
}

func twilioItem(int) string {
	return `{"sid":"SM0123456789abcdef0123456789abcdef","account_sid":"` + twilioAccount + `","api_version":"2010-04-01","body":"Hello","status":"queued","direction":"outbound-api","to":"+14155552671","from":"+15005550006","num_segments":"1","num_media":"0","date_created":"Sun, 08 Mar 2026 12:00:00 +0000","uri":"/2010-04-01/Accounts/AC/Messages/SM.json","subresource_uris":{"media":"/Media.json"}}`
}

// newTwilio has no option for the address: a transport takes the place of one.
func newTwilio(base string, rt http.RoundTripper) *twilio.RestClient {
	if base != "" {
		u, err := url.Parse(base)
		if err != nil {
			panic(err)
		}
		rt = redirected{u, rt}
	}
	c := &client.Client{Credentials: client.NewCredentials(twilioAccount, "token"), HTTPClient: &http.Client{Transport: rt}}
	c.SetAccountSid(twilioAccount)
	return twilio.NewRestClientWithParams(twilio.ClientParams{Client: c})
}

// redirected sends every request to another host.
type redirected struct {
	to   *url.URL
	next http.RoundTripper
}

func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = r.to.Scheme, r.to.Host, r.to.Host
	return r.next.RoundTrip(req)
}
