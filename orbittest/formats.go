package orbittest

import (
	"encoding/base64"
	"net/mail"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// phoneNumber is the format of a recipient on the telephone network.
func phoneNumber() format {
	return format{valid: isE164, expected: "E.164", code: codeInvalidPhone}
}

// isE164 checks the shape only: sandbox numbers belong to no numbering plan.
func isE164(s string) bool {
	if len(s) < 9 || len(s) > 16 || s[0] != '+' || s[1] == '0' {
		return false
	}
	return onlyDigits(s[1:])
}

// isNANP reports whether a valid number is of the North American plan, the only
// one that MMS reaches.
func isNANP(s string) bool { return strings.HasPrefix(s, "+1") }

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// sender is the format of a from that may be a number, a short code or a name.
func sender() format {
	return format{valid: isSender, expected: "E.164, a short code or up to 11 letters and digits"}
}

func isSender(s string) bool {
	return isE164(s) || onlyDigits(s) && len(s) >= 3 && len(s) <= 8 || isSenderName(s)
}

// isSenderName accepts what networks show as a name: 11 letters, digits or
// spaces, at least one of them a letter.
func isSenderName(s string) bool {
	letters := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters = true
		case c >= '0' && c <= '9', c == ' ':
		default:
			return false
		}
	}
	return letters && len(s) <= 11
}

func emailAddress() format {
	return format{expected: "an e-mail address", code: codeInvalidEmail, valid: func(s string) bool {
		address, err := mail.ParseAddress(s)
		return err == nil && address.Address == s
	}}
}

// mailbox also takes a display name: `Shop <orders@example.com>`.
func mailbox() format {
	return format{expected: "an e-mail address", code: codeInvalidEmail, valid: func(s string) bool {
		_, err := mail.ParseAddress(s)
		return err == nil
	}}
}

func httpsURL() format {
	return format{valid: isHTTPS, expected: "an https URL"}
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != ""
}

// webhookURL refuses addresses that Orbit's servers could not, or must not, call.
func webhookURL() format {
	return format{expected: "a public https URL", code: codeInvalidWebhookURL, valid: func(s string) bool {
		return isHTTPS(s) && !isPrivateHost(s)
	}}
}

func isPrivateHost(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && (ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified())
}

// faxDocument judges by the name, like a server before it has fetched the file:
// only an extension that is certainly another format is refused.
func faxDocument() format {
	return format{expected: "a PDF or TIFF", code: codeFaxUnsupported, status: 415, valid: func(s string) bool {
		u, err := url.Parse(s)
		return err == nil && slices.Contains([]string{"", ".pdf", ".tif", ".tiff"}, strings.ToLower(path.Ext(u.Path)))
	}}
}

// oneOf is the format of a closed set of words.
func oneOf(words ...string) format {
	return format{expected: "one of " + strings.Join(words, ", "), valid: func(s string) bool {
		return slices.Contains(words, s)
	}}
}

// attachmentType is the format of a content type that may be attached.
func attachmentType() format {
	return format{valid: isAttachmentType, expected: "an allowed content type"}
}

func isAttachmentType(s string) bool {
	switch s {
	case "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"text/csv", "text/plain", "application/zip", "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	default:
		return false
	}
}

func fileName() format {
	return format{expected: `a file name without /, \ and ..`, valid: func(s string) bool {
		return !strings.ContainsAny(s, `/\`) && !strings.Contains(s, "..")
	}}
}

// base64Size is the number of bytes that s decodes to, or -1 if it does not.
func base64Size(s string) int {
	content, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return -1
	}
	return len(content)
}

// instant is the format of a time or a date in a query.
func instant() format {
	return format{expected: "an ISO 8601 time or date", valid: func(s string) bool {
		_, _, err := parseInstant(s)
		return err == nil
	}}
}

// parseInstant reads a time, which is its own end, or a date, whose end is the
// last moment of its day.
func parseInstant(s string) (start, end time.Time, err error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, day.AddDate(0, 0, 1).Add(-1), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, t, err
}
