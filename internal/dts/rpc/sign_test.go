package rpc

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	core "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// wire is a request as a server receives it.
type wire struct {
	Method, URI, Host string
	ContentLength     int64
	Header            http.Header
}

// sendByCore sends a request with the core library alone, as the official
// clients do.
func sendByCore(t *testing.T, endpoint, operation, userAgent string, parameters map[string]string, c Credential) {
	t.Helper()
	client, err := core.NewClient(&utils.Config{
		AccessKeyId: &c.AccessKeyID, AccessKeySecret: &c.AccessKeySecret, SecurityToken: &c.SecurityToken,
		Endpoint: &endpoint, UserAgent: &userAgent,
	})
	if err != nil {
		t.Fatal(err)
	}
	sender := &coreSender{http: &http.Client{Transport: &http.Transport{}}}
	defer sender.http.CloseIdleConnections()
	client.HttpClient = sender
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
	last := new(wire)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*last = wire{r.Method, r.RequestURI, r.Host, r.ContentLength, r.Header}
		isHealthy(w, r)
	}))
	t.Cleanup(s.Close)
	endpoint := s.Listener.Addr().String()
	for _, credential := range []Credential{
		{AccessKeyID: "key", AccessKeySecret: "secret", Provider: "static_ak"},
		{AccessKeyID: "STS.key", AccessKeySecret: "secret", SecurityToken: "CAIS+/=token", Provider: "static_sts"},
	} {
		for operation, request := range map[string]reflect.Type{
			"DescribeDtsJobs":        reflect.TypeFor[api.JobsRequest](),
			"DescribePreCheckStatus": reflect.TypeFor[api.PrecheckRequest](),
		} {
			for _, userAgent := range []string{"", "terraform-provider-dts/1.0 Terraform/1.8"} {
				r := Request{operation, "cn-hangzhou", everyParameter(request)}
				sendByCore(t, endpoint, operation, userAgent, r.Parameters, credential)
				want := *last
				c := clientAt(t, endpoint, func(c *Config) { c.UserAgent = userAgent })
				unsigned, err := c.newHTTPRequest(r)
				if err != nil {
					t.Fatal(err)
				}
				date, err := time.Parse(time.RFC3339, want.Header.Get("X-Acs-Date"))
				if err != nil {
					t.Fatal(err)
				}
				signed := sign(unsigned.WithContext(t.Context()), r, credential, date, want.Header.Get("X-Acs-Signature-Nonce"))
				if _, err := c.roundTrip(signed); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, *last); diff != "" || len(r.Parameters) < 9 {
					t.Errorf("%s, %s, User-Agent %q: %d parameters, -core +ours:\n%s", credential.Provider, operation, userAgent, len(r.Parameters), diff)
				}
			}
		}
	}
}

// TestEveryAttemptIsSigned compares the attempts of one request, a minute apart.
func TestEveryAttemptIsSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var headers []http.Header
		keep := func(next fake) fake {
			return func(r *http.Request) (*http.Response, error) {
				headers = append(headers, r.Header)
				return next(r)
			}
		}
		c := offline(keep(inTurn(new(int), always(503, ""), always(200, healthy))), func(c *Client) {
			c.config.UserAgent = "terraform-provider-dts/test"
			c.backOff = func(int) time.Duration { return time.Minute }
		})
		if err := c.list(t.Context()); err != nil {
			t.Fatal(err)
		}
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
	})
}

// TestInvalidEndpoint is refused before an attempt.
func TestInvalidEndpoint(t *testing.T) {
	for _, endpoint := range []string{
		"https://dts.aliyuncs.com", "dts.aliyuncs.com/x", "me@dts.aliyuncs.com", "dts.aliyuncs.com\n", "dts.aliyuncs.com?", "dts.aliyuncs.com#", "a b",
	} {
		requests := 0
		c := offline(inTurn(&requests, always(200, healthy)), func(c *Client) { c.config.Endpoint = endpoint })
		err := c.list(t.Context())
		if e := errorOf(t, err); e.Attempts != 0 || requests != 0 || !strings.Contains(err.Error(), "is not a host or host:port") {
			t.Errorf("%q: %d requests, %v", endpoint, requests, err)
		}
	}
}
