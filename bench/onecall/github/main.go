// Command github makes one create with go-github.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/google/go-github/v90/github"
)

func main() {
	client, err := github.NewClient(github.WithAuthToken(os.Getenv("API_KEY")))
	if err != nil {
		log.Fatal(err)
	}
	issue, _, err := client.Issues.Create(context.Background(), "octo", "demo", github.CreateIssueRequest{Title: "Hello"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(issue.GetID())
}
