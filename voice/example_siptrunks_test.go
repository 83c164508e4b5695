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

// newTrunk adds a trunk to work with.
func newTrunk(client *orbit.Client) *voice.SIPTrunk {
	trunk, err := client.Voice.SIPTrunks.Create(context.Background(), voice.CreateSIPTrunkParams{
		Name: "Office", OutboundURI: "sip:pbx.example.com:5060", Codecs: []string{"opus", "PCMU"},
	})
	if err != nil {
		log.Fatal(err)
	}
	return trunk
}

func ExampleSIPTrunks_Create() {
	client := orbittest.NewServer().Client()
	trunk, err := client.Voice.SIPTrunks.Create(context.Background(), voice.CreateSIPTrunkParams{
		Name:        "Office",
		OutboundURI: "sip:pbx.example.com:5060",
		InboundURIs: []string{"sip:203.0.113.7"},
		Username:    "orbit",
		Password:    "correct horse battery staple",
		Codecs:      []string{"opus", "PCMU"},
		Encryption:  voice.SIPEncryptionTLSSRTP,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trunk.Name, trunk.Codecs, trunk.Encryption, trunk.Status)
	// Output: Office [opus PCMU] tls_srtp active
}

func ExampleSIPTrunks_List() {
	client := orbittest.NewServer().Client()
	newTrunk(client)
	page, err := client.Voice.SIPTrunks.List(context.Background(), voice.ListSIPTrunksParams{})
	if err != nil {
		log.Fatal(err)
	}
	for _, trunk := range page.Items {
		fmt.Println(trunk.Name, trunk.OutboundURI)
	}
	// Output: Office sip:pbx.example.com:5060
}

func ExampleSIPTrunks_Pages() {
	client := orbittest.NewServer().Client()
	for range 3 {
		newTrunk(client)
	}
	for page, err := range client.Voice.SIPTrunks.Pages(context.Background(), voice.ListSIPTrunksParams{Limit: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(page.Items), "trunks, more:", page.HasMore)
	}
	// Output:
	// 2 trunks, more: true
	// 1 trunks, more: false
}

func ExampleSIPTrunks_All() {
	client := orbittest.NewServer().Client()
	newTrunk(client)
	for trunk, err := range client.Voice.SIPTrunks.All(context.Background(), voice.ListSIPTrunksParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(trunk.Name, trunk.Codecs)
	}
	// Output: Office [opus PCMU]
}

func ExampleSIPTrunks_Get() {
	client := orbittest.NewServer().Client()
	id := newTrunk(client).ID
	trunk, err := client.Voice.SIPTrunks.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trunk.Name, trunk.Status)
	// Output: Office active
}

func ExampleSIPTrunks_Replace() {
	client := orbittest.NewServer().Client()
	trunk := newTrunk(client)

	// An update replaces everything: begin with what there is. The password is
	// in no answer.
	params := trunk.ReplaceParams()
	params.Name = "Head office"
	params.Password = "correct horse battery staple"
	changed, err := client.Voice.SIPTrunks.Replace(context.Background(), trunk.ID, params)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(changed.Name, changed.Codecs)
	// Output: Head office [opus PCMU]
}

func ExampleSIPTrunks_Delete() {
	client := orbittest.NewServer().Client()
	ctx := context.Background()
	id := newTrunk(client).ID
	if err := client.Voice.SIPTrunks.Delete(ctx, id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Voice.SIPTrunks.Get(ctx, id)
	fmt.Println("gone:", errors.Is(err, orbit.ErrNotFound))
	// Output: gone: true
}
