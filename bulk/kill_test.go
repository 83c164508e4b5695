package bulk

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/messages"
)

var kills = flag.Int("kills", 100, "how often TestKilled kills the job")

const (
	envServer = "BULK_TEST_SERVER"
	envJob    = "BULK_TEST_JOB"
	killRows  = 6000
)

// TestMain makes the test binary the job, or the server, for TestKilled.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(envServer) != "":
		serve()
	case os.Getenv(envJob) != "":
		if err := runJob(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// strictServer accepts SMS, forgets a key after 60 s as Orbit may, and counts.
type strictServer struct {
	mu     sync.Mutex
	offset time.Duration
	shown  bool // lists show metadata
	keys   map[string]accepted
	list   []listed // oldest first
	count  map[string]int
}

type accepted struct {
	id string
	at time.Time
}

type listed struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

// serve is the server's process. It prints its address and ends with its input.
func serve() {
	s := &strictServer{keys: map[string]accepted{}, count: map[string]int{}, shown: os.Getenv(envServer) == "shows"}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /messages/sms", s.accept)
	mux.HandleFunc("GET /messages", s.messages)
	mux.HandleFunc("POST /advance", s.advance)
	mux.HandleFunc("GET /count", s.counted)
	fmt.Println(listener.Addr())
	go http.Serve(listener, mux) //nolint:errcheck,gosec // ends with the process
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func (s *strictServer) accept(w http.ResponseWriter, r *http.Request) {
	var m struct {
		Body     string            `json:"body"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now().Add(s.offset)
	first, known := s.keys[r.Header.Get("Idempotency-Key")]
	if !known || now.Sub(first.at) > time.Minute {
		first = accepted{fmt.Sprint("msg_", len(s.list)), now}
		s.keys[r.Header.Get("Idempotency-Key")] = first
		item := listed{ID: first.id, Status: "queued"}
		if s.shown {
			item.Metadata = m.Metadata
		}
		s.list = append(s.list, item)
		s.count[m.Body]++
	}
	w.WriteHeader(http.StatusAccepted)
	_, _ = fmt.Fprintf(w, `{"data":{"id":%q,"status":"queued"},"meta":{"request_id":"req_1"}}`, first.id)
}

func (s *strictServer) messages(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := len(s.list)
	if c := r.URL.Query().Get("cursor"); c != "" {
		from, _ = strconv.Atoi(c)
	}
	var page []listed
	for from > 0 && len(page) < 200 {
		from--
		page = append(page, s.list[from])
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"data": page, "meta": map[string]any{"pagination": map[string]any{"cursor": strconv.Itoa(from), "has_more": from > 0}},
	})
}

func (s *strictServer) advance(_ http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, _ := time.ParseDuration(r.URL.Query().Get("by"))
	s.offset += d
}

func (s *strictServer) counted(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(s.count)
}

func killItems() iter.Seq2[string, messages.SendSMSParams] {
	return func(yield func(string, messages.SendSMSParams) bool) {
		for i := range killRows {
			key := strconv.Itoa(i)
			if !yield(key, messages.SendSMSParams{To: "+14155552671", Body: "Row " + key}) {
				return
			}
		}
	}
}

// runJob is the job's process: $BULK_TEST_JOB is the journal, the address of the server
// and the offset of the clock.
func runJob() error {
	args := strings.Split(os.Getenv(envJob), "|")
	client, err := orbit.NewClient("dv_test_sk_x", orbit.WithBaseURL("http://"+args[1]))
	if err != nil {
		return err
	}
	offset, err := time.ParseDuration(args[2])
	if err != nil {
		return err
	}
	job, err := Open(args[0], func(j *Job) { j.clock.wall = j.clock.wall.Add(offset) })
	if err != nil {
		return err
	}
	report, err := Send(context.Background(), job, killItems(), client.Messages.SendSMS,
		SendOptions{Find: InMessages(client), Concurrency: 16})
	fmt.Printf("%d\n", report.Unclear)
	return err
}

// child is a process of this test.
type child struct {
	*exec.Cmd

	out *strings.Builder
}

func startChild(t *testing.T, env string) child {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	c := child{exec.Command(program), &strings.Builder{}} //nolint:gosec // this test itself
	c.Env = append(os.Environ(), env)
	c.Stdout, c.Stderr = c.out, c.out
	require.NoError(t, c.Start())
	return c
}

// BULK-1: a job that is killed again and again, and run again after a second or after
// the keys were forgotten, loses nothing and doubles nothing. Where the list shows what
// was sent, nothing stays unclear.
func TestKilled(t *testing.T) {
	t.Parallel()
	n := *kills
	if testing.Short() {
		n /= 10
	}
	for _, list := range []string{"shows", "hides"} {
		t.Run(list, func(t *testing.T) {
			t.Parallel()
			program, err := os.Executable()
			require.NoError(t, err)
			server := exec.Command(program) //nolint:gosec // this test itself
			server.Env = append(os.Environ(), envServer+"="+list)
			in, err := server.StdinPipe()
			require.NoError(t, err)
			out, err := server.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, server.Start())
			defer func() { _ = in.Close(); _ = server.Wait() }()
			var address string
			_, err = fmt.Fscanln(out, &address)
			require.NoError(t, err)

			path := filepath.Join(t.TempDir(), "job")
			var offset time.Duration
			seed := uint64(time.Now().UnixNano()) //nolint:gosec // any will do
			t.Log("seed", seed)
			random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // as above
			for range n {
				c := startChild(t, fmt.Sprintf("%s=%s|%s|%s", envJob, path, address, offset))
				time.Sleep(time.Duration(random.IntN(120)) * time.Millisecond) // a real process at a random point
				_ = c.Process.Kill()
				_ = c.Wait()
				by := time.Second
				if random.IntN(2) == 0 {
					by = 70 * time.Second
				}
				offset += by
				resp, err := http.Post("http://"+address+"/advance?by="+by.String(), "", nil) //nolint:noctx // a local server
				require.NoError(t, err)
				_ = resp.Body.Close()
			}
			last := startChild(t, fmt.Sprintf("%s=%s|%s|%s", envJob, path, address, offset))
			require.NoError(t, last.Wait(), last.out)

			resp, err := http.Get("http://" + address + "/count") //nolint:noctx // a local server
			require.NoError(t, err)
			defer resp.Body.Close()
			count := map[string]int{}
			require.NoError(t, json.NewDecoder(resp.Body).Decode(&count))
			unclear, err := strconv.Atoi(strings.TrimSpace(last.out.String()))
			require.NoError(t, err)
			missing := 0
			for i := range killRows {
				sent := count[fmt.Sprint("Row ", i)]
				assert.LessOrEqual(t, sent, 1, "row %d", i)
				if sent == 0 {
					missing++
				}
			}
			t.Logf("%d kills, %d rows, %d unclear, %d of them not sent", n, killRows, unclear, missing)
			assert.LessOrEqual(t, missing, unclear)
			if list == "shows" {
				assert.Zero(t, unclear)
			}
			assert.LessOrEqual(t, unclear, n*16, "no more than were under way at a kill")
		})
	}
}
