package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// cloud answers as STS, as an instance's metadata and as a credentials URI.
// Keys carry what they were issued for in their access key id.
type cloud struct {
	mu     sync.Mutex
	asked  []string      // what was asked for, in order
	life   time.Duration // of the keys issued
	refuse string        // body of a refusal; empty: keys are issued
	came   chan bool     // nil, or what is told of a call
	hold   chan bool     // nil, or what a call waits for
}

var (
	sts  *httptest.Server // HTTPS, for the library knows nothing else for STS
	here = &cloud{}
)

// TestMain trusts the STS server's certificate, and has the metadata's fixed
// address reached through a proxy, as the library heeds the usual variable.
func TestMain(m *testing.M) {
	sts = httptest.NewTLSServer(here)
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		panic("the default transport is another one")
	}
	transport.TLSClientConfig = sts.Client().Transport.(*http.Transport).TLSClientConfig //nolint:forcetypeassert // It is httptest's.
	metadata := httptest.NewServer(here)
	for name, value := range map[string]string{"HTTP_PROXY": metadata.URL, "NO_PROXY": ""} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	c.mu.Lock()
	what := r.Form.Get("Action") + r.Form.Get("RoleArn") + r.Form.Get("OIDCToken") + "/" + r.Form.Get("AccessKeyId")
	if r.Form.Get("Action") == "" {
		what = r.Method + " " + r.URL.Path
	}
	c.asked = append(c.asked, what)
	number, life, refuse, came, hold := len(c.asked), c.life, c.refuse, c.came, c.hold
	c.mu.Unlock()
	if came != nil {
		came <- true
	}
	if hold != nil {
		<-hold
	}
	if refuse != "" {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(refuse))
		return
	}
	if life == 0 {
		life = time.Hour
	}
	expiration := time.Now().Add(life).UTC().Format("2006-01-02T15:04:05Z")
	keys := fmt.Sprintf(`"AccessKeyId":"STS.%d","AccessKeySecret":"issued-secret-%d","SecurityToken":"issued-token-%d","Expiration":%q`, number, number, number, expiration)
	switch {
	case r.URL.Path == "/latest/api/token":
		_, _ = w.Write([]byte("metadata-token"))
	case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
		_, _ = w.Write([]byte("instance-role"))
	case r.Form.Get("Action") != "":
		_, _ = fmt.Fprintf(w, `{"RequestId":"R-1","Credentials":{%s}}`, keys)
	default:
		_, _ = fmt.Fprintf(w, `{"Code":"Success",%s}`, keys)
	}
}

// reset forgets, and returns the cloud to use.
func reset(t *testing.T) *cloud {
	t.Helper()
	here.mu.Lock()
	defer here.mu.Unlock()
	here.asked, here.life, here.refuse, here.came, here.hold = nil, 0, "", nil, nil
	return here
}

func (c *cloud) calls() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.asked...)
}

// clearEnvironment keeps what the machine has set out of a test.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "ALIBABA") || strings.HasPrefix(name, "ALICLOUD") {
			t.Setenv(name, "")
		}
	}
}

// home is a home folder with files in it.
func home(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("HOME", folder)
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const cliFile = `{"current":"second","profiles":[
	{"name":"first","mode":"AK","access_key_id":"first-key","access_key_secret":"first-secret","region_id":"cn-beijing"},
	{"name":"second","mode":"StsToken","access_key_id":"second-key","access_key_secret":"second-secret","sts_token":"second-token","region_id":"cn-shanghai"},
	{"name":"empty","mode":"AK"},
	{"name":"strange","mode":"Telepathy"},
	{"name":"chained","mode":"ChainableRamRoleArn","source_profile":"nowhere","ram_role_arn":"arn"},
	{"name":"circle","mode":"ChainableRamRoleArn","source_profile":"circle","ram_role_arn":"arn"}]}`

const sharedFile = "[default]\ntype = access_key\naccess_key_id = shared-key\naccess_key_secret = shared-secret\n"

func host(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "https://") }

// TestOrder finds the base that counts: what the block says, then the
// environment's in its order.
func TestOrder(t *testing.T) {
	uri := httptest.NewServer(here)
	t.Cleanup(uri.Close)
	keys := Keys{AccessKey: "env-key", SecretKey: "env-secret"}
	token := &OIDC{ProviderARN: "p", RoleARN: "env-role", Token: "jwt"}
	everything := Sources{Keys: keys, OIDC: token, Profile: Profile{Name: "first"}, ECSRole: "instance", URI: uri.URL}
	without := func(change func(*Sources)) Sources {
		b := everything
		change(&b)
		return b
	}
	files := map[string]string{".aliyun/config.json": cliFile, ".alibabacloud/credentials": sharedFile}
	for _, test := range []struct {
		name         string
		block        Sources
		environment  Sources
		files        map[string]string
		noMetadata   bool
		wantKey      string
		wantProvider string
	}{
		{"keys of the block", Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: ""}}, everything, files, false, "k", "static_ak"},
		{"temporary keys of the block", Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: "token"}}, everything, files, false, "k", "static_sts"},
		{"profile of the block", Sources{Profile: Profile{Name: "first"}}, everything, files, false, "first-key", "cli_profile/static_ak"},
		{"file of the block", Sources{Profile: Profile{File: "~/.aliyun/config.json"}}, everything, files, false, "second-key", "cli_profile/static_sts"},
		{"instance of the block", Sources{ECSRole: "r"}, everything, files, false, "STS.2", "ecs_ram_role"},
		{"URI of the block", Sources{URI: uri.URL}, everything, files, false, "STS.1", "credential_uri"},
		{"OIDC of the block", Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}, everything, files, false, "STS.1", "oidc_role_arn"},
		{"keys", Sources{}, everything, files, false, "env-key", "static_ak"},
		{"OIDC", Sources{}, without(func(b *Sources) { b.Keys = Keys{} }), files, false, "STS.1", "oidc_role_arn"},
		{"profile", Sources{}, without(func(b *Sources) { b.Keys, b.OIDC = Keys{}, nil }), files, false, "first-key", "cli_profile/static_ak"},
		{"incomplete OIDC is passed over", Sources{}, Sources{OIDC: &OIDC{RoleARN: "r"}}, files, false, "second-key", "cli_profile/static_sts"},
		{"current profile", Sources{}, Sources{ECSRole: "instance"}, files, false, "second-key", "cli_profile/static_sts"},
		{"a profile that nobody filled in is passed over", Sources{}, Sources{},
			map[string]string{".aliyun/config.json": `{"current":"default","profiles":[{"name":"default","mode":"AK"}]}`, ".alibabacloud/credentials": sharedFile}, false, "shared-key", "profile/static_ak"},
		{"shared file", Sources{}, Sources{ECSRole: "instance"}, map[string]string{".alibabacloud/credentials": sharedFile}, false, "shared-key", "profile/static_ak"},
		{"instance by name", Sources{}, Sources{ECSRole: "instance", URI: uri.URL}, nil, false, "STS.2", "ecs_ram_role"},
		{"instance", Sources{}, Sources{URI: uri.URL}, nil, false, "STS.4", "ecs_ram_role"},
		{"URI", Sources{}, Sources{URI: uri.URL}, nil, true, "STS.1", "credential_uri"},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnvironment(t)
			reset(t)
			s := NewSource(Config{Block: test.block, Environment: test.environment, STS: STS{Endpoint: host(sts)}, HomeDirectory: home(t, test.files), MetadataDisabled: test.noMetadata})
			got, err := s.Credential(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if *got.AccessKeyId != test.wantKey || *got.ProviderName != test.wantProvider {
				t.Errorf("%s from %s, want %s from %s (asked %v)", *got.AccessKeyId, *got.ProviderName, test.wantKey, test.wantProvider, here.calls())
			}
		})
	}
}

// TestRoleOnTop assumes a role with each kind of base.
func TestRoleOnTop(t *testing.T) {
	uri := httptest.NewServer(here)
	t.Cleanup(uri.Close)
	for name, block := range map[string]Sources{
		"keys":    {Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: ""}},
		"token":   {Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: "token"}},
		"profile": {Profile: Profile{Name: "first"}},
		"URI":     {URI: uri.URL},
		"OIDC":    {OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}},
	} {
		t.Run(name, func(t *testing.T) {
			clearEnvironment(t)
			reset(t)
			s := NewSource(Config{Block: block, Role: &Role{ARN: "top-role"}, STS: STS{Endpoint: host(sts)}, HomeDirectory: home(t, map[string]string{".aliyun/config.json": cliFile})})
			got, err := s.Credential(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			calls := here.calls()
			if last := calls[len(calls)-1]; !strings.HasPrefix(last, "AssumeRoletop-role/") || !strings.HasPrefix(*got.ProviderName, "ram_role_arn/") {
				t.Errorf("asked %v, from %s", calls, *got.ProviderName)
			}
		})
	}
}

// TestErrors wants what is wrong and what to do, and no secret.
func TestErrors(t *testing.T) {
	const canary = "CANARY-SECRET-7f3a"
	uri := httptest.NewServer(here)
	t.Cleanup(uri.Close)
	files := map[string]string{".aliyun/config.json": cliFile, "broken.json": `{"profiles": "` + canary + `"`, "token": canary}
	role := &Role{ARN: "denied"}
	for _, test := range []struct {
		name   string
		config Config
		refuse string
		want   []string
	}{
		{"two in the block", Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: canary, SecurityToken: ""}, Profile: Profile{Name: "first"}}}, "", []string{"access_key and profile", "Keep one"}},
		{"no secret", Config{Block: Sources{Keys: Keys{AccessKey: "k"}}}, "", []string{"secret_key is not set", "ALICLOUD_SECRET_KEY"}},
		{"no key", Config{Environment: Sources{Keys: Keys{SecretKey: canary}}}, "", []string{"access_key is not set"}},
		{"nothing at all", Config{MetadataDisabled: true, HomeDirectory: "/nonexistent"}, "", []string{"no Alibaba Cloud credentials were found", "Set access_key"}},
		{"no such profile", Config{Block: Sources{Profile: Profile{Name: "frist"}}}, "", []string{`no profile "frist"`, "There are: first, second, empty"}},
		{"empty profile", Config{Block: Sources{Profile: Profile{Name: "empty"}}}, "", []string{"has no access key", "aliyun configure --profile empty"}},
		{"unknown mode", Config{Block: Sources{Profile: Profile{Name: "strange"}}}, "", []string{`mode "Telepathy"`, "Known are: AK, StsToken"}},
		{"no source profile", Config{Block: Sources{Profile: Profile{Name: "chained"}}}, "", []string{`no profile "nowhere"`}},
		{"a profile on itself", Config{Block: Sources{Profile: Profile{Name: "circle"}}}, "", []string{"is its own source_profile"}},
		{"no file", Config{Block: Sources{Profile: Profile{File: "/nonexistent/config.json"}}}, "", []string{"/nonexistent/config.json can't be read: no such file", "Check the path"}},
		{"a file of something else", Config{Block: Sources{Profile: Profile{File: "~/broken.json"}}}, "", []string{"is not a file of the Alibaba Cloud CLI"}},
		{"incomplete OIDC", Config{Block: Sources{OIDC: &OIDC{RoleARN: "r"}}}, "", []string{"lacks oidc_provider_arn and oidc_token or oidc_token_file"}},
		{"no token file", Config{Block: Sources{OIDC: &OIDC{RoleARN: "r", ProviderARN: "p", TokenFile: "/nonexistent/token"}}}, "", []string{"oidc_token_file /nonexistent/token can't be read"}},
		{"no role", Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: canary, SecurityToken: ""}}, Role: &Role{}}, "", []string{"assume_role has no role_arn"}},
		{"role that may not be assumed", Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: canary, SecurityToken: ""}}, Role: role},
			`{"Code":"NoPermission","RequestId":"R-7","Message":"` + canary + `"}`, []string{"STS gave no credentials", "code NoPermission, request id R-7", "trust policy"}},
		{"OIDC that is refused", Config{Block: Sources{OIDC: &OIDC{RoleARN: "r", ProviderARN: "p", Token: canary}}},
			`{"Code":"AuthenticationFail.OIDCToken.Expired","RequestId":"R-8","Message":"` + canary + `"}`, []string{"code AuthenticationFail.OIDCToken.Expired, request id R-8"}},
		{"STS that can't be reached", Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret-of-the-key", SecurityToken: canary}}, Role: role, STS: STS{Endpoint: "127.0.0.1:1"}}, "",
			[]string{"STS gave no credentials for the role: dial tcp 127.0.0.1:1"}},
		{"URI that answers something else", Config{Block: Sources{URI: uri.URL}}, `{"AccessKeySecret":"` + canary + `"}`, []string{"credentials_uri gave no credentials"}},
		{"URI that can't be reached", Config{Block: Sources{URI: "http://127.0.0.1:1/" + canary}}, "", []string{"credentials_uri gave no credentials: dial tcp 127.0.0.1:1"}},
		{"no metadata", Config{Block: Sources{ECSRole: "r"}}, "nothing here", []string{"metadata of the ECS instance gave no credentials", "ecs_role_name"}},
		{"metadata disabled", Config{Block: Sources{ECSRole: "r"}, MetadataDisabled: true}, "", []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED is set"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnvironment(t)
			reset(t).refuse = test.refuse
			if test.config.HomeDirectory == "" {
				test.config.HomeDirectory = home(t, files)
			}
			if test.config.STS.Endpoint == "" {
				test.config.STS.Endpoint = host(sts)
			}
			_, err := NewSource(test.config).Credential(t.Context())
			var ours *Error
			if !errors.As(err, &ours) {
				t.Fatalf("got %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in %q", want, err)
				}
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("a secret stands in %q", err)
			}
		})
	}
}

func TestOneRefreshForMany(t *testing.T) {
	clearEnvironment(t)
	cloud := reset(t)
	s := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: ""}}, Role: &Role{ARN: "r"}, STS: STS{Endpoint: host(sts)}})
	all := func() {
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if _, err := s.Credential(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	all()
	if calls := cloud.calls(); len(calls) != 1 {
		t.Errorf("the first use asked %d times", len(calls))
	}
	// What is about to expire is renewed, once again for all.
	stale, err := s.Credential(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var renewed atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if ok, err := s.Renew(t.Context(), stale); err != nil || !ok {
				t.Errorf("renewed %t, %v", ok, err)
			} else {
				renewed.Add(1)
			}
		})
	}
	group.Wait()
	if calls := cloud.calls(); len(calls) != 2 || renewed.Load() != 50 {
		t.Errorf("renewing asked %d times for %d", len(calls)-1, renewed.Load())
	}
}

func TestKeysAboutToExpireAreRefreshed(t *testing.T) {
	clearEnvironment(t)
	cloud := reset(t)
	cloud.life = time.Minute // Less than the library wants to have left.
	s := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: ""}}, Role: &Role{ARN: "r"}, STS: STS{Endpoint: host(sts)}})
	for range 2 {
		if _, err := s.Credential(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if calls := cloud.calls(); len(calls) != 2 {
		t.Errorf("asked %d times", len(calls))
	}
}

func TestStaticKeysCantBeRenewed(t *testing.T) {
	clearEnvironment(t)
	s := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: "token"}}})
	stale, err := s.Credential(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if renewed, err := s.Renew(t.Context(), stale); renewed || err != nil {
		t.Errorf("renewed %t, %v", renewed, err)
	}
}

func TestTokenFileIsReadAgain(t *testing.T) {
	clearEnvironment(t)
	cloud := reset(t)
	folder := home(t, map[string]string{"token": "first\n"})
	s := NewSource(Config{Block: Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", TokenFile: filepath.Join(folder, "token")}}, STS: STS{Endpoint: host(sts)}})
	if _, err := s.Credential(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "token"), []byte("second\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Credential(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := cloud.calls()
	if len(calls) != 2 || !strings.Contains(calls[0], "first/") || !strings.Contains(calls[1], "second/") {
		t.Errorf("asked %v", calls)
	}
}

// TestContextIsHonoured leaves a library that is stuck, and the next caller
// waits its turn.
func TestContextIsHonoured(t *testing.T) {
	clearEnvironment(t)
	cloud := reset(t)
	cloud.came, cloud.hold = make(chan bool, 1), make(chan bool)
	s := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "secret", SecurityToken: ""}}, Role: &Role{ARN: "r"}, STS: STS{Endpoint: host(sts)}})
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := s.Credential(ctx)
		left <- err
	}()
	<-cloud.came
	waiting, cancelWaiting := context.WithCancel(t.Context())
	cancelWaiting()
	if _, err := s.Credential(waiting); !errors.Is(err, context.Canceled) {
		t.Errorf("the second caller got %v", err)
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the first caller got %v", err)
	}
	close(cloud.hold)
	if _, err := s.Credential(t.Context()); err != nil {
		t.Errorf("the third caller got %v", err)
	}
	if calls := cloud.calls(); len(calls) != 1 {
		t.Errorf("asked %d times", len(calls))
	}
}

func TestRegionOfTheProfile(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   string
	}{
		{"of the block", Config{Block: Sources{Profile: Profile{Name: "first"}}}, "cn-beijing"},
		{"of the environment", Config{Environment: Sources{Profile: Profile{Name: "first"}}}, "cn-beijing"},
		{"the current one", Config{}, "cn-shanghai"},
		{"not used", Config{Block: Sources{Keys: Keys{AccessKey: "k", SecretKey: "s", SecurityToken: ""}}}, ""},
		{"outranked", Config{Environment: Sources{Keys: Keys{AccessKey: "k", SecretKey: "s", SecurityToken: ""}}}, ""},
		{"none", Config{Block: Sources{Profile: Profile{Name: "none"}}}, ""},
	} {
		clearEnvironment(t)
		test.config.HomeDirectory = home(t, map[string]string{".aliyun/config.json": cliFile})
		if got := NewSource(test.config).Region(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestRedact(t *testing.T) {
	s := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "key-id-is-no-secret", SecretKey: "secret/with+signs", SecurityToken: "token-that-is-longer"}}})
	const text = `key-id-is-no-secret secret/with+signs secret%2Fwith%2Bsigns token-that-is-longer`
	if got := s.Redact(text); got != "key-id-is-no-secret (redacted) (redacted) (redacted)" {
		t.Errorf("got %q", got)
	}
}

func ExampleSource() {
	source := NewSource(Config{Block: Sources{Keys: Keys{AccessKey: "emulator"}}})
	_, err := source.Credential(context.Background())
	fmt.Println(err)
	// Output:
	// half of an access key: secret_key is not set, though the rest is. Set secret_key in the provider block, or ALICLOUD_SECRET_KEY in the environment.
}
