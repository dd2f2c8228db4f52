package credentials

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// withRole is a configuration whose credentials expire.
var withRole = Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret"}}, Role: &Role{ARN: "r"}}

func credential(t *testing.T, s *Source) rpc.Credential {
	t.Helper()
	got, err := s.Credential(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestOneFetchForMany has 50 callers at once, of which one makes the source
// work.
func TestOneFetchForMany(t *testing.T) {
	here := reset(t)
	here.set(func(c *cloud) { c.came, c.hold = make(chan bool, 100), make(chan bool) })
	s := newSource(withRole)
	all := func(work func() error) {
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if err := work(); err != nil {
					t.Error(err)
				}
			})
		}
		<-here.came
		here.hold <- true
		group.Wait()
	}
	all(func() error {
		got, err := s.Credential(t.Context())
		if got.AccessKeyID != "STS.1" {
			err = fmt.Errorf("%+v, %w", got, err)
		}
		return err
	})
	expired := credential(t, s)
	all(func() error {
		refreshed, err := s.Refresh(t.Context(), expired)
		if !refreshed {
			err = fmt.Errorf("not refreshed: %w", err)
		}
		return err
	})
	if got := credential(t, s); got.AccessKeyID != "STS.2" || len(here.log()) != 2 {
		t.Errorf("%s after %v", got.AccessKeyID, here.log())
	}
}

// TestHeldCredential is about when a credential is fetched again.
func TestHeldCredential(t *testing.T) {
	for _, test := range []struct {
		name      string
		life      time.Duration
		refreshes bool
	}{
		{"valid", 4 * time.Minute, false},
		{"about to expire", 170 * time.Second, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			here := reset(t)
			here.set(func(c *cloud) { c.life = test.life })
			s := newSource(withRole)
			credential(t, s)
			here.set(func(c *cloud) { c.life = time.Hour })
			if got := credential(t, s); got.AccessKeyID != "STS.1" {
				t.Errorf("the credential that is valid is not used, but %s", got.AccessKeyID)
			}
			if test.refreshes {
				eventually(t, "an early refresh", func() bool { return credential(t, s).AccessKeyID == "STS.2" })
			}
			credential(t, s)
			if want := map[bool]int{false: 1, true: 2}[test.refreshes]; len(here.log()) != want {
				t.Errorf("%d requests, want %d", len(here.log()), want)
			}
		})
	}
}

// TestExpiredCredential fetches another before it is used again.
func TestExpiredCredential(t *testing.T) {
	here := reset(t)
	here.set(func(c *cloud) { c.life = -time.Minute })
	s := newSource(withRole)
	if first, second := credential(t, s), credential(t, s); first.AccessKeyID != "STS.1" || second.AccessKeyID != "STS.2" {
		t.Errorf("got %s, %s", first.AccessKeyID, second.AccessKeyID)
	}
	here.fail(-1, 503, "")
	if got, err := s.Credential(t.Context()); err == nil {
		t.Errorf("an expired credential is used: %v", got)
	}
}

// TestFailedEarlyRefresh uses the credential that is still valid, and doesn't
// send a request to STS for each use of it.
func TestFailedEarlyRefresh(t *testing.T) {
	here := reset(t)
	here.set(func(c *cloud) { c.life = time.Minute })
	s := newSource(withRole)
	credential(t, s)
	here.fail(-1, 503, "")
	credential(t, s)
	completed := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.inflight == nil
	}
	eventually(t, "a failed refresh", func() bool { return len(here.log()) == 2 && completed() })
	for range 20 {
		if got := credential(t, s); got.AccessKeyID != "STS.1" {
			t.Fatalf("got %s", got.AccessKeyID)
		}
	}
	eventually(t, "the end of any refresh", completed)
	if len(here.log()) != 2 {
		t.Errorf("%d requests", len(here.log()))
	}
	here.set(func(c *cloud) { c.failures, c.life = 0, time.Hour })
	s.mu.Lock()
	s.pause = time.Time{} // As if it were over.
	s.mu.Unlock()
	eventually(t, "another refresh", func() bool { return credential(t, s).AccessKeyID == "STS.3" })
}

func TestStaticKeysHaveNoOther(t *testing.T) {
	s := newSource(Config{Block: Sources{Keys: keysOf("k", "secret", "token")}})
	if refreshed, err := s.Refresh(t.Context(), credential(t, s)); refreshed || err != nil {
		t.Errorf("refreshed %t, %v", refreshed, err)
	}
}

// TestFailedRefresh doesn't use the credential that the API refused again.
func TestFailedRefresh(t *testing.T) {
	here := reset(t)
	s := newSource(withRole)
	expired := credential(t, s)
	here.fail(1, 503, "")
	if refreshed, err := s.Refresh(t.Context(), expired); refreshed || err == nil {
		t.Errorf("refreshed %t, %v", refreshed, err)
	}
	if got := credential(t, s); got == expired {
		t.Error("the expired credential is used")
	}
	if refreshed, err := s.Refresh(t.Context(), expired); !refreshed || err != nil || len(here.log()) != 3 {
		t.Errorf("refreshed %t, %v after %v", refreshed, err, here.log())
	}
}

func TestTokenFileIsReadAgain(t *testing.T) {
	here := reset(t)
	file := filepath.Join(home(t, map[string]string{"token": "first\n"}), "token")
	s := newSource(Config{Block: Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: file}}})
	expired := credential(t, s)
	if err := os.WriteFile(file, []byte("second\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if refreshed, err := s.Refresh(t.Context(), expired); !refreshed || err != nil {
		t.Fatal(refreshed, err)
	}
	if got := strings.Join(here.log(), ", "); got != "AssumeRoleWithOIDC r first, AssumeRoleWithOIDC r second" {
		t.Errorf("requested %s", got)
	}
}

// TestCallersLeave has callers whose context ends leave a fetch, which goes on
// for the others.
func TestCallersLeave(t *testing.T) {
	here := reset(t)
	here.set(func(c *cloud) { c.came, c.hold = make(chan bool, 1), make(chan bool) })
	s := newSource(withRole)
	reason := errors.New("the reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.Credential(ctx)
		left <- err
	}()
	<-here.came
	ended, cancelEnded := context.WithCancel(t.Context())
	cancelEnded()
	if _, err := s.Credential(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("the second caller got %v", err)
	}
	if _, err := s.Refresh(ended, rpc.Credential{AccessKeyID: "old"}); !errors.Is(err, context.Canceled) {
		t.Errorf("the third caller got %v", err)
	}
	cancel(reason)
	if err := <-left; !errors.Is(err, reason) {
		t.Errorf("the first caller got %v", err)
	}
	close(here.hold)
	if got := credential(t, s); got.AccessKeyID != "STS.1" || len(here.log()) != 1 {
		t.Errorf("%s after %v", got.AccessKeyID, here.log())
	}
}

// TestNoSourceIsDeterminedOnce probes metadata for the first of many uses only.
func TestNoSourceIsDeterminedOnce(t *testing.T) {
	here := reset(t)
	here.fail(-1, 404, "")
	s := newSource(Config{HomeDirectory: t.TempDir()})
	for range 3 {
		if _, err := s.Credential(t.Context()); !errors.Is(err, errNone) || errNone.Temporary() {
			t.Errorf("got %v", err)
		}
	}
	if got := strings.Join(here.log(), ", "); got != "PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/" {
		t.Errorf("requested %v", got)
	}
}

// TestProbeOfMetadataThatFails doesn't take one failure for a machine without
// metadata, and a proxy that always fails for one with metadata.
func TestProbeOfMetadataThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		failures int
		status   int
		body     string
		want     error
		requests int
	}{
		"once":             {2, 503, "", nil, 6},
		"always":           {-1, 503, "", errNone, 6},
		"a page of others": {0, 0, "<html>Sign in to the network</html>", errNone, 2},
	} {
		t.Run(name, func(t *testing.T) {
			here := reset(t)
			here.fail(test.failures, test.status, test.body)
			_, err := newSource(Config{HomeDirectory: t.TempDir()}).Credential(t.Context())
			if !errors.Is(err, test.want) || len(here.log()) != test.requests {
				t.Errorf("error %v after %v", err, here.log())
			}
		})
	}
}

func TestRedact(t *testing.T) {
	s := NewSource(Config{
		Block:       Sources{Keys: keysOf("key-id-is-no-secret", "secret/with+signs", "token-that-is-longer")},
		Environment: Sources{OIDC: &OIDC{Token: "oidc-token"}},
	})
	const text = "key-id-is-no-secret secret/with+signs secret%2Fwith%2Bsigns token-that-is-longer oidc-token"
	if got := s.Redact(text); got != "key-id-is-no-secret (redacted) (redacted) (redacted) (redacted)" {
		t.Errorf("got %q", got)
	}
	reset(t)
	s = newSource(withRole)
	credential(t, s)
	if got := s.Redact("issued-secret-1, issued-token-1, secret"); got != "(redacted), (redacted), secret" {
		t.Errorf("got %q", got)
	}
}

// TestRedactTheLongestFirst leaves nothing of a secret that begins with another.
func TestRedactTheLongestFirst(t *testing.T) {
	s := NewSource(Config{Block: Sources{Keys: keysOf("k", "12345678", "12345678-and-more")}})
	if got := s.Redact("12345678-and-more"); got != "(redacted)" {
		t.Errorf("got %q", got)
	}
}

func ExampleSource() {
	source := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "emulator", SecretSetting: "secret_key in the provider block"}}})
	_, err := source.Credential(context.Background())
	fmt.Println(err)
	// Output:
	// access_key is set, but secret_key is not. Set secret_key in the provider block.
}
