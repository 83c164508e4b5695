package main

import (
	"fmt"
	"io"
	"runtime/debug"
)

// printLicenses lists the modules that the program was built of, each with the
// address of its source code and its licence.
func printLicenses(out io.Writer) {
	fmt.Fprintln(out, "orbit-local is under the MIT licence. It contains the standard library of Go, https://go.dev/LICENSE, and these modules.")
	fmt.Fprintln(out, "Their licences are in the file THIRD_PARTY_NOTICES.txt of github.com/devotel/orbit-go; source and licence of each are at")
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return
	}
	for _, m := range info.Deps {
		fmt.Fprintf(out, "  https://pkg.go.dev/%s@%s?tab=licenses\n", m.Path, m.Version)
	}
}
