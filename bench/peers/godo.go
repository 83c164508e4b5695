package peers

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/digitalocean/godo"
	"golang.org/x/oauth2"
)

// The envelopes of one key and of a page, which the SDK opens for its caller.
type (
	godoKey struct {
		Key *godo.Key `json:"ssh_key"`
	}
	godoKeys struct {
		Keys  []godo.Key  `json:"ssh_keys"`
		Links *godo.Links `json:"links"`
		Meta  *godo.Meta  `json:"meta"`
	}
)

func godoSDK() *Peer {
	const id = "1"
	request := func() *godo.KeyCreateRequest {
		return &godo.KeyCreateRequest{Name: "laptop", PublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBench"}
	}
	create := func(opts ...godo.ClientOpt) Maker {
		return func(base string, rt http.RoundTripper) Call {
			c := newGodo(base, rt, opts...)
			return func() error {
				made, _, err := c.Keys.Create(context.Background(), request())
				if err != nil {
					return err
				}
				return expect(fmt.Sprint(made.ID), id, nil)
			}
		}
	}
	low, high := 0.5, 4.0
	answer := `{"ssh_key":` + godoItem(0) + `}`
	return &Peer{
		Name: "godo", Module: "github.com/digitalocean/godo", Program: "godo", What: "Keys.Create",
		Note:    "Without its retries but under the limit: they replace the transport that a caller gives.",
		Answer:  answer,
		Problem: `{"id":"bad_request","message":"` + Long + `"}`,
		Limited: `{"id":"too_many_requests","message":"API rate limit exceeded."}`,
		Create:  create(),
		Hand: hand[godoKey]{
			encode: asJSON(request), id: func(k *godoKey) string { return fmt.Sprint(k.Key.ID) }, want: id,
		}.beside(create(), answer),
		Bulk:     create(godo.WithRetryAndBackoffs(godo.RetryConfig{RetryMax: 10, RetryWaitMin: &low, RetryWaitMax: &high})),
		Settings: "10 retries, 0.5 to 4 s",
		List: &List{
			What: "Keys.List",
			Page: func(n int) []byte {
				const keys = "https://api.digitalocean.com/v2/account/keys?page="
				var links []string
				if n > 0 {
					links = append(links, fmt.Sprintf(`"first":"%s1","prev":"%s%d"`, keys, keys, n))
				}
				if n+1 < Pages {
					links = append(links, fmt.Sprintf(`"next":"%s%d","last":"%s%d"`, keys, n+2, keys, Pages))
				}
				return page(`{"ssh_keys":[`, n, godoItem, fmt.Sprintf(`],"links":{"pages":{%s}},"meta":{"total":%d}}`, strings.Join(links, ","), Items))
			},
			Asked: func(r *http.Request) int { return max(number(r.URL.Query().Get("page"))-1, 0) },
			All: func(rt http.RoundTripper) (int, error) {
				c, n := newGodo("", rt), 0
				options := &godo.ListOptions{PerPage: PerPage}
				for {
					keys, resp, err := c.Keys.List(context.Background(), options)
					if err != nil {
						return n, err
					}
					n += len(keys)
					if resp.Links == nil || resp.Links.IsLastPage() {
						return n, nil
					}
					at, err := resp.Links.CurrentPage()
					if err != nil {
						return n, err
					}
					options.Page = at + 1
				}
			},
			Into: func() any { return new(godoKeys) },
		},
	}
}

func godoItem(i int) string {
	return fmt.Sprintf(`{"id":%d,"fingerprint":"3b:16:e4:bf:8b:00:8b:b8:59:8c:a9:d3:f0:19:fa:45","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBench","name":"laptop"}`, i+1)
}

// newGodo goes through the given transport. With retries it wants one for OAuth,
// and puts another in the place of what is below that.
func newGodo(base string, rt http.RoundTripper, opts ...godo.ClientOpt) *godo.Client {
	var transport http.RoundTripper = bearer{"bench", rt}
	if len(opts) > 0 {
		transport = &oauth2.Transport{Source: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "bench"}), Base: rt}
	}
	if base != "" {
		opts = append(opts, godo.SetBaseURL(base+"/"))
	}
	c, err := godo.New(&http.Client{Transport: transport}, opts...)
	if err != nil {
		panic(err)
	}
	return c
}

// bearer adds a token to requests, as an OAuth transport does.
type bearer struct {
	token string
	next  http.RoundTripper
}

func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(req)
}
