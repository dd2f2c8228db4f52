package credentials

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const canary = "CANARY-SECRET-7f3a"

// TestErrors wants what is wrong and what to do, and no secret.
func TestErrors(t *testing.T) {
	uri := newURI(t)
	files := map[string]string{".aliyun/config.json": cliFile, "broken.json": `{"profiles": "` + canary + `"`}
	keys := Sources{Keys: keysOf("k", canary, "")}
	oidc := func(o OIDC) Config { return Config{Block: Sources{OIDC: &o}} }
	for _, test := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"two in the block", Config{Block: Sources{Keys: keysOf("k", canary, ""), Profile: Profile{Name: "first"}}},
			[]string{"configures two authentication methods, access_key and profile", "Keep one"}},
		{"a role and a URI", Config{Block: Sources{OIDC: &OIDC{}, URI: uri}}, []string{"assume_role_with_oidc and credentials_uri"}},
		{"no secret", Config{Block: Sources{Keys: Keys{AccessKey: "k"}}}, []string{"secret_key is not", "Set secret_key in the provider block"}},
		{"no secret in the environment", Config{Environment: Sources{Keys: Keys{AccessKey: "k", SecretSetting: "X_SECRET in the environment"}}},
			[]string{"secret_key is not", "Set X_SECRET in the environment"}},
		{"no access key", Config{Block: Sources{Keys: Keys{SecretKey: canary}}}, []string{"access_key is not", "ALICLOUD_ACCESS_KEY"}},
		{"a line break in a key", Config{Block: Sources{Keys: keysOf("k", canary+"\n", "")}}, []string{"access_key: ", "control character"}},
		{"nothing", Config{MetadataDisabled: true, HomeDirectory: "/nonexistent"}, []string{"no Alibaba Cloud credentials were found", "Set access_key"}},
		{"no file", Config{Block: Sources{Profile: Profile{File: "/nonexistent/config.json"}}}, []string{"/nonexistent/config.json can't be read: no such file", "Check the path"}},
		{"a file of something else", Config{Block: Sources{Profile: Profile{File: "~/broken.json"}}}, []string{"is not a configuration file of the Alibaba Cloud CLI"}},
		{"profiles disabled", Config{Block: Sources{Profile: Profile{Name: "first"}}, CLIProfileDisabled: true}, []string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set"}},
		{"incomplete OIDC", oidc(OIDC{RoleARN: "r"}), []string{"has no oidc_provider_arn and no oidc_token or oidc_token_file"}},
		{"no token file", oidc(OIDC{RoleARN: "r", ProviderARN: "p", TokenFile: "/nonexistent/token"}), []string{"oidc_token_file /nonexistent/token can't be read"}},
		{"no role", Config{Block: keys, Role: &Role{}}, []string{"assume_role has no role_arn"}},
		{"metadata disabled", Config{Block: Sources{ECSRole: "r"}, MetadataDisabled: true}, []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED is set"}},
		{"a URI that is none", Config{Block: Sources{URI: "http://host:" + canary}}, []string{"credentials_uri: it is not a valid URL"}},
		{"an endpoint that is none", Config{Block: keys, Role: &Role{ARN: "r"}, STS: STS{Endpoint: "ho st"}}, []string{"assume_role: endpoints.sts is not a valid host"}},
		{"an unknown host", Config{Block: keys, Role: &Role{ARN: "r"}, STS: STS{Endpoint: "sts.invalid"}}, []string{"assume_role: ", "endpoints.sts"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			reset(t)
			if test.config.HomeDirectory == "" {
				test.config.HomeDirectory = home(t, files)
			}
			_, err := newSource(test.config).Credential(t.Context())
			wantError(t, err, test.want...)
			if err.(*Error).Temporary() { //nolint:errorlint,forcetypeassert // wantError did.
				t.Errorf("%v is temporary", err)
			}
		})
	}
}

// wantError wants an error of this package that contains each text and no
// secret.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	var ours *Error
	if !errors.As(err, &ours) {
		t.Fatalf("got %v", err)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("no %q in %q", text, err)
		}
	}
	if strings.Contains(err.Error(), canary) || strings.Contains(err.Error(), "CANARY") {
		t.Errorf("a secret is in %q", err)
	}
}

// exchanging are the sources that send requests, each by the name that its
// errors have.
func exchanging(t *testing.T) map[string]Config {
	t.Helper()
	directory := home(t, map[string]string{
		".aliyun/config.json": `{"profiles":[
			{"name":"role","mode":"RamRoleArn","access_key_id":"k","access_key_secret":"` + canary + `","ram_role_arn":"r"},
			{"name":"chained","mode":"ChainableRamRoleArn","source_profile":"role","ram_role_arn":"r2"},
			{"name":"ecs","mode":"EcsRamRole","ram_role_name":"r"}]}`,
		".alibabacloud/credentials": "[default]\ntype = ram_role_arn\naccess_key_id = k\naccess_key_secret = " + canary + "\nrole_arn = r\n",
	})
	profile := func(name string) Config {
		return Config{Block: Sources{Profile: Profile{Name: name}}, HomeDirectory: directory, IMDSv1Disabled: true}
	}
	return map[string]Config{
		"credentials_uri":       {Block: Sources{URI: newURI(t) + "/" + canary}},
		"ecs_role_name":         {Block: Sources{ECSRole: "r"}, IMDSv1Disabled: true},
		"assume_role":           {Block: Sources{Keys: keysOf("k", canary, canary)}, Role: &Role{ARN: "r"}},
		"assume_role_with_oidc": {Block: Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: canary}}, Role: &Role{ARN: "top"}},
		`profile "role"`:        profile("role"),
		`profile "role" below`:  profile("chained"),
		`profile "ecs"`:         profile("ecs"),
		"credentials":           {Environment: Sources{}, HomeDirectory: directory, CLIProfileDisabled: true},
	}
}

// TestResponses has every source fail in every way, and wants the source that
// failed in the error, what may be shown of the response, and whether to try
// again.
func TestResponses(t *testing.T) {
	for _, test := range []struct {
		name      string
		status    int
		body      string
		want      string
		temporary bool
	}{
		{"refused", 403, `{"Code":"NoPermission","RequestId":"R-7","Message":"` + canary + `"}`, "HTTP status 403, code NoPermission, request ID R-7", false},
		{"refused without JSON", 404, canary, "HTTP status 404. ", false},
		{"a code that is none", 400, `{"Code":"not a code ` + canary + `","RequestId":"\n"}`, "HTTP status 400. ", false},
		{"unavailable", 503, "<html>" + canary, "HTTP status 503. ", true},
		{"internal error", 500, `{"Code":"InternalError"}`, "HTTP status 500, code InternalError", true},
		{"throttled", 400, `{"Code":"Throttling.User"}`, "HTTP status 400, code Throttling.User", true},
		{"too many requests", 429, "", "HTTP status 429", true},
	} {
		for name, config := range exchanging(t) {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				reset(t).fail(-1, test.status, test.body)
				_, err := newSource(config).Credential(t.Context())
				wantError(t, err, strings.TrimSuffix(name, " below")+": "+test.want)
				if got := err.(*Error).Temporary(); got != test.temporary { //nolint:errorlint,forcetypeassert // wantError did.
					t.Errorf("temporary %t: %v", got, err)
				}
			})
		}
	}
}

// TestIncompleteResponses names what is missing.
func TestIncompleteResponses(t *testing.T) {
	const key, secret, token = `"AccessKeyId":"k"`, `"AccessKeySecret":"` + canary + `"`, `"SecurityToken":"` + canary + `"`
	join := func(parts ...string) string { return "{" + strings.Join(parts, ",") + "}" }
	const expiration = `"Expiration":"2126-01-02T03:04:05Z"`
	for _, test := range []struct{ name, body, want string }{
		{"no expiration", join(key, secret, token), "the response has no Expiration"},
		{"null expiration", join(key, secret, token, `"Expiration":null`), "the response has no Expiration"},
		{"an expiration that is no time", join(key, secret, token, `"Expiration":"`+canary+`"`), "the Expiration of the response is not in RFC 3339 format"},
		{"no access key", join(secret, token, expiration), "the response has no AccessKeyId"},
		{"no secret", join(key, token, expiration), "the response has no AccessKeySecret"},
		{"no token", join(key, secret, expiration), "the response has no SecurityToken"},
		{"not successful", join(key, secret, token, expiration, `"Code":"Failed"`), "the response has code Failed"},
		{"not JSON", canary, "the response is not the expected JSON"},
		{"of another type", `{"AccessKeyId":["` + canary + `"],"Credentials":["` + canary + `"]}`, "the response is not the expected JSON"},
		{"a line break in a key", join(`"AccessKeyId":"k\n"`, secret, token, expiration), "the credential contains a control character"},
	} {
		for name, config := range exchanging(t) {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				body := test.body
				if strings.Contains(name, "role") && name != "ecs_role_name" || name == "credentials" {
					body = strings.Replace(`{"Credentials":BODY}`, "BODY", test.body, 1)
				}
				reset(t).fail(0, 0, body)
				_, err := newSource(config).Credential(t.Context())
				wantError(t, err, strings.TrimSuffix(name, " below")+": "+test.want)
			})
		}
	}
}

// TestConnectionFailures has connections fail in ways that may be over soon, and
// in others.
func TestConnectionFailures(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	hangingUp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = connection.Close()
		}
	}))
	t.Cleanup(hangingUp.Close)
	truncating := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("{"))
	}))
	t.Cleanup(truncating.Close)
	plain := strings.TrimPrefix(hangingUp.URL, "http://")
	for name, test := range map[string]struct {
		config    Config
		want      string
		temporary bool
	}{
		"closed port":           {Config{Block: Sources{URI: closed.URL + "/" + canary}}, "credentials_uri: dial tcp 127.0.0.1", true},
		"closed connection":     {Config{Block: Sources{URI: hangingUp.URL}}, "credentials_uri: EOF", true},
		"truncated response":    {Config{Block: Sources{URI: truncating.URL}}, "credentials_uri: the response is incomplete", true},
		"unknown host":          {Config{Block: Sources{URI: "https://host.invalid/" + canary}}, "credentials_uri: ", false},
		"closed port of STS":    {Config{Block: Sources{Keys: keysOf("k", canary, "")}, Role: &Role{ARN: "r"}, STS: STS{Endpoint: strings.TrimPrefix(closed.URL, "http://")}}, "assume_role: dial tcp", true},
		"STS that has no HTTPS": {Config{Block: Sources{Keys: keysOf("k", canary, "")}, Role: &Role{ARN: "r"}, STS: STS{Endpoint: plain}}, "assume_role: http: server gave HTTP response to HTTPS client", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newSource(test.config).Credential(t.Context())
			wantError(t, err, test.want)
			if got := err.(*Error).Temporary(); got != test.temporary { //nolint:errorlint,forcetypeassert // wantError did.
				t.Errorf("temporary %t: %v", got, err)
			}
		})
	}
}

func TestIsTransient(t *testing.T) {
	for _, test := range []struct {
		err  error
		want bool
	}{
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, true},
		{&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}, true},
		{&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, false},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}, false},
		{errors.New("http: server gave HTTP response to HTTPS client"), false},
	} {
		if got := isTransient(test.err); got != test.want {
			t.Errorf("%v: %t", test.err, got)
		}
	}
}

// TestTimeout has a source that doesn't respond.
func TestTimeout(t *testing.T) {
	here := reset(t)
	here.set(func(c *cloud) { c.hold = make(chan bool) })
	s := newSource(withRole)
	s.finder.http.Timeout = 1
	_, err := s.Credential(t.Context())
	close(here.hold)
	wantError(t, err, "assume_role: timeout")
	if !err.(*Error).Temporary() { //nolint:errorlint,forcetypeassert // wantError did.
		t.Error("a timeout is not temporary")
	}
}

// TestPanic has the library, or anything else, panic.
func TestPanic(t *testing.T) {
	var missing *string
	for want, fetch := range map[string]func(context.Context) (session, error){
		"nil pointer dereference": func(context.Context) (session, error) { return session{}, errors.New(*missing) },
		"internal error. advice":  func(context.Context) (session, error) { panic(canary) },
	} {
		_, err := source{"the name", "advice", fetch}.get(t.Context())
		wantError(t, err, "unable to get credentials from the name: internal error", want)
	}
}
