package verify_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/verify"
)

// login makes a profile for the examples and returns its ID.
func login(client *orbit.Client) string {
	p, err := client.Verify.Profiles.Create(context.Background(), verify.CreateProfileParams{Name: "Login", CodeLength: 6})
	if err != nil {
		panic(err)
	}
	return p.ID
}

func ExampleProfiles_Create() {
	server := orbittest.NewServer()
	client := server.Client()
	ctx := context.Background()

	p, err := client.Verify.Profiles.Create(ctx, verify.CreateProfileParams{Name: "Login", CodeLength: 8, ExpiresInSeconds: 120})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := client.Verify.Send(ctx, verify.SendParams{To: "+14155552671", Channel: verify.ChannelSMS, ProfileID: p.ID})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Name, time.Until(v.ExpiresAt) < 3*time.Minute)
	// Output: Login true
}

func ExampleProfiles_List() {
	client := orbittest.NewServer().Client()
	login(client)

	page, err := client.Verify.Profiles.List(context.Background(), verify.ListProfilesParams{Limit: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range page.Items {
		fmt.Println(p.Name, p.CodeLength)
	}
	// Output: Login 6
}

func ExampleProfiles_Pages() {
	client := orbittest.NewServer().Client()
	login(client)
	login(client)

	for page, err := range client.Verify.Profiles.Pages(context.Background(), verify.ListProfilesParams{Limit: 1}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(page.Items[0].Name, page.HasMore)
	}
	// Output:
	// Login true
	// Login false
}

func ExampleProfiles_All() {
	client := orbittest.NewServer().Client()
	login(client)

	for p, err := range client.Verify.Profiles.All(context.Background(), verify.ListProfilesParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p.Name)
	}
	// Output: Login
}

func ExampleProfiles_Get() {
	client := orbittest.NewServer().Client()
	id := login(client)

	p, err := client.Verify.Profiles.Get(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Name, p.CodeLength)
	// Output: Login 6
}

func ExampleProfiles_Update() {
	client := orbittest.NewServer().Client()
	id := login(client)

	p, err := client.Verify.Profiles.Update(context.Background(), id, verify.UpdateProfileParams{Sender: "Acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Name, p.Sender)
	// Output: Login Acme
}

func ExampleProfiles_Delete() {
	client := orbittest.NewServer().Client()
	id := login(client)
	ctx := context.Background()

	if err := client.Verify.Profiles.Delete(ctx, id); err != nil {
		fmt.Println(err)
		return
	}
	_, err := client.Verify.Profiles.Get(ctx, id)
	fmt.Println(errors.Is(err, orbit.ErrNotFound))
	// Output: true
}
