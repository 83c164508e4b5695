package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListenOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0"} {
		_, err := listen(t.Context(), addr, false)
		require.EqualError(t, err, "-addr: "+addr+" is not a loopback address: whoever reaches it could use this server with "+
			"a key of his own making, and read along, since it speaks plain HTTP; -insecure serves there all the same")
	}
	for addr, insecure := range map[string]bool{"127.0.0.1:0": false, "127.0.0.2:0": false, "localhost:0": false, "0.0.0.0:0": true} {
		l, err := listen(t.Context(), addr, insecure)
		require.NoError(t, err, addr)
		assert.Equal(t, insecure, !l.Addr().(*net.TCPAddr).IP.IsLoopback(), addr)
		require.NoError(t, l.Close())
	}
}

func TestListenWhereSomebodyElseDoes(t *testing.T) {
	t.Parallel()
	first, err := listen(t.Context(), "127.0.0.1:0", false)
	require.NoError(t, err)
	defer first.Close()
	_, err = listen(t.Context(), first.Addr().String(), false)
	require.ErrorContains(t, err, "address already in use")
}
