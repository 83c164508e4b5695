package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/devotel/orbit-go/bench/peers"
)

// document is the page with all tables. Nothing in it but the aims is a figure that
// was not measured in this run.
func document(tables []*table) string {
	var out strings.Builder
	paragraph := func(text string) { fmt.Fprintf(&out, "%s\n\n", wrap(text)) }
	out.WriteString("# Performance\n\n")
	paragraph("What calls cost with orbit-go, beside the same work done by hand with `net/http` and `encoding/json`, and beside other " +
		"SDKs that do the same kind of work. The program in `bench/` measures all of it in one run and writes this page.")
	fmt.Fprintf(&out, "Measured on %s with %s on %s/%s, %s.\n\n", time.Now().UTC().Format("2 January 2006"), runtime.Version(), runtime.GOOS, runtime.GOARCH, processor())
	if aims := verdicts(tables); aims != "" {
		out.WriteString("## The aims\n\n" + aims + "\n")
	}
	out.WriteString("## How it is measured\n\n")
	paragraph("**Beside what.** Each SDK makes one call of its own public API, with new params each time, and gets an answer in its vendor's own JSON. " +
		"By hand is a caller that sends the same fields to the same address with the same headers (with a new idempotency key each time if the SDK " +
		"sends one), reads the body, and decodes it into the type that the SDK decodes into. For openai-go and stripe-go, whose types decode themselves, it is a " +
		"plain struct of the fields in the answer. The caller by hand has no retries, no time limits and no rate limiting.")
	paragraph("**Time.** Batches of the SDK's calls and of calls by hand take turns, so that whatever else the machine does meets both. A ratio is " +
		"the median of the rounds' ratios, with the quartiles in parentheses. A time in µs is that of one call in the fastest batch. Compare SDKs by their ratios: " +
		"their answers have different sizes.")
	paragraph("**Allocations** are exact, the mean of a fixed number of calls.")
	paragraph("**Not measured:** TLS, HTTP/2, networks, and the vendors' own servers, none of which was called.")
	paragraph("**To repeat it,** run `bench/run`, which takes about fifteen minutes on two processors, or `bench/run -short`, which takes a minute " +
		"and only prints.")
	out.WriteString("## The SDKs\n\n" + versions())
	for _, t := range tables {
		fmt.Fprintf(&out, "\n%s", t)
	}
	return out.String()
}

func versions() string {
	var rows [][]string
	for _, p := range peers.All() {
		note := p.Note
		if note == "" {
			note = "As it comes."
		}
		rows = append(rows, []string{p.Name, p.Version(), note})
	}
	return markdown([]string{"SDK", "version", "set up"}, rows)
}

// processor names the machine's processors.
func processor() string { return fmt.Sprintf("%d × %s", runtime.NumCPU(), model()) }

func model() string {
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	if text, err := exec.Command("sysctl", "-n", "machdep.cpu.brand_string").Output(); err == nil {
		return strings.TrimSpace(string(text))
	}
	return "unknown processors"
}
