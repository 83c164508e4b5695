package numbers_test

import (
	"context"
	"fmt"
	"log"
)

func ExampleService_GetWarming() {
	client := newExampleClient()
	id := newExampleNumber(client)
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
	client := newExampleClient()
	id := newExampleNumber(client)
	progression, err := client.Numbers.GetWarmingProgression(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(progression.Phase, progression.MaxDailySMS)
	// Output: initial 200
}

func ExampleService_GetHealth() {
	client := newExampleClient()
	id := newExampleNumber(client)
	health, err := client.Numbers.GetHealth(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(health.Raw))
	// Output: {"id":"num_1000002","status":"healthy","score":98}
}

func ExampleService_GetReputation() {
	client := newExampleClient()
	id := newExampleNumber(client)
	reputation, err := client.Numbers.GetReputation(context.Background(), id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reputation.Monitored, reputation.Status)
	// Output: false unknown
}
