package faults_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// planted is a bug that the scripts must find.
type planted struct {
	name     string
	file     string // in internal/call
	old, new string
	found    string // what the scripts say of it, as a regular expression
}

func bugs() []planted {
	return []planted{
		{"no key", "key.go", "return newKey(), nil", `return "", nil`, `with the key ""|stored 2 times`},
		{
			"a new key each time", "attempt.go", "	addHeaders(req, added)\n",
			"	addHeaders(req, added)\n	if x.idempotencyKey != \"\" {\n		req.Header = req.Header.Clone()\n		req.Header.Set(headerIdempotency, newKey())\n	}\n",
			"under another key|stored 2 times",
		},
		{"409 taken as final", "retry.go", "return x.repeats >= repeatUnclear && x.maybeSent", "return false", "given up too early"},
		{"net/http repeats a careful call", "header.go", `unreplayedIdempotency = "Idempotency-key"`, `unreplayedIdempotency = "Idempotency-Key"`, "reached the server 2 times|stored 2 times"},
		{
			"net/http repeats a chat", "header.go", "if x.repeats == repeatUnclear {",
			`if x.repeats == repeatUnclear || x.route.op == "Agents.Chat" {`, "chat: (a careful call reached the server|stored) 2 times",
		},
		{"net/http repeats a billed read", "attempt.go", "return x.route.isRead() && x.repeats != repeatUnclear", "return false", "billed get: a careful call reached the server 2 times"},
		{"a chat repeated like any call", "retry.go", "r.caution == onceUnlessAsked && s.Retry != api.RetryDefault,", "", "careful call"},
		{
			"MaybeSent lost behind a later refusal", "exchange.go", "f.MaybeSent = x.maybeSent",
			"f.MaybeSent = x.maybeSent && f.StatusCode/100 != 4", "hidden|cannot have been",
		},
		{"a repeat after 55 s", "retry.go", "replayWindow = 55 * time.Second", "replayWindow = time.Hour", "after an unclear attempt|stored 2 times"},
		{"RetrySafe is forgotten", "retry.go", "s.Retry == api.RetrySafe && !r.isRead():", "false:", "careful call|stored 2 times"},
		{"a reset taken as not sent", "fate.go", `(op.Op == "dial" ||`, `(op.Op == "read" || op.Op == "dial" ||`, "careful call|cannot have been|stored 2 times"},
		{"a timeout taken as not sent", "outcome.go", "if neverSent(err, x.last.link) {", "if neverSent(err, x.last.link) || x.last.timedOut {", "cannot have been|stored 2 times|not sent"},
		{"an answer without an ID taken as a success", "decode.go", "return errNoID", "break", "names"},
		{"a 500 not repeated", "outcome.go", "status == http.StatusInternalServerError, ", "status == http.StatusInternalServerError && false, ", "given up too early"},
		{
			"a hold that outlives its attempt", "retry.go", "	return x.last.wait\n",
			"	if !x.firstRefused.IsZero() {\n		return 0\n	}\n	return x.last.wait\n", "waited|asked",
		},
		{"a wait undercut", "retry.go", "	return x.last.wait\n", "	return x.last.wait / 2\n", "asked to wait|a wait of"},
		{"the second dial taken for the first", "fate.go", "	case l.got:\n", "	case false:\n", "cannot have been|not sent|stored 2 times"},
		{"attempts miscounted", "attempt.go", "	x.attempts++\n", "	x.attempts += 2\n", "attempts told"},
	}
}

// Every planted bug is found within 2,000 scripts (and 1,500 broken networks). It
// builds the SDK once a bug, so it is left out with -short.
func TestPlantedBugs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the SDK a dozen times")
	}
	for _, bug := range bugs() {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			out, err := withBug(t, bug)
			if err == nil {
				t.Fatalf("nothing was found:\n%s", out)
			}
			if !regexp.MustCompile(bug.found).MatchString(out) {
				t.Fatalf("something else was found:\n%s", out)
			}
			t.Log(firstComplaint(out))
		})
	}
}

// withBug runs the scripts over a source in which the bug is planted.
func withBug(t *testing.T, bug planted) (string, error) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "call", bug.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(source), bug.old) != 1 {
		t.Fatalf("%s no longer holds %q once", bug.file, bug.old)
	}
	dir := t.TempDir()
	mutant := filepath.Join(dir, bug.file)
	if err := os.WriteFile(mutant, []byte(strings.Replace(string(source), bug.old, bug.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {path: mutant}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", "-overlay", file, "-run", "^(TestScripts|TestNetwork)$", ".")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func firstComplaint(out string) string {
	for line := range strings.Lines(out) {
		if strings.Contains(line, "seed") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}
