package agents_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/orbittest"
)

// newDocumentsBase returns the ID of a knowledge base for documents.
func newDocumentsBase(client *orbit.Client) string {
	base, err := client.Agents.KnowledgeBases.Create(context.Background(), agents.CreateKnowledgeBaseParams{Name: "FAQ"})
	if err != nil {
		log.Fatal(err)
	}
	return base.ID
}

// newExampleDocument returns the ID of a document that is there already.
func newExampleDocument(client *orbit.Client, base, name, text string) string {
	document, err := client.Agents.KnowledgeBases.Documents.Upload(context.Background(), base, agents.UploadDocumentParams{
		Filename: name, Content: strings.NewReader(text),
	})
	if err != nil {
		log.Fatal(err)
	}
	return document.ID
}

// A program gives a file that it has opened: anything that can be read will do.
func ExampleDocuments_Upload() {
	client := orbittest.NewServer().Client()
	base := newDocumentsBase(client)
	content := strings.NewReader("The shop opens at nine.")
	document, err := client.Agents.KnowledgeBases.Documents.Upload(context.Background(), base, agents.UploadDocumentParams{
		Filename: "faq.md",
		Content:  content,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(document.Name, document.Status, document.Size)
	// Output: faq.md processing 23
}

// A program without a web server polls; one with a server listens to the event
// kb.document.ready.
func ExampleDocuments_Wait() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	base, err := client.Agents.KnowledgeBases.Create(ctx, agents.CreateKnowledgeBaseParams{Name: "FAQ"})
	if err != nil {
		log.Fatal(err)
	}
	uploaded, err := client.Agents.KnowledgeBases.Documents.Upload(ctx, base.ID, agents.UploadDocumentParams{
		Filename: "faq.md",
		Content:  strings.NewReader("The shop opens at nine."),
	})
	if err != nil {
		log.Fatal(err)
	}
	document, err := client.Agents.KnowledgeBases.Documents.Wait(ctx, base.ID, uploaded.ID, agents.WaitParams{}, orbit.WithTimeout(time.Minute))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(uploaded.Status, document.Status)
	// Output: processing ready
}

func ExampleDocuments_List() {
	client := orbittest.NewServer().Client()
	base := newDocumentsBase(client)
	newExampleDocument(client, base, "faq.md", "The shop opens at nine.")
	page, err := client.Agents.KnowledgeBases.Documents.List(context.Background(), base, agents.ListDocumentsParams{Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items[0].Name, page.HasMore)
	// Output: faq.md false
}

func ExampleDocuments_Pages() {
	client := orbittest.NewServer().Client()
	base := newDocumentsBase(client)
	newExampleDocument(client, base, "faq.md", "The shop opens at nine.")
	newExampleDocument(client, base, "prices.html", "<p>Tea is 3 euros.</p>")
	for page, err := range client.Agents.KnowledgeBases.Documents.Pages(context.Background(), base, agents.ListDocumentsParams{Limit: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Items[0].Name)
	}
	// Output:
	// prices.html
	// faq.md
}

// All tells which documents cannot be used yet, or not at all.
func ExampleDocuments_All() {
	server := orbittest.NewServer()
	client := server.Client()
	base := newDocumentsBase(client)
	newExampleDocument(client, base, "faq.md", "The shop opens at nine.")
	server.SetDocumentStatus(newExampleDocument(client, base, "scan.pdf", "%PDF-1.7"), "failed")
	for document, err := range client.Agents.KnowledgeBases.Documents.All(context.Background(), base, agents.ListDocumentsParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(document.Name, document.Status, document.Status.IsTerminal())
	}
	// Output:
	// scan.pdf failed true
	// faq.md processing false
}

func ExampleDocuments_Delete() {
	client := orbittest.NewServer().Client()
	base := newDocumentsBase(client)
	document := newExampleDocument(client, base, "faq.md", "The shop opens at nine.")
	if err := client.Agents.KnowledgeBases.Documents.Delete(context.Background(), base, document); err != nil {
		log.Fatal(err)
	}
	err := client.Agents.KnowledgeBases.Documents.Delete(context.Background(), base, document)
	fmt.Println(errors.Is(err, orbit.ErrNotFound))
	// Output: true
}

func ExampleDocuments_Retry() {
	server := orbittest.NewServer()
	client := server.Client()
	base := newDocumentsBase(client)
	document := newExampleDocument(client, base, "scan.pdf", "%PDF-1.7")
	server.SetDocumentStatus(document, "failed")

	again, err := client.Agents.KnowledgeBases.Documents.Retry(context.Background(), base, document)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again.Status)
	// Output: processing
}
