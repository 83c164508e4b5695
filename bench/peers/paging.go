package peers

import (
	"strconv"
	"strings"
)

// page joins the items of page n with what stands around them.
func page(before string, n int, item func(i int) string, after string) []byte {
	var out strings.Builder
	out.WriteString(before)
	for i := range PerPage {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(item(n*PerPage + i))
	}
	out.WriteString(after)
	return []byte(out.String())
}

// number is the number in a text; 0 where there is none.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// behind is the page after the item with an ID: the first one where there is no ID.
func behind(id, prefix string) int {
	if id == "" {
		return 0
	}
	return number(strings.TrimPrefix(id, prefix))/PerPage + 1
}
