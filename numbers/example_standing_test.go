package numbers_test

import (
	"context"
	"fmt"
	"log"

	"github.com/devotel/orbit-go/orbittest"
)

func ExampleService_GetWarming() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	warming, err := client.Numbers.GetWarming(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	if warming.Phase == "" {
		fmt.Println("no warming is needed")
		return
	}
	fmt.Println(warming.Phase, "left today:", warming.DailyCap-warming.CurrentDayCount)
	// Output: initial left today: 200
}

func ExampleService_GetWarmingProgression() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	progression, err := client.Numbers.GetWarmingProgression(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(progression.Phase, progression.MaxDailySMS)
	// Output: initial 200
}

func ExampleService_GetHealth() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	health, err := client.Numbers.GetHealth(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(health.Raw))
	// Output: {"id":"num_1000001","status":"healthy","score":98}
}

func ExampleService_GetReputation() {
	server := orbittest.NewServer()
	client := server.Client()
	id := server.AddNumber(orbittest.Number{PhoneNumber: "+14155550100", FriendlyName: "Front desk"}).ID
	reputation, err := client.Numbers.GetReputation(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reputation.Monitored, reputation.Status)
	// Output: false unknown
}
