package peers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func openaiSDK() *Peer {
	const id = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT"
	create := func(more ...option.RequestOption) Maker {
		return func(base string, rt http.RoundTripper) Call {
			c := newOpenAI(base, rt, more...)
			return func() error {
				answer, err := c.Chat.Completions.New(context.Background(), openai.ChatCompletionNewParams{
					Model:    "gpt-4o-mini",
					Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("Hello")},
				})
				if err != nil {
					return err
				}
				return expect(answer.ID, id, nil)
			}
		}
	}
	answer := `{"id":"` + id + `","object":"chat.completion","created":1772971200,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello! How can I help you today?","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":10,"total_tokens":19},"system_fingerprint":"fp_44709d6fcb"}`
	return &Peer{
		Name: "openai-go", Module: "github.com/openai/openai-go/v3", Program: "openai", What: "Chat.Completions.New",
		Answer:  answer,
		Problem: `{"error":{"message":"` + Long + `","type":"invalid_request_error","param":null,"code":null}}`,
		Limited: `{"error":{"message":"Rate limit reached.","type":"requests","param":null,"code":"rate_limit_exceeded"}}`,
		Create:  create(),
		Hand: hand[openaiAnswer]{
			encode: asJSON(func() openaiQuestion {
				return openaiQuestion{Model: "gpt-4o-mini", Messages: []openaiMessage{{Role: "user", Content: "Hello"}}}
			}),
			id: func(a *openaiAnswer) string { return a.ID }, want: id,
		}.beside(create(), answer),
		Bulk: create(option.WithMaxRetries(10)), Settings: "WithMaxRetries(10)",
		List: &List{
			What: "Files.ListAutoPaging", Lazy: true,
			Page: func(n int) []byte {
				return page(`{"object":"list","data":[`, n, openaiItem, fmt.Sprintf(`],"has_more":%t}`, n+1 < Pages))
			},
			Asked: func(r *http.Request) int { return behind(r.URL.Query().Get("after"), "file-") },
			All: func(rt http.RoundTripper) (int, error) {
				c, n := newOpenAI("", rt), 0
				files := c.Files.ListAutoPaging(context.Background(), openai.FileListParams{Limit: openai.Int(PerPage)})
				for files.Next() {
					if files.Current().ID == "" {
						return n, unexpected("an item without an ID")
					}
					n++
				}
				return n, files.Err()
			},
			Into: func() any {
				return new(struct {
					Data    []openaiFile `json:"data"`
					HasMore bool         `json:"has_more"`
				})
			},
		},
	}
}

// The types by hand: the SDK's own decode themselves, and keep the JSON of each
// field.
type (
	openaiQuestion struct {
		Model    string          `json:"model"`
		Messages []openaiMessage `json:"messages"`
	}
	openaiMessage struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	openaiAnswer struct {
		ID      string `json:"id"`
		Created int64  `json:"created"`
		Model   string `json:"model"`
		Choices []struct {
			Index        int           `json:"index"`
			Message      openaiMessage `json:"message"`
			FinishReason string        `json:"finish_reason"`
		} `json:"choices"`
		Usage struct {
			PromptTokens     int64 `json:"prompt_tokens"`
			CompletionTokens int64 `json:"completion_tokens"`
			TotalTokens      int64 `json:"total_tokens"`
		} `json:"usage"`
		SystemFingerprint string `json:"system_fingerprint"`
	}
	openaiFile struct {
		ID        string `json:"id"`
		Bytes     int64  `json:"bytes"`
		CreatedAt int64  `json:"created_at"`
		ExpiresAt int64  `json:"expires_at"`
		Filename  string `json:"filename"`
		Purpose   string `json:"purpose"`
		Status    string `json:"status"`
	}
)

func openaiItem(i int) string {
	return fmt.Sprintf(`{"id":"file-%06d","object":"file","bytes":120000,"created_at":1772971200,"expires_at":1775563200,"filename":"salesOverview.pdf","purpose":"assistants","status":"processed"}`, i)
}

func newOpenAI(base string, rt http.RoundTripper, more ...option.RequestOption) openai.Client {
	opts := []option.RequestOption{option.WithAPIKey("sk-bench"), option.WithHTTPClient(&http.Client{Transport: rt})}
	if base != "" {
		opts = append(opts, option.WithBaseURL(base))
	}
	return openai.NewClient(append(opts, more...)...)
}
