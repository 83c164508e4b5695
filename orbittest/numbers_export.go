package orbittest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// exportLimit is how many rows the API writes into one export.
const exportLimit = 50_000

// export answers with a file, not with JSON of the usual form, and with the counts
// in headers.
func (n *numbers) export(c *call) (result, *failure) {
	limit := n.server.cfg.exportLimit
	found, more := n.rows.after(nil, limit, true, numberFilter(c))
	header := http.Header{
		"X-Row-Count": {strconv.Itoa(len(found))},
		"X-Truncated": {strconv.FormatBool(more)},
	}
	if more {
		header["X-Truncated-At"] = []string{strconv.Itoa(limit)}
	}
	rows := make([]*heldNumber, len(found))
	for i, r := range found {
		rows[i] = r.value
	}
	res := result{header: header}
	if c.query.Get("format") == "json" {
		header["Content-Type"] = []string{"application/json"}
		res.raw = c.exportJSON(rows)
	} else {
		header["Content-Type"] = []string{"text/csv; charset=utf-8"}
		res.raw = c.exportCSV(rows)
	}
	return res, nil
}

func (c *call) exportJSON(rows []*heldNumber) []byte {
	older := c.server.cfg.generation == Older
	e := encoder{numbersAsText: older, wholeSeconds: older}
	array(&e, rows, func(h *heldNumber) { e.object(h.object(c)) })
	return e.buf
}

func (c *call) exportCSV(rows []*heldNumber) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	line := func(columns object, cell func(member) string) {
		cells := make([]string, len(columns))
		for i, m := range columns {
			cells[i] = cell(m)
		}
		_ = w.Write(cells) // a buffer takes everything
	}
	line((&heldNumber{}).columns(c), func(m member) string { return m.name })
	for _, h := range rows {
		line(h.columns(c), c.cell)
	}
	w.Flush()
	return out.Bytes()
}

// cell is a value as the text of a table.
func (c *call) cell(m member) string {
	switch v := m.value.(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(v, ",")
	case time.Time:
		e := encoder{wholeSeconds: c.server.cfg.generation == Older}
		return e.instant(v)
	default:
		return fmt.Sprint(v)
	}
}
