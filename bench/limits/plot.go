package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/devotel/orbit-go/orbittest"
)

// drawTo draws the first case twice: with one client, whose calls share the
// limit, and with a client for each goroutine, none of which knows of the
// others.
func drawTo(path string) error {
	shared := scenarios()[0]
	alone := shared
	alone.clients = goroutines
	var rows []row
	for _, r := range []struct {
		title string
		scenario
	}{{"one client for all goroutines", shared}, {"a client for each goroutine", alone}} {
		result, err := r.run()
		if err != nil {
			return err
		}
		rows = append(rows, row{
			title: fmt.Sprintf("%s: %.1f s, %d of 429, %d lost", r.title, result.took.Seconds(), result.tooMany, sends-result.stored),
			bins:  binned(result.requests, func(r orbittest.Request) bool { return r.Status == http.StatusTooManyRequests }),
		})
	}
	return os.WriteFile(path, []byte(svg(rows, "let through", "refused with 429")), 0o600)
}

// binWidth is the time that one bar stands for.
const binWidth = 100 * time.Millisecond

// row is the requests of one run, over time.
type row struct {
	title string
	bins  []bin
}

// bin is the requests of a moment: those that were let through, and the others.
type bin struct{ passed, refused int }

func binned(requests []orbittest.Request, refused func(orbittest.Request) bool) []bin {
	var bins []bin
	for _, r := range requests {
		i := int(r.Time.Sub(requests[0].Time) / binWidth)
		for len(bins) <= i {
			bins = append(bins, bin{})
		}
		if refused(r) {
			bins[i].refused++
		} else {
			bins[i].passed++
		}
	}
	return bins
}

// svg draws the rows below each other on one scale.
func svg(rows []row, blue, red string) string {
	const width, height, margin, gap = 860, 150, 40, 50
	longest, tallest := 1, 1
	for _, r := range rows {
		longest = max(longest, len(r.bins))
		for _, b := range r.bins {
			tallest = max(tallest, b.passed+b.refused)
		}
	}
	step := float64(width-2*margin) / float64(longest)
	scale := float64(height) / float64(tallest)
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">`+"\n", width, len(rows)*(height+gap)+margin)
	out.WriteString(`<rect width="100%" height="100%" fill="#ffffff"/>` + "\n")
	for i, r := range rows {
		base := float64(i*(height+gap) + gap + height - 10)
		fmt.Fprintf(&out, `<text x="%d" y="%.0f">%s</text>`+"\n", margin, base-height-8, r.title)
		for j, b := range r.bins {
			x := margin + float64(j)*step
			bar(&out, x, base-float64(b.passed)*scale, step, float64(b.passed)*scale, "#2f6f9f")
			bar(&out, x, base-float64(b.passed+b.refused)*scale, step, float64(b.refused)*scale, "#c0392b")
		}
		fmt.Fprintf(&out, `<line x1="%d" x2="%d" y1="%.0f" y2="%.0f" stroke="#444444"/>`+"\n", margin, width-margin, base, base)
		for second := 0; second*int(time.Second/binWidth) <= longest; second += 2 {
			x := margin + float64(second)*float64(time.Second/binWidth)*step
			fmt.Fprintf(&out, `<text x="%.0f" y="%.0f" fill="#444444">%d s</text>`+"\n", x, base+15, second)
		}
	}
	fmt.Fprintf(&out, `<text x="%d" y="%d" fill="#444444">requests in each 100 ms: blue %s, red %s (the tallest bar is %d)</text>`+"\n</svg>\n",
		margin, len(rows)*(height+gap)+margin-12, blue, red, tallest)
	return out.String()
}

func bar(out *strings.Builder, x, y, width, height float64, colour string) {
	if height > 0 {
		fmt.Fprintf(out, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, width, height, colour)
	}
}
