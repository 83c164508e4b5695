package numbers_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
)

// newExampleName returns the ID of a number that has a name to show.
func newExampleName(client *orbit.Client) string {
	id := newExampleNumber(client)
	if _, err := client.Numbers.CNAMs.Set(context.Background(), id, numbers.SetCNAMParams{DisplayName: "ACME SHOP"}); err != nil {
		log.Fatal(err)
	}
	return id
}

func ExampleCNAMs_Set() {
	client := newExampleClient()
	id := newExampleNumber(client)
	name, err := client.Numbers.CNAMs.Set(context.Background(), id, numbers.SetCNAMParams{DisplayName: "ACME SHOP"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name.DisplayName, name.Status)
	// Output: ACME SHOP pending
}

func ExampleCNAMs_Get() {
	client := newExampleClient()
	id := newExampleName(client)
	name, err := client.Numbers.CNAMs.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name.DisplayName, "submitted:", !name.SubmittedAt.IsZero())
	// Output: ACME SHOP submitted: false
}

func ExampleCNAMs_Delete() {
	client := newExampleClient()
	id := newExampleName(client)
	if err := client.Numbers.CNAMs.Delete(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Numbers.CNAMs.Get(context.Background(), id)
	fmt.Println("gone:", errors.Is(err, orbit.ErrNotFound))
	// Output: gone: true
}

func ExampleCNAMs_Dispatch() {
	client := newExampleClient()
	id := newExampleName(client)
	name, err := client.Numbers.CNAMs.Dispatch(context.Background(), id)
	switch {
	case errors.Is(err, orbit.ErrConflict):
		fmt.Println("the carriers have it already")
		return
	case err != nil:
		log.Fatal(err)
	}
	fmt.Println(name.Status)
	// Output: submitted
}

func ExampleCNAMs_Dip() {
	client := newExampleClient()
	id := newExampleName(client)
	dip, err := client.Numbers.CNAMs.Dip(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %q\n", dip.Status, dip.CarrierRegisteredName)
	// Output: coming_soon: ""
}
