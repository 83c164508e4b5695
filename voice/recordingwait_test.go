package voice_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/devotel/orbit-go"
	"github.com/devotel/orbit-go/orbittest"
	"github.com/devotel/orbit-go/voice"
)

// TestWaitForRecording waits for the end of a call and for its recording, which can
// be downloaded then.
func TestWaitForRecording(t *testing.T) { // NAM-2
	t.Parallel()
	for name, key := range map[string]string{"sandbox": "dv_test_sk_1", "live": "dv_live_sk_1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := orbittest.New(t, orbittest.WithAPIKeys(key)).ClientWithKey(key)
				made, err := client.Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: "+15005550002", Record: true})
				require.NoError(t, err)
				ended, err := client.Voice.Recordings.Wait(t.Context(), made.ID, voice.WaitParams{})
				require.NoError(t, err)
				assert.Equal(t, voice.CallStatusCompleted, ended.Status)
				assert.NotEmpty(t, ended.RecordingURL)
				_, err = client.Voice.Recordings.Download(t.Context(), made.ID, io.Discard, voice.DownloadParams{})
				require.NoError(t, err)
			})
		})
	}
}

// TestWaitForNoRecording gives up at once where nobody answered, and soon after the
// end of a call that was not recorded.
func TestWaitForNoRecording(t *testing.T) { // NAM-2
	t.Parallel()
	const delay = 2 * time.Minute
	for _, c := range []struct {
		name              string
		to                string
		soonest, latest   time.Duration
		status            voice.CallStatus
		requested, record bool
	}{
		{"no answer", "+15005550003", 0, 3 * time.Second, voice.CallStatusNoAnswer, true, true},
		{"failed", "+15005550004", 0, 3 * time.Second, voice.CallStatusFailed, true, true},
		{"busy", "+15005550005", 0, 3 * time.Second, voice.CallStatusBusy, true, true},
		{"not recorded", "+15005550002", delay, delay + 15*time.Second, voice.CallStatusCompleted, false, false},
		{"machine, not recorded", "+15005550006", delay, delay + 15*time.Second, voice.CallStatusVoicemail, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := orbittest.New(t).Client()
				made, err := client.Voice.Calls.Create(t.Context(), voice.CreateCallParams{To: c.to, Record: c.record})
				require.NoError(t, err)
				began := time.Now()
				last, err := client.Voice.Recordings.Wait(t.Context(), made.ID, voice.WaitParams{})
				require.ErrorIs(t, err, voice.ErrNoRecording)
				var none *voice.NoRecordingError
				require.ErrorAs(t, err, &none)
				assert.Equal(t, voice.NoRecordingError{Op: "Voice.Recordings.Wait", Status: c.status, Requested: orbit.Ptr(c.requested)}, *none)
				assert.Equal(t, c.status, last.Status)
				assert.GreaterOrEqual(t, time.Since(began), c.soonest)
				assert.Less(t, time.Since(began), c.latest)
			})
		})
	}
}

// TestWaitForLateRecording takes what comes while a call goes on, and goes on
// through an outage; a call without an end ends with the context.
func TestWaitForLateRecording(t *testing.T) { // NAM-2, FATE-7
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := orbittest.New(t)
		recordings := server.Client().Voice.Recordings
		id := server.AddCall(orbittest.Call{Status: "in_progress", Record: true}).ID
		last, err := recordings.Wait(t.Context(), id, voice.WaitParams{}, orbit.WithTimeout(time.Minute))
		var unfinished *orbit.WaitError
		require.ErrorAs(t, err, &unfinished)
		assert.Equal(t, "still in_progress after 1m0s", unfinished.State)
		assert.Equal(t, voice.CallStatusInProgress, last.Status)

		down := orbittest.Unavailable()
		server.FailNext("GET /voice/calls/{id}", down, down, down, down, down, down, down)
		time.AfterFunc(time.Hour, func() { server.SetCallStatus(id, "completed") })
		time.AfterFunc(time.Hour+90*time.Second, func() { server.SetRecording(id, orbittest.Recording{Content: sound()}) })
		last, err = recordings.Wait(t.Context(), id, voice.WaitParams{})
		require.NoError(t, err)
		assert.NotEmpty(t, last.RecordingURL)
	})
}

// TestRecordingsWithoutContext proves that a nil context is refused, whatever else
// was asked for.
func TestRecordingsWithoutContext(t *testing.T) { // FATE-8
	t.Parallel()
	var none context.Context
	recordings := orbittest.New(t).Client().Voice.Recordings
	_, downloaded := recordings.Download(none, "call_1", io.Discard, voice.DownloadParams{}, orbit.WithTimeout(time.Second))
	_, opened := recordings.Open(none, "call_1", orbit.WithTimeout(time.Second))
	_, waited := recordings.Wait(none, "call_1", voice.WaitParams{}, orbit.WithTimeout(time.Second))
	for _, err := range []error{downloaded, opened, waited} {
		var refused *orbit.ParamError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, "ctx", refused.Field)
	}
}
