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
	found, next := n.rows.after(nil, limit, true, numberFilter(c))
	kind := orElse(c.query.Get("format"), "csv")
	header := http.Header{
		"X-Row-Count":         {strconv.Itoa(len(found))},
		"Content-Disposition": {`attachment; filename="phone-numbers-export-` + c.now.UTC().Format(time.DateOnly) + "." + kind + `"`},
	}
	if next != nil {
		header["X-Truncated"], header["X-Truncated-At"] = []string{"true"}, []string{strconv.Itoa(limit)}
	}
	rows := make([]*heldNumber, len(found))
	for i, r := range found {
		rows[i] = r.value
	}
	res := result{header: header}
	if kind == "json" {
		header["Content-Type"] = []string{"application/json"}
		res.raw = c.exportJSON(rows)
	} else {
		header["Content-Type"] = []string{"text/csv; charset=utf-8"}
		res.raw = c.exportCSV(rows)
	}
	return res, nil
}

func (c *call) exportJSON(rows []*heldNumber) []byte {
	e := encoder{wholeSeconds: c.server.wholeSeconds()}
	array(&e, rows, func(h *heldNumber) { e.object(h.columns(c)) })
	return e.buf
}

// columns are a row of an export, in the order that the documentation promises:
// new columns come at its end. There is no ID among them. A number without such a
// thing has null there.
func (h *heldNumber) columns(c *call) object {
	all := h.object(c)
	value := func(name string) any {
		for _, m := range all {
			if m.name == name {
				return m.value
			}
		}
		return nil
	}
	return object{
		{"e164", h.number}, {"country_code", h.country}, {"area_code", value("area_code")}, {"status", value("status")},
		{"number_type", h.kind}, {"capabilities", value("capabilities")}, {"label", value("friendly_name")}, {"tags", value("tags")},
		{"forwarding_number", value("forwarding_number")}, {"assigned_to", value("assigned_to")},
		{"compliance_profile_id", value("compliance_profile_id")}, {"tfv_status", value("tfv_status")},
		{"monthly_cost", value("monthly_cost")}, {"provider", value("provider")}, {"created_at", value("created_at")},
		{"assigned_at", value("assigned_at")}, {"next_billing_at", value("next_billing_at")},
	}
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
	case given:
		return c.cell(member{m.name, v.value})
	case []string:
		return strings.Join(v, ",")
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = c.cell(member{m.name, item})
		}
		return strings.Join(texts, ",")
	case time.Time:
		e := encoder{wholeSeconds: c.server.wholeSeconds()}
		return e.instant(v)
	default:
		return fmt.Sprint(v)
	}
}
