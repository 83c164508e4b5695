package orbittest_test

import (
	"context"
	"fmt"

	"github.com/devotel/orbit-go/numbers"
	"github.com/devotel/orbit-go/orbittest"
)

func ExampleServer_Numbers() {
	server := orbittest.NewServer()
	server.FailNext("POST /numbers/purchase", orbittest.ResetAfter())

	_, err := server.Client().Numbers.Purchase(context.Background(), numbers.PurchaseParams{PhoneNumber: "+14155550100"})
	fmt.Println("error:", err)
	for _, n := range server.Numbers() {
		fmt.Println(n.PhoneNumber, n.Status)
	}
	// Output:
	// error: <nil>
	// +14155550100 purchased
}

func ExampleServer_AddNumber() {
	server := orbittest.NewServer()
	server.AddNumber(orbittest.Number{PhoneNumber: "+14155550177", FriendlyName: "Desk", Fields: map[string]any{"tags": []string{"vip"}}})

	page, err := server.Client().Numbers.List(context.Background(), numbers.ListParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Items[0].FriendlyName, page.Items[0].Tags)
	// Output: Desk [vip]
}

// Somebody has looked at the papers of a number.
func ExampleServer_SetNumberStatus() {
	server := orbittest.NewServer()
	client := server.Client()
	bought, err := client.Numbers.Purchase(context.Background(), numbers.PurchaseParams{PhoneNumber: "+49305550100", Country: "DE"})
	if err != nil {
		fmt.Println(err)
		return
	}
	server.SetNumberStatus(bought.ID, "active")
	got, err := client.Numbers.Get(context.Background(), bought.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bought.Status, "then", got.Status)
	// Output: pending_compliance then active
}
