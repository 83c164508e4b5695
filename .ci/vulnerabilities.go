// Command vulnerabilities reads what "govulncheck -format json" prints, and fails
// if a vulnerable function of a module is called. Findings in the standard library
// are printed: a newer Go mends them, not a change here. So is the age of the
// database; a release fails if a newer one can be had.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"
)

// message is one of the messages on the input; the scanner prints many kinds.
type message struct {
	Finding *finding `json:"finding"`
	Config  *struct {
		ScannerName string `json:"scanner_name"`
	} `json:"config"`
}

// finding is a vulnerability that concerns this module. Its trace begins with the
// vulnerable function, where one is called, else with the package or the module.
type finding struct {
	OSV          string `json:"osv"`
	FixedVersion string `json:"fixed_version"`
	Trace        []struct {
		Module   string `json:"module"`
		Version  string `json:"version"`
		Package  string `json:"package"`
		Function string `json:"function"`
	} `json:"trace"`
}

func main() {
	log.SetFlags(0)
	database := flag.String("database", "", "the `version` of the database, as the module proxy names it")
	newest := flag.String("newest", "", "the newest `version` of it, empty where that is not known")
	release := flag.Bool("release", false, "fail if the database is not the newest")
	flag.Parse()
	err := errors.Join(age(os.Stdout, *database, *newest, *release, time.Now()), report(os.Stdout, os.Stdin))
	if err != nil {
		log.Fatal(err)
	}
}

// age prints how old the database is.
func age(out io.Writer, database, newest string, release bool, now time.Time) error {
	taken, err := takenAt(database)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "the database is of %s, %d days old", taken.Format(time.DateOnly), int(now.Sub(taken).Hours()/24))
	switch {
	case newest == "":
		fmt.Fprintln(out, "; whether there is a newer one cannot be asked here")
	case newest == database:
		fmt.Fprintln(out, ", and the newest")
	case release:
		fmt.Fprintln(out)
		return fmt.Errorf("a release needs the newest database: %s", newest)
	default:
		fmt.Fprintf(out, "; a newer one can be had: %s\n", newest)
	}
	return nil
}

// takenAt reads the time in a version such as v0.0.0-20261105234957-e22db6528018.
func takenAt(version string) (time.Time, error) {
	_, rest, _ := strings.Cut(version, "-")
	stamp, _, _ := strings.Cut(rest, "-")
	taken, err := time.Parse("20060102150405", stamp)
	if err != nil {
		return time.Time{}, fmt.Errorf("the version of the database, %q, holds no time", version)
	}
	return taken, nil
}

// report prints the findings that count.
func report(out io.Writer, in io.Reader) error {
	scanned, called := false, 0
	printed := map[string]bool{}
	for dec := json.NewDecoder(in); ; {
		var m message
		err := dec.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the scanner's output cannot be read: %w", err)
		}
		scanned = scanned || m.Config != nil
		f := m.Finding
		if f == nil || len(f.Trace) == 0 || f.Trace[0].Function == "" {
			continue
		}
		at := f.Trace[0]
		line := fmt.Sprintln(f.OSV, at.Module, at.Version, at.Package+"."+at.Function)
		if at.Module == "stdlib" {
			line = fmt.Sprintf("%s standard library, %s: mended in Go %s\n", f.OSV, at.Package, strings.TrimPrefix(f.FixedVersion, "v"))
		} else {
			called++
		}
		if !printed[line] {
			fmt.Fprint(out, line)
			printed[line] = true
		}
	}
	switch {
	case !scanned:
		return errors.New("the scanner has not run")
	case called > 0:
		return errors.New("vulnerable functions of modules are called")
	}
	fmt.Fprintln(out, "no vulnerable function of a module is called")
	return nil
}
