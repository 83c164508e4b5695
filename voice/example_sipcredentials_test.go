package voice_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// newCredential makes a credential to work with.
func newCredential(client *orbit.Client) *voice.SIPCredential {
	credential, err := client.Voice.SIPCredentials.Create(context.Background(), voice.CreateSIPCredentialParams{
		Label: "Front desk", Extension: "2001",
	})
	if err != nil {
		log.Fatal(err)
	}
	return credential
}

func ExampleSIPCredentials_Create() {
	client := orbittest.NewServer().Client()
	credential, err := client.Voice.SIPCredentials.Create(context.Background(), voice.CreateSIPCredentialParams{
		Label:           "Front desk",
		Extension:       "2001",
		AllowedOutbound: orbit.Ptr(false),
	})
	if err != nil {
		log.Fatal(err)
	}
	password := string(credential.SIPPassword) // keep it: no other answer holds it
	fmt.Println(credential.SIPServer, credential.SIPPort, credential.SIPUsername, len(password) > 0)
	fmt.Println("in a log it is", credential.SIPPassword)
	// Output:
	// sip.orbit.devotel.io 5061 u2001 true
	// in a log it is [redacted]
}

func ExampleSIPCredentials_List() {
	client := orbittest.NewServer().Client()
	newCredential(client)
	page, err := client.Voice.SIPCredentials.List(context.Background(), voice.ListSIPCredentialsParams{})
	if err != nil {
		log.Fatal(err)
	}
	for _, credential := range page.Items {
		fmt.Println(credential.Label, credential.Extension)
	}
	// Output: Front desk 2001
}

func ExampleSIPCredentials_Pages() {
	client := orbittest.NewServer().Client()
	for range 3 {
		newCredential(client)
	}
	for page, err := range client.Voice.SIPCredentials.Pages(context.Background(), voice.ListSIPCredentialsParams{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), "credentials, more:", page.HasMore)
	}
	// Output:
	// 2 credentials, more: true
	// 1 credentials, more: false
}

func ExampleSIPCredentials_All() {
	client := orbittest.NewServer().Client()
	newCredential(client)
	for credential, err := range client.Voice.SIPCredentials.All(context.Background(), voice.ListSIPCredentialsParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(credential.Label, credential.Extension)
	}
	// Output: Front desk 2001
}

func ExampleSIPCredentials_Get() {
	client := orbittest.NewServer().Client()
	id := newCredential(client).ID
	credential, err := client.Voice.SIPCredentials.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(credential.SIPUsername, "password known:", credential.SIPPassword != "")
	// Output: u2001 password known: false
}

func ExampleSIPCredentials_Update() {
	client := orbittest.NewServer().Client()
	id := newCredential(client).ID
	credential, err := client.Voice.SIPCredentials.Update(context.Background(), id, voice.UpdateSIPCredentialParams{
		AllowedOutbound: orbit.Ptr(false),
	})
	if err != nil {
		log.Fatal(err)
	}
	allowed := credential.AllowedOutbound // nil: the response does not say
	fmt.Println(credential.Label, "may call out:", allowed == nil || *allowed)
	// Output: Front desk may call out: false
}

func ExampleSIPCredentials_Delete() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	id := newCredential(client).ID
	if err := client.Voice.SIPCredentials.Delete(ctx, id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Voice.SIPCredentials.Get(ctx, id)
	fmt.Println("gone:", errors.Is(err, orbit.ErrNotFound))
	// Output: gone: true
}

func ExampleSIPCredentials_Rotate() {
	client := orbittest.NewServer().Client()
	old := newCredential(client)
	renewed, err := client.Voice.SIPCredentials.Rotate(context.Background(), old.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(renewed.SIPUsername, "another password:", renewed.SIPPassword != old.SIPPassword)
	// Output: u2001 another password: true
}

func ExampleSIPCredentials_Unregister() {
	server := orbittest.NewServer()
	client := server.Client()
	id := newCredential(client).ID
	if err := client.Voice.SIPCredentials.Unregister(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(server.Requests("POST /sip-credentials/{id}/unregister")), "phone has to register again")
	// Output: 1 phone has to register again
}
