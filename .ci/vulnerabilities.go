// Command vulnerabilities reads what "govulncheck -format json" prints, and fails
// if a vulnerable function of a module is called. Findings in the standard library
// are mended by a newer Go, and those that nothing calls do no harm.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
)

// message is one of the messages on the input; the scanner prints many kinds.
type message struct {
	Finding *struct {
		OSV   string `json:"osv"`
		Trace []struct {
			Module   string `json:"module"`
			Version  string `json:"version"`
			Function string `json:"function"`
		} `json:"trace"`
	} `json:"finding"`
	Config *struct {
		ScannerName string `json:"scanner_name"`
	} `json:"config"`
}

func main() {
	log.SetFlags(0)
	scanned, called := false, 0
	for dec := json.NewDecoder(os.Stdin); ; {
		var m message
		err := dec.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal("the scanner's output cannot be read: ", err)
		}
		scanned = scanned || m.Config != nil
		if f := m.Finding; f != nil && len(f.Trace) > 0 && f.Trace[0].Module != "stdlib" && f.Trace[0].Function != "" {
			called++
			fmt.Println(f.OSV, f.Trace[0].Module, f.Trace[0].Version, f.Trace[0].Function)
		}
	}
	switch {
	case !scanned:
		log.Fatal("the scanner has not run")
	case called > 0:
		log.Fatal("vulnerable functions of modules are called")
	}
	fmt.Println("no vulnerable function of a module is called")
}
