package bulk_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"maps"
	"os"
	"path/filepath"

	"github.com/devotel/orbit-go/bulk"
	"github.com/devotel/orbit-go/messages"
	"github.com/devotel/orbit-go/orbittest"
)

// Once in a job queue's worker: the job's ID is the row's key.
func ExampleOnce() {
	server := orbittest.NewServer()
	defer server.Close()
	client := server.Client()
	ledger := bulk.NewMemoryLedger() // a database in production

	work := func(jobID string) {
		params := messages.SendSMSParams{To: "+15005550002", Body: "Your parcel has arrived"}
		res, err := bulk.Once(context.Background(), ledger, jobID, params, client.Messages.SendSMS,
			bulk.Options{Find: bulk.InMessages(client)})
		if err != nil {
			log.Fatal(err) // the ledger failed: let the queue run the job again
		}
		switch res.Outcome {
		case bulk.Later:
			fmt.Println("run the job again at", res.RetryAt)
		case bulk.Rejected, bulk.Unclear:
			fmt.Println("give up:", res.Err)
		default:
			fmt.Println(res.Outcome)
		}
	}
	work("parcel-17")
	work("parcel-17") // the queue runs the job once more
	fmt.Println(len(server.Messages()), "message")
	// Output:
	// sent
	// known
	// 1 message
}

func ExampleSend() {
	server := orbittest.NewServer()
	defer server.Close()
	client := server.Client()
	folder, err := os.MkdirTemp("", "campaign")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder

	customers := map[string]string{"c-1": "+15005550002", "c-2": "+15005550003"}
	items := func(yield func(string, messages.SendSMSParams) bool) {
		for id, number := range customers {
			if !yield(id, messages.SendSMSParams{To: number, Body: "Spring is here"}) {
				return
			}
		}
	}
	for range 2 { // the second run finds nothing to do
		job, err := bulk.Open(filepath.Join(folder, "spring.orbit"))
		if err != nil {
			log.Fatal(err)
		}
		report, err := bulk.Send(context.Background(), job, items, client.Messages.SendSMS,
			bulk.SendOptions{Find: bulk.InMessages(client)})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Sent, "sent,", report.Known, "known")
		if err := job.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 2 sent, 0 known
	// 0 sent, 2 known
}

func ExampleReconcile() {
	server := orbittest.NewServer()
	defer server.Close()
	client := server.Client()
	folder, err := os.MkdirTemp("", "campaign")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	job, err := bulk.Open(filepath.Join(folder, "spring.orbit"), bulk.WithPlainKeys())
	if err != nil {
		log.Fatal(err)
	}
	defer job.Close() //nolint:errcheck // nothing is written any more

	items := maps.All(map[string]messages.SendSMSParams{"c-1": {To: "+15005550002", Body: "Spring is here"}})
	if _, err := bulk.Send(context.Background(), job, items, client.Messages.SendSMS, bulk.SendOptions{}); err != nil {
		log.Fatal(err)
	}
	server.SetMessageStatus(server.Messages()[0].ID, messages.StatusDelivered)
	sum, err := bulk.Reconcile(context.Background(), job, bulk.InMessages(client))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sum.Messages, sum.ByStatus)
	for row, err := range job.Results() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.Key, row.Outcome, row.Status)
	}
	// Output:
	// 1 map[delivered:1]
	// c-1 sent delivered
}

func ExampleDryRun() {
	server := orbittest.NewServer()
	defer server.Close()
	items := func(yield func(string, messages.SendSMSParams) bool) {
		_ = yield("c-1", messages.SendSMSParams{To: "+15005550002", Body: "Spring is here"}) &&
			yield("c-2", messages.SendSMSParams{To: "0171 1234567", Body: "Spring is here"}) &&
			yield("c-3", messages.SendSMSParams{To: "+15005550003", Body: "Spring is here ☀"})
	}
	forecast, err := bulk.DryRun(context.Background(), items, server.Client().Messages.SendSMS, bulk.SendOptions{
		OnResult: func(key string, r bulk.RowResult) { fmt.Println(key, r.Outcome) },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v\n", forecast)
	fmt.Println(len(server.Requests()), "requests")
	// Output:
	// c-2 rejected
	// {Rows:3 Rejected:1 Duplicates:0 Segments:2 Unicode:1}
	// 0 requests
}

func ExampleWriteCSV() {
	rows := func(yield func(bulk.JobRow, error) bool) {
		yield(bulk.JobRow{Key: "c-1", Outcome: bulk.Sent, MessageID: "msg_1", Status: messages.StatusDelivered}, nil)
	}
	if err := bulk.WriteCSV(os.Stdout, rows); err != nil {
		log.Fatal(err)
	}
	// Output:
	// key,outcome,message_id,status,status_code,code,at
	// c-1,sent,msg_1,delivered,,,
}

func ExampleProgressLine() {
	progress := bulk.ProgressLine(os.Stdout)
	progress(bulk.Progress{Report: bulk.Report{Sent: 900, Known: 100}, Rate: 300, Ended: true})
	// Output:
	// 900 sent, 100 known, 0 found, 0 rejected, 0 unclear, 300/s, 0s
}

func ExampleJoin() {
	server := orbittest.NewServer()
	defer server.Close()
	folder, err := os.MkdirTemp("", "campaign")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	job, err := bulk.Open(filepath.Join(folder, "spring.orbit"))
	if err != nil {
		log.Fatal(err)
	}
	defer job.Close() //nolint:errcheck // nothing is written any more

	var items iter.Seq2[string, messages.SendSMSParams] = maps.All(map[string]messages.SendSMSParams{
		"c-1": {To: "+15005550002", Body: "Spring is here"},
	})
	if _, err := bulk.Send(context.Background(), job, items, server.Client().Messages.SendSMS, bulk.SendOptions{}); err != nil {
		log.Fatal(err)
	}
	for row, err := range bulk.Join(job, items) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.Key, row.Outcome, row.MessageID == server.Messages()[0].ID)
	}
	// Output:
	// c-1 sent true
}
