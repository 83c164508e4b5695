// Command godo makes one create with godo.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/digitalocean/godo"
)

func main() {
	client := godo.NewFromToken(os.Getenv("API_KEY"))
	key, _, err := client.Keys.Create(context.Background(), &godo.KeyCreateRequest{Name: "laptop", PublicKey: os.Getenv("PUBLIC_KEY")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.ID)
}
