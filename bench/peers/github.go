package peers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/go-github/v90/github"
)

func githubSDK() *Peer {
	const id = "1"
	create := func(ctx context.Context) Maker {
		return func(base string, rt http.RoundTripper) Call {
			c := newGitHub(base, rt)
			return func() error {
				issue, _, err := c.Issues.Create(ctx, "octo", "demo", githubRequest())
				if err != nil {
					return err
				}
				return expect(fmt.Sprint(issue.GetID()), id, nil)
			}
		}
	}
	answer := githubItem(0)
	return &Peer{
		Name: "go-github", Module: "github.com/google/go-github/v90", Program: "github", What: "Issues.Create",
		Answer:  answer,
		Problem: `{"message":"` + Long + `","documentation_url":"https://docs.github.com/rest"}`,
		Limited: `{"message":"API rate limit exceeded.","documentation_url":"https://docs.github.com/rest"}`,
		Create:  create(context.Background()),
		Hand: hand[github.Issue]{
			encode: asJSON(githubRequest), id: func(i *github.Issue) string { return fmt.Sprint(i.GetID()) }, want: id,
		}.beside(create(context.Background()), answer),
		Bulk:     create(context.WithValue(context.Background(), github.SleepUntilPrimaryRateLimitResetWhenRateLimited, true)),
		Settings: "SleepUntilPrimaryRateLimitResetWhenRateLimited",
		List: &List{
			What: "Issues.ListByRepoIter", Lazy: true,
			Page: func(n int) []byte { return page(`[`, n, githubItem, `]`) },
			Link: func(n int) string {
				if n+1 == Pages {
					return ""
				}
				return fmt.Sprintf(`<https://api.github.com/repos/octo/demo/issues?page=%d>; rel="next"`, n+2)
			},
			Asked: func(r *http.Request) int { return max(number(r.URL.Query().Get("page"))-1, 0) },
			All: func(rt http.RoundTripper) (int, error) {
				n := 0
				options := &github.IssueListByRepoOptions{ListOptions: github.ListOptions{PerPage: PerPage}}
				for issue, err := range newGitHub("", rt).Issues.ListByRepoIter(context.Background(), "octo", "demo", options) {
					if err != nil {
						return n, err
					}
					if issue.GetID() == 0 {
						return n, unexpected("an item without an ID")
					}
					n++
				}
				return n, nil
			},
			Into: func() any { return new([]*github.Issue) },
		},
		Verify: &Verify{
			Event:  OrbitEvent, // its contents do not matter to a check of the signature
			Signed: func(body []byte) string { return "sha256=" + signBytes(Secret, body) },
			Check: func(header string, body []byte) error {
				return github.ValidateSignature(header, body, []byte(Secret))
			},
		},
	}
}

func githubRequest() github.CreateIssueRequest {
	return github.CreateIssueRequest{Title: "Hello", Body: github.Ptr("Hello"), Labels: []string{"bug"}}
}

func githubItem(i int) string {
	return fmt.Sprintf(`{"id":%d,"number":%d,"state":"open","title":"Hello","body":"Hello","url":"https://api.github.com/repos/octo/demo/issues/1","comments":0,"locked":false,"created_at":"2026-03-08T12:00:00Z","updated_at":"2026-03-08T12:00:00Z","user":{"login":"octo","id":1}}`, i+1, i+1)
}

func newGitHub(base string, rt http.RoundTripper) *github.Client {
	opts := []github.ClientOptionsFunc{github.WithHTTPClient(&http.Client{Transport: rt}), github.WithAuthToken("bench")}
	if base != "" {
		base += "/"
		opts = append(opts, github.WithURLs(&base, nil))
	}
	c, err := github.NewClient(opts...)
	if err != nil {
		panic(err)
	}
	return c
}
