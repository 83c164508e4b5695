// Command hcloud makes one create with hcloud-go.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

func main() {
	client := hcloud.NewClient(hcloud.WithToken(os.Getenv("API_KEY")))
	key, _, err := client.SSHKey.Create(context.Background(), hcloud.SSHKeyCreateOpts{Name: "laptop", PublicKey: os.Getenv("PUBLIC_KEY")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.ID)
}
