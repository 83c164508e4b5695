// Command stripe makes one create with stripe-go.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/stripe/stripe-go/v82"
)

func main() {
	client := stripe.NewClient(os.Getenv("API_KEY"))
	customer, err := client.V1Customers.Create(context.Background(), &stripe.CustomerCreateParams{Name: stripe.String("Jane Doe")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(customer.ID)
}
