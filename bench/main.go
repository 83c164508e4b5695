// Command bench measures this SDK beside the same work done by hand and beside
// other SDKs, in one run, and writes docs/performance.md. The script run starts it:
//
//	bench/run                        everything, about fifteen minutes on two processors
//	bench/run -short                 a quick look of a minute at most, which writes nothing
//	bench/run -only create,webhook   some of it, which writes nothing
//	bench/run -out FILE              writes another file, whatever was measured
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// options are how thorough a run is.
type options struct {
	short bool
}

// of picks the number for a full or for a short run.
func (o options) of(full, short int) int {
	if o.short {
		return short
	}
	return full
}

// section is one thing that is measured.
type section struct {
	name    string
	measure func(options) (*table, error)
	short   bool // is part of a short run
}

func sections() []section {
	return []section{
		{"create", createInMemory, true},
		{"loopback", createOverLoopback, true},
		{"list", listing, true},
		{"webhook", verification, true},
		{"event", verificationAndDecoding, true},
		{"limit", underLimit, true},
		{"error", errorBody, true},
		{"build", builds, false},
		{"load", underLoad, true},
		{"waiters", waiters, true},
		{"long-list", longList, true},
		{"campaign", campaign, true},
		{"stores", intentsAndResults, true},
	}
}

func main() {
	var o options
	flag.BoolVar(&o.short, "short", false, "take a quick look")
	only := flag.String("only", "", "measure these, with commas between them: "+names())
	out := flag.String("out", "", "write the document to this file, from bench/ on, also after a part of the run (by default docs/performance.md, after all of it)")
	serve := flag.Bool("serve", false, "be the server of the section load")
	order := flag.String("part", "", "do a part of the sections campaign and stores, and print what it took")
	flag.Parse()
	if *order != "" {
		if err := doPart(*order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if *serve {
		serveCreates()
		return
	}
	if err := run(o, *only, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func names() string {
	var all []string
	for _, s := range sections() {
		all = append(all, s.name)
	}
	return strings.Join(all, ", ")
}

func run(o options, only, out string) error {
	chosen, err := choose(o, only)
	if err != nil {
		return err
	}
	var tables []*table
	for _, s := range chosen {
		fmt.Fprintf(os.Stderr, "measuring %s\n", s.name)
		t, err := s.measure(o)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Println(t)
		tables = append(tables, t)
	}
	fmt.Print(verdicts(tables))
	if out == "" && !o.short && only == "" {
		out = "../docs/performance.md"
	}
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(document(tables)), 0o644)
}

// choose picks the sections to run: those that are named, or all that are part of
// such a run.
func choose(o options, only string) ([]section, error) {
	if only == "" {
		return slices.DeleteFunc(sections(), func(s section) bool { return o.short && !s.short }), nil
	}
	var chosen []section
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(sections(), func(s section) bool { return s.name == strings.TrimSpace(name) })
		if i < 0 {
			return nil, fmt.Errorf("-only: there is no %q: choose from %s", name, names())
		}
		chosen = append(chosen, sections()[i])
	}
	return chosen, nil
}
