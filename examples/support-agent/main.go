// Command support-agent makes an agent that answers from a document, asks it a
// question, and takes everything away again:
//
//	go run ./examples/support-agent [question [file]]
//
// Without a file (PDF, DOCX, TXT, MD or HTML, up to 10 MiB) it takes a short one
// of its own. Without a key it talks to an Orbit in memory, where agents answer
// with the passage that fits best. With ORBIT_API_KEY set it talks to the real
// API, where answers cost money. ORBIT_BASE_URL names another address of the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/orbittest"
)

// handbook is the document that is used without a file.
const handbook = `# Handbook of the shop

The shop opens at nine in the morning and closes at six.

Parcels take two days within the country and a week abroad.

Goods can be returned within thirty days, with the receipt.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: it returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if err := support(ctx, args, stdout); err != nil {
		fmt.Fprintln(stderr, explain(err))
		return 1
	}
	return 0
}

func support(ctx context.Context, args []string, out io.Writer) (err error) {
	question, document, err := read(args)
	if err != nil {
		return err
	}
	if file, ok := document.Content.(io.Closer); ok {
		defer file.Close()
	}
	client, err := connect(out)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()

	base, err := client.Agents.KnowledgeBases.Create(ctx, agents.CreateKnowledgeBaseParams{Name: "Handbook"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove(ctx, base.ID, client.Agents.KnowledgeBases.Delete)) }()
	fmt.Fprintf(out, "knowledge base: %s\n", base.ID)

	if err := teach(ctx, client, base.ID, document, out); err != nil {
		return err
	}

	agent, err := client.Agents.Create(ctx, newAgent(base.ID))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove(ctx, agent.ID, client.Agents.Delete)) }()
	if err := deploy(ctx, client, agent.ID, out); err != nil {
		return err
	}

	// An answer may take minutes, and is asked for once: a repeat costs again.
	reply, err := client.Agents.Chat(ctx, agent.ID, agents.ChatParams{Message: question})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "question:       %s\nanswer:         %s\n", question, reply.Message)
	return nil
}

// read makes a question and a document of the command line. The file is read, and
// refused if it is too large, by Upload.
func read(args []string) (question string, document agents.UploadDocumentParams, err error) {
	question = "How long do parcels take?"
	document = agents.UploadDocumentParams{Filename: "handbook.md", Content: strings.NewReader(handbook)}
	switch len(args) {
	case 2:
		file, err := os.Open(args[1])
		if err != nil {
			return "", document, err
		}
		return args[0], agents.UploadDocumentParams{Filename: args[1], Content: file}, nil
	case 1:
		question = args[0]
	case 0:
	default:
		return "", document, errors.New("usage: support-agent [question [file]]; put the question in quotes")
	}
	return question, document, nil
}

// connect returns a client of the real API, or of one in memory without a key.
func connect(out io.Writer) (*orbit.Client, error) {
	if os.Getenv(orbit.EnvAPIKey) != "" {
		return orbit.NewClientFromEnv()
	}
	fmt.Fprintln(out, "No "+orbit.EnvAPIKey+" is set: this is an Orbit in memory.")
	return orbittest.NewServer().Client(), nil
}

// teach uploads a document and waits until agents can use it.
func teach(ctx context.Context, client *orbit.Client, baseID string, document agents.UploadDocumentParams, out io.Writer) error {
	uploaded, err := client.Agents.KnowledgeBases.Documents.Upload(ctx, baseID, document)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "document:       %s is %s\n", uploaded.ID, uploaded.Status)
	ended, err := client.Agents.KnowledgeBases.Documents.Wait(ctx, baseID, uploaded.ID, agents.WaitParams{}, orbit.WithTimeout(2*time.Minute))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "document:       %s is %s\n", ended.ID, ended.Status)
	if ended.Status != agents.DocumentStatusReady {
		return fmt.Errorf("the document cannot be used: %s", ended.Error)
	}
	return nil
}

// newAgent is an agent that answers from a knowledge base.
func newAgent(baseID string) agents.CreateParams {
	return agents.CreateParams{
		Name:             "Support",
		SystemPrompt:     "You help the customers of a shop. Answer from the handbook, in one sentence.",
		Tools:            []agents.Tool{{ID: agents.ToolIDSearchKnowledge}},
		KnowledgeBaseIDs: []string{baseID},
		Temperature:      orbit.Ptr(0.), // the same answer to the same question

		MaxCostPerConversationCents: orbit.Ptr(20),
	}
}

// deploy lets an agent answer to programs.
func deploy(ctx context.Context, client *orbit.Client, id string, out io.Writer) error {
	if _, err := client.Agents.Deploy(ctx, id, agents.DeployParams{Channel: agents.ChannelWebhook}); err != nil {
		return err
	}
	agent, err := client.Agents.Get(ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "agent:          %s is %s\n", agent.ID, agent.Status)
	return nil
}

// remove deletes what this program made, also after it was interrupted.
func remove(ctx context.Context, id string, del func(context.Context, string, ...orbit.CallOption) error) error {
	return del(context.WithoutCancel(ctx), id, orbit.WithTimeout(30*time.Second))
}

// explain says what to do about an error. The SDK's own text is one line, without
// the key and without what people wrote.
func explain(err error) string {
	switch {
	case errors.Is(err, orbit.ErrUnauthorized):
		return err.Error() + ": correct " + orbit.EnvAPIKey
	case orbit.MaybeSent(err):
		return err.Error() + ": it may have happened, and cost something, all the same"
	default:
		return err.Error()
	}
}
