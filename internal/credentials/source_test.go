package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// expires is a provider block whose credentials expire.
var expires = Settings{AccessKey: "emulator", SecretKey: "emulator-secret", AssumeRole: &AssumeRole{RoleARN: roleARN}}

// gate holds requests back until it is opened.
type gate struct{ came, open chan bool }

func (c *cloud) hold() gate {
	g := gate{make(chan bool, 100), make(chan bool)}
	c.respond = func(http.ResponseWriter, *http.Request, int) bool {
		g.came <- true
		<-g.open
		return false
	}
	return g
}

// TestOneFetchForMany has 50 callers at once, of which one makes the source
// fetch.
func TestOneFetchForMany(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	g := c.hold()
	s := c.source(t, expires, nil)
	all := func(work func() error) {
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if err := work(); err != nil {
					t.Error(err)
				}
			})
		}
		<-g.came
		g.open <- true
		group.Wait()
	}
	all(func() error {
		_, err := s.Credential(t.Context())
		return err
	})
	expired := credential(t, s)
	all(func() error {
		_, err := s.Refresh(t.Context(), expired)
		return err
	})
	if got := credential(t, s); got == expired || len(c.sent()) != 2 {
		t.Errorf("%s after %v", got.AccessKeyID, c.sent())
	}
}

// TestCurrentCredential is about when a credential is fetched again.
func TestCurrentCredential(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life     time.Duration
		requests int // for the second use
		changes  bool
	}{
		"valid":           {4 * time.Minute, 1, false},
		"about to expire": {170 * time.Second, 2, false},
		"expired":         {-time.Minute, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.emulator.TokenLifetime = test.life
			s := c.source(t, expires, nil)
			first := credential(t, s)
			if second := credential(t, s); (second != first) != test.changes {
				t.Errorf("%s after %s", second.AccessKeyID, first.AccessKeyID)
			}
			if test.requests > 1 {
				eventually(t, "another credential", func() bool { return credential(t, s) != first })
			} else if len(c.sent()) != 1 {
				t.Errorf("requested %v", c.sent())
			}
		})
	}
}

// isPaused reports whether a fetch failed a moment ago.
func (s *Source) isPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pause.After(time.Now())
}

// TestFailedEarlyRefresh uses the credential that is still valid, and doesn't
// send a request to STS for each use of it.
func TestFailedEarlyRefresh(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.emulator.TokenLifetime = time.Minute
	c.fail(2, http.StatusServiceUnavailable, "")
	s := c.source(t, expires, nil)
	first := credential(t, s)
	credential(t, s)
	eventually(t, "a failed refresh", s.isPaused)
	for range 20 {
		if got := credential(t, s); got != first {
			t.Fatalf("got %s", got.AccessKeyID)
		}
	}
	if sent := c.sent(); len(sent) != 2 {
		t.Errorf("requested %v", sent)
	}
	s.mu.Lock()
	s.pause = time.Time{} // As if it were over.
	s.mu.Unlock()
	credential(t, s)
	eventually(t, "another refresh", func() bool { return len(c.sent()) == 3 })
}

// TestFailedRefresh doesn't use the credential that the API refused again.
func TestFailedRefresh(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.respond = func(w http.ResponseWriter, _ *http.Request, number int) bool {
		if number == 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return number == 2
	}
	s := c.source(t, expires, nil)
	expired := credential(t, s)
	if refreshed, err := s.Refresh(t.Context(), expired); refreshed || err == nil {
		t.Errorf("refreshed %t, %v", refreshed, err)
	}
	if got := credential(t, s); got == expired {
		t.Error("the expired credential is used")
	}
	if refreshed, err := s.Refresh(t.Context(), expired); !refreshed || err != nil || len(c.sent()) != 3 {
		t.Errorf("refreshed %t, %v after %v", refreshed, err, c.sent())
	}
}

// TestFilesAreReadAgain finds credentials that another program has renewed.
func TestFilesAreReadAgain(t *testing.T) {
	t.Parallel()
	c := newCloud(t, "token", "good-token-1\n", ".aliyun/config.json", cliConfig)
	token := Text(c.home + "/token")
	role := c.source(t, Settings{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{OIDCProviderARN: provider, RoleARN: roleARN, OIDCTokenFile: token}}, nil)
	profile := c.source(t, Settings{Profile: "second"}, nil)
	first, expired := credential(t, role), credential(t, profile)
	c.write(t, "token", "bad-token\n")
	c.write(t, ".aliyun/config.json", strings.Replace(cliConfig, "second-token", "renewed-token", 1))
	_, err := role.Refresh(t.Context(), first)
	wantError(t, err, "AuthenticationFail.OIDCToken.Invalid")
	if refreshed, err := profile.Refresh(t.Context(), expired); !refreshed || err != nil {
		t.Errorf("refreshed %t, %v", refreshed, err)
	}
	if got := credential(t, profile); got.SecurityToken != "renewed-token" {
		t.Errorf("got %q", got.SecurityToken)
	}
}

// TestCallersLeave has a caller whose context ends leave a fetch, which goes on
// for the other.
func TestCallersLeave(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	g := c.hold()
	s := c.source(t, expires, nil)
	stays := make(chan error)
	go func() {
		_, err := s.Credential(t.Context())
		stays <- err
	}()
	<-g.came
	reason := errors.New("the reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if _, err := s.Refresh(ctx, rpc.Credential{}); !errors.Is(err, reason) {
		t.Errorf("the caller that left got %v", err)
	}
	close(g.open)
	if err := <-stays; err != nil || len(c.sent()) != 1 {
		t.Errorf("the caller that stayed got %v after %v", err, c.sent())
	}
}

// TestLastCallerLeaves has a fetch canceled while it looks for a source, which is
// found by a later caller.
func TestLastCallerLeaves(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	ctx, cancel := context.WithCancel(t.Context())
	canceled := make(chan bool)
	c.respond = func(_ http.ResponseWriter, r *http.Request, number int) bool {
		if number == 1 {
			cancel()
			<-r.Context().Done()
			close(canceled)
		}
		return number == 1
	}
	s := c.source(t, Settings{}, nil)
	if _, err := s.Credential(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left got %v", err)
	}
	<-canceled
	eventually(t, "the end of the fetch", s.isPaused)
	credential(t, s)
}

// TestTimeout has a source that doesn't respond.
func TestTimeout(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	g := c.hold()
	s := c.source(t, expires, nil)
	s.config.http.Timeout = time.Millisecond
	_, err := s.Credential(t.Context())
	close(g.open)
	wantError(t, err, "assume_role: timeout")
	wantTemporary(t, err, true)
}

func ExampleSource() {
	config, _ := Resolve(Settings{Profile: "dev"}, variables{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}.get)
	_, err := NewSource(config).Credential(context.Background())
	fmt.Println(err)
	// Output:
	// profiles of the Alibaba Cloud CLI must not be used. ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set in the environment. Unset it, or use another authentication method.
}
