package numbers_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

// newExampleName returns a client, and the ID of a number that has a name to show.
func newExampleName(server *orbittest.Server) (client *orbit.Client, id string) {
	client, id = server.Client(), server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100"}).ID
	if _, err := client.Numbers.CNAMs.Set(context.Background(), id, numbers.SetCNAMParams{DisplayName: "ACME SHOP"}); err != nil {
		log.Fatal(err)
	}
	return client, id
}

func ExampleCNAMs_Set() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	name, err := client.Numbers.CNAMs.Set(context.Background(), id, numbers.SetCNAMParams{DisplayName: "ACME SHOP"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name.DisplayName, name.Status)
	// Output: ACME SHOP pending
}

func ExampleCNAMs_Get() {
	client, id := newExampleName(orbittest.NewServer())
	name, err := client.Numbers.CNAMs.Get(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name.DisplayName, "submitted:", !name.SubmittedAt.IsZero())
	// Output: ACME SHOP submitted: false
}

func ExampleCNAMs_Delete() {
	client, id := newExampleName(orbittest.NewServer())
	if err := client.Numbers.CNAMs.Delete(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	_, err := client.Numbers.CNAMs.Get(context.Background(), id)
	fmt.Println("gone:", errors.Is(err, orbit.ErrNotFound))
	// Output: gone: true
}

func ExampleCNAMs_Dispatch() {
	client, id := newExampleName(orbittest.NewServer())
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
	client, id := newExampleName(orbittest.NewServer())
	dip, err := client.Numbers.CNAMs.Dip(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %q\n", dip.Status, dip.CarrierRegisteredName)
	// Output: coming_soon: ""
}
