package credentials

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// cloud is STS, the metadata of an instance and a credentials URI. The access
// keys that it issues are numbered by request.
type cloud struct {
	mu       sync.Mutex
	requests []string // what was requested, in order
	last     url.Values

	life     time.Duration // of the keys issued; an hour by default
	failures int           // the number of requests to fail; -1 is all
	failing  string        // only requests for paths that end with it fail
	status   int           // of a failure
	body     string        // of a failure, or of each response if there is no failure
	location string        // where a failure redirects to
	noToken  bool          // metadata issues no token

	came chan bool // nil, or what is told of a request
	hold chan bool // nil, or what a request waits for
}

var (
	sts  *httptest.Server // by HTTPS, as always
	here = &cloud{}
)

// TestMain trusts the certificate of the STS server, and has the fixed address
// of the metadata reached through a proxy.
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
	number, failed, came, hold := c.note(r)
	if came != nil {
		came <- true
	}
	if hold != nil {
		<-hold
	}
	switch isSTS := r.Form.Has("Action"); {
	case failed:
		w.Header().Set("Location", c.location)
		w.WriteHeader(c.status)
		_, _ = w.Write([]byte(c.body))
	case r.URL.Path == "/latest/api/token" && c.noToken:
		w.WriteHeader(http.StatusNotFound)
	case r.URL.Path == "/latest/api/token":
		_, _ = w.Write([]byte("metadata-token"))
	case c.body != "":
		_, _ = w.Write([]byte(c.body))
	case strings.HasSuffix(r.URL.Path, "/security-credentials/"):
		_, _ = w.Write([]byte("instance-role\n"))
	case isSTS:
		_, _ = fmt.Fprintf(w, `{"RequestId":"R-1","Credentials":{%s}}`, c.keys(number))
	default:
		_, _ = fmt.Fprintf(w, `{"Code":"Success",%s}`, c.keys(number))
	}
}

// note records a request, and tells its number and whether it fails.
func (c *cloud) note(r *http.Request) (number int, failed bool, came, hold chan bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what := r.Method + " " + r.URL.Path
	if token := r.Header.Get("X-Aliyun-Ecs-Metadata-Token"); token != "" {
		what += " " + token
	}
	if r.Form.Has("Action") {
		what = r.Form.Get("Action") + " " + r.Form.Get("RoleArn") + " " + r.Form.Get("OIDCToken") + r.Form.Get("AccessKeyId")
		c.last = r.Form
	}
	c.requests = append(c.requests, what)
	failed = c.failures != 0 && strings.HasSuffix(r.URL.Path, c.failing)
	if failed && c.failures > 0 {
		c.failures--
	}
	return len(c.requests), failed, c.came, c.hold
}

func (c *cloud) keys(number int) string {
	life := c.life
	if life == 0 {
		life = time.Hour
	}
	return fmt.Sprintf(`"AccessKeyId":"STS.%d","AccessKeySecret":"issued-secret-%d","SecurityToken":"issued-token-%d","Expiration":%q`,
		number, number, number, time.Now().Add(life).UTC().Format("2006-01-02T15:04:05Z"))
}

// reset returns the cloud for a test, without what others set.
func reset(t *testing.T) *cloud {
	t.Helper()
	here.set(func(c *cloud) {
		c.requests, c.last, c.came, c.hold = nil, nil, nil, nil
		c.life, c.failures, c.failing, c.status, c.body, c.location, c.noToken = 0, 0, "", 0, "", "", false
	})
	return here
}

func (c *cloud) set(change func(*cloud)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

// fail has the next requests fail.
func (c *cloud) fail(number, status int, body string) {
	c.set(func(c *cloud) { c.failures, c.status, c.body = number, status, body })
}

func (c *cloud) log() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// parameters returns those of the last request to STS.
func (c *cloud) parameters() url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.last)
}

// signature computes the signature of a request to STS from its documentation.
func signature(parameters url.Values, secret string) string {
	encode := func(text string) string {
		return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(text))
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if name != "Signature" {
			pairs = append(pairs, encode(name)+"="+encode(parameters.Get(name)))
		}
	}
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	_, _ = mac.Write([]byte("POST&%2F&" + encode(strings.Join(pairs, "&"))))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// home is a home directory with files in it.
func home(t *testing.T, files map[string]string) string {
	t.Helper()
	directory := t.TempDir()
	for name, text := range files {
		path := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

func host(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "https://") }

// newSource returns a source that uses the cloud's STS.
func newSource(c Config) *Source {
	if c.STS.Endpoint == "" {
		c.STS.Endpoint = host(sts)
	}
	return NewSource(c)
}

// newURI returns a credentials URI of the cloud.
func newURI(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(here)
	t.Cleanup(server.Close)
	return server.URL
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
