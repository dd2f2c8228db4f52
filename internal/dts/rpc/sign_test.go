package rpc

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"

	core "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/aliyun/credentials-go/credentials"
	"github.com/google/go-cmp/cmp"
)

// wire is a request as a server receives it.
type wire struct {
	Method, URI, Host string
	ContentLength     int64
	Header            http.Header
}

// recorder is a server that keeps the last request.
func recorder(t *testing.T) (endpoint string, last *wire) {
	t.Helper()
	last = new(wire)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*last = wire{r.Method, r.RequestURI, r.Host, r.ContentLength, r.Header}
		_, _ = w.Write([]byte(dts.Healthy))
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://"), last
}

// sendByCore sends a request with the core library alone, as the official
// clients do.
func sendByCore(t *testing.T, endpoint, operation, userAgent string, parameters map[string]string, c Credential) {
	t.Helper()
	config := new(credentials.Config).SetType("access_key").SetAccessKeyId(c.AccessKeyID).SetAccessKeySecret(c.AccessKeySecret)
	if c.SecurityToken != "" {
		config.SetType("sts").SetSecurityToken(c.SecurityToken)
	}
	credential, err := credentials.NewCredential(config)
	if err != nil {
		t.Fatal(err)
	}
	sender := &coreSender{http: &http.Client{Transport: &http.Transport{}}}
	defer sender.http.CloseIdleConnections()
	client := &core.Client{Endpoint: &endpoint, UserAgent: &userAgent, Credential: credential, HttpClient: sender}
	_, err = client.CallApiWithCtx(t.Context(), &utils.Params{
		Action: &operation, Version: dara.String("2020-01-01"), Protocol: dara.String("HTTP"),
		Pathname: dara.String("/"), Method: dara.String("POST"), AuthType: dara.String("AK"),
		Style: dara.String("RPC"), ReqBodyType: dara.String("formData"), BodyType: dara.String("json"),
	}, &utils.OpenApiRequest{Query: toPointers(parameters)}, &dara.RuntimeOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

// coreSender is the HTTP client of the core library, which leaves no connection
// open.
type coreSender struct{ http *http.Client }

func (s *coreSender) Call(r *http.Request, _ *http.Transport) (*http.Response, error) {
	return s.http.Do(r)
}

// everyParameter fills all parameters that a request type declares.
func everyParameter(request reflect.Type) map[string]string {
	values := []string{"a b", "*~+", "中文", "", "100%", "a,b&c=d", `[{"key":"k","value":"v/"}]`}
	parameters := map[string]string{"Region": "cn-hangzhou", "RegionId": "cn-hangzhou"}
	for i, field := range reflect.VisibleFields(request) {
		parameters[field.Tag.Get("param")] = values[i%len(values)]
	}
	delete(parameters, "")
	return parameters
}

// TestRequestsAreThoseOfTheCoreLibrary compares requests that were made with
// the same nonce and date.
func TestRequestsAreThoseOfTheCoreLibrary(t *testing.T) {
	endpoint, last := recorder(t)
	for _, c := range []Credential{
		{AccessKeyID: "key", AccessKeySecret: "secret", Provider: "static_ak"},
		{AccessKeyID: "STS.key", AccessKeySecret: "secret", SecurityToken: "CAIS+/=token", Provider: "static_sts"},
	} {
		for operation, request := range map[string]reflect.Type{
			"DescribeDtsJobs":        reflect.TypeFor[api.JobsRequest](),
			"DescribePreCheckStatus": reflect.TypeFor[api.PrecheckRequest](),
		} {
			for _, userAgent := range []string{"", "terraform-provider-dts/1.0 Terraform/1.8"} {
				t.Run(c.Provider+" "+operation+" "+userAgent, func(t *testing.T) {
					parameters := everyParameter(request)
					sendByCore(t, endpoint, operation, userAgent, parameters, c)
					want := *last
					client := dts.ClientAt(endpoint, func(config *Config) { config.UserAgent = userAgent })
					sendAs(t, client, operation, parameters, c, want.Header)
					if diff := cmp.Diff(want, *last); diff != "" || len(parameters) < 9 {
						t.Errorf("%d parameters, -core +ours:\n%s", len(parameters), diff)
					}
				})
			}
		}
	}
}

// sendAs sends a request with the nonce and date of another one.
func sendAs(t *testing.T, client *dts.Client, operation string, parameters map[string]string, c Credential, other http.Header) {
	t.Helper()
	date, err := time.Parse(time.RFC3339, other.Get("X-Acs-Date"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := client.newHTTPRequest(CallKey{operation, "cn-hangzhou"}, parameters)
	if err != nil {
		t.Fatal(err)
	}
	sign(r, operation, c, date, other.Get("X-Acs-Signature-Nonce"))
	if _, err := client.roundTrip(r.WithContext(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// TestAttemptsAreSignedAnew compares the attempts of one request, a minute
// apart.
func TestAttemptsAreSignedAnew(t *testing.T) {
	var headers []http.Header
	c := dts.Offline(func(r *http.Request) (int, string) {
		headers = append(headers, r.Header)
		if len(headers) == 1 {
			return 503, ""
		}
		return 200, dts.Healthy
	}, func(c *Config) {
		c.UserAgent = "terraform-provider-dts/test"
	})
	FakeTime(t, func(t *testing.T) {
		c.Config.Backoff = func(int) time.Duration { return time.Minute }
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
			t.Fatal(err)
		}
	})
	for _, name := range []string{"X-Acs-Signature-Nonce", "X-Acs-Date", "Authorization"} {
		if headers[0].Get(name) == headers[1].Get(name) {
			t.Errorf("%s of both attempts: %s", name, headers[0].Get(name))
		}
	}
	for _, name := range []string{"X-Acs-Action", "User-Agent", "X-Acs-Content-Sha256"} {
		if headers[0].Get(name) != headers[1].Get(name) || headers[0].Get(name) == "" {
			t.Errorf("%s differs: %q, %q", name, headers[0].Get(name), headers[1].Get(name))
		}
	}
	if agent := headers[1].Get("User-Agent"); !strings.HasSuffix(agent, " terraform-provider-dts/test") {
		t.Errorf("User-Agent: %s", agent)
	}
}

// TestInvalidRequests are refused before an attempt, and say why.
func TestInvalidRequests(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"line break in the key ID": {func(c *Config) { c.Credentials = StaticCredential{AccessKeyID: "key\n"} }, "the access key ID contains a line break"},
		"line break in the secret": {func(c *Config) { c.Credentials = StaticCredential{AccessKeySecret: "secret\r\n"} }, "the access key secret contains a line break"},
		"tab in the token":         {func(c *Config) { c.Credentials = StaticCredential{SecurityToken: "a\tb"} }, "the security token contains a line break"},
		"control in the provider":  {func(c *Config) { c.Credentials = StaticCredential{Provider: "a\x00"} }, "the credential provider contains"},
		"line break in User-Agent": {func(c *Config) { c.UserAgent = "a\nb" }, "the User-Agent contains a line break"},
		"endpoint with a scheme":   {func(c *Config) { c.Endpoint = "https://dts.aliyuncs.com" }, `the endpoint "https://dts.aliyuncs.com" is not a host`},
		"endpoint with a path":     {func(c *Config) { c.Endpoint = "dts.aliyuncs.com/x" }, `is not a host`},
		"endpoint with a user":     {func(c *Config) { c.Endpoint = "me@dts.aliyuncs.com" }, `is not a host`},
		"endpoint with a break":    {func(c *Config) { c.Endpoint = "dts.aliyuncs.com\n" }, `is not a host`},
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			c := dts.Offline(func(*http.Request) (int, string) { sent++; return 200, dts.Healthy }, test.change)
			_, err := c.Jobs(t.Context(), "r", api.JobsRequest{})
			var failure *Error
			if !errors.Is(err, ErrInvalidRequest) || !errors.As(err, &failure) || failure.Attempts != 0 || sent != 0 {
				t.Fatalf("%d requests, %v", sent, err)
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret\r") {
				t.Errorf("got %v", err)
			}
		})
	}
}
