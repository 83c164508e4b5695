package agents_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/agents"
	"github.com/devotel/orbit-go/orbittest"
)

// newExampleBase returns the ID of a knowledge base that is there already.
func newExampleBase(client *orbit.Client, name string) string {
	base, err := client.Agents.KnowledgeBases.Create(context.Background(), agents.CreateKnowledgeBaseParams{Name: name})
	if err != nil {
		log.Fatal(err)
	}
	return base.ID
}

func ExampleKnowledgeBases_Create() {
	client := orbittest.NewServer().Client()
	base, err := client.Agents.KnowledgeBases.Create(context.Background(), agents.CreateKnowledgeBaseParams{
		Name:        "FAQ",
		Description: "What customers ask",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(base.Name, base.DocumentCount)
	// Output: FAQ 0
}

func ExampleKnowledgeBases_List() {
	client := orbittest.NewServer().Client()
	newExampleBase(client, "FAQ")
	page, err := client.Agents.KnowledgeBases.List(context.Background(), agents.ListKnowledgeBasesParams{Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(page.Items[0].Name, page.HasMore)
	// Output: FAQ false
}

func ExampleKnowledgeBases_Pages() {
	client := orbittest.NewServer().Client()
	newExampleBase(client, "FAQ")
	newExampleBase(client, "Manuals")
	for page, err := range client.Agents.KnowledgeBases.Pages(context.Background(), agents.ListKnowledgeBasesParams{Limit: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Items[0].Name)
	}
	// Output:
	// Manuals
	// FAQ
}

func ExampleKnowledgeBases_All() {
	client := orbittest.NewServer().Client()
	newExampleBase(client, "FAQ")
	newExampleBase(client, "Manuals")
	for base, err := range client.Agents.KnowledgeBases.All(context.Background(), agents.ListKnowledgeBasesParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(base.Name)
	}
	// Output:
	// Manuals
	// FAQ
}

func ExampleKnowledgeBases_Get() {
	client := orbittest.NewServer().Client()
	id := newExampleBase(client, "FAQ")
	_, err := client.Agents.KnowledgeBases.Documents.Upload(context.Background(), id, agents.UploadDocumentParams{
		Filename: "faq.md", Content: strings.NewReader("The shop opens at nine."),
	})
	if err != nil {
		log.Fatal(err)
	}
	base, err := client.Agents.KnowledgeBases.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(base.Name, base.DocumentCount)
	// Output: FAQ 1
}

func ExampleKnowledgeBases_Update() {
	client := orbittest.NewServer().Client()
	id := newExampleBase(client, "FAQ")
	base, err := client.Agents.KnowledgeBases.Update(context.Background(), id, agents.UpdateKnowledgeBaseParams{
		Name:        "FAQ of the shop",
		Description: orbit.Set("What customers ask"),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(base.Name)
	// Output: FAQ of the shop
}

func ExampleKnowledgeBases_Delete() {
	client := orbittest.NewServer().Client()
	id := newExampleBase(client, "FAQ")
	if err := client.Agents.KnowledgeBases.Delete(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Agents.KnowledgeBases.Get(context.Background(), id)
	fmt.Println(errors.Is(err, orbit.ErrNotFound))
	// Output: true
}

func ExampleKnowledgeBases_Search() {
	server := orbittest.NewServer()
	client := server.Client()
	id := newExampleBase(client, "FAQ")
	document, err := client.Agents.KnowledgeBases.Documents.Upload(context.Background(), id, agents.UploadDocumentParams{
		Filename: "faq.md", Content: strings.NewReader("The shop opens at nine.\n\nParcels take two days."),
	})
	if err != nil {
		log.Fatal(err)
	}
	server.SetDocumentStatus(document.ID, agents.DocumentStatusReady) // by itself it takes half a second

	hits, err := client.Agents.KnowledgeBases.Search(context.Background(), id, agents.SearchParams{
		Query: "When does the shop open?", TopK: 3,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range hits.Items {
		fmt.Println(hit.Text, hit.DocumentID == document.ID)
	}
	// Output: The shop opens at nine. true
}
