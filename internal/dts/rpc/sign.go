package rpc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
)

// Credential signs requests.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string // empty for a long-term key
	Provider        string // how it was obtained, such as static_ak; sent for statistics
}

// CredentialSource supplies credentials. It may be used from many goroutines.
//
// An error that has a method Temporary() bool returning true is retried like a
// request.
type CredentialSource interface {
	// Credential returns a credential that is valid now.
	Credential(ctx context.Context) (Credential, error)
	// Refresh replaces a credential that the API reports as expired. It returns
	// false if the source has no other.
	Refresh(ctx context.Context, expired Credential) (bool, error)
}

// StaticCredential is a source that always supplies the same credential.
type StaticCredential Credential

// Credential implements [CredentialSource].
func (s StaticCredential) Credential(context.Context) (Credential, error) { return Credential(s), nil }

// Refresh implements [CredentialSource].
func (s StaticCredential) Refresh(context.Context, Credential) (bool, error) { return false, nil }

const (
	signatureAlgorithm = "ACS3-HMAC-SHA256"
	// emptyBodyHash is the SHA-256 of no body: all parameters are in the query.
	emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// version is the version of the API.
const version = "2020-01-01"

// sharedEndpoint serves the regions without a separate endpoint.
const sharedEndpoint = "dts.aliyuncs.com"

// endpointExceptions are the endpoints other than dts.<region>.aliyuncs.com, by
// region, from the service's page on request syntax.
var endpointExceptions = map[string]string{
	"cn-wulanchabu":        sharedEndpoint,
	"cn-chengdu":           sharedEndpoint,
	"cn-beijing-finance-1": sharedEndpoint,
	"cn-hangzhou-finance":  "dts.cn-hangzhou.aliyuncs.com",
}

// HostOf returns the host that serves a region.
func HostOf(region string) string {
	if host, ok := endpointExceptions[region]; ok {
		return host
	}
	return "dts." + region + ".aliyuncs.com"
}

// newHTTPRequest returns an unsigned request. All parameters are in the query.
func (c *Client) newHTTPRequest(r Request) (*http.Request, error) {
	endpoint := c.endpoint(r.Region)
	query := url.Values{}
	for name, value := range r.Parameters {
		query.Set(name, value)
	}
	address := strings.ToLower(c.config.Protocol) + "://" + endpoint + "/?" + query.Encode()
	request, err := http.NewRequest(http.MethodPost, address, nil) //nolint:noctx // Each attempt has its own.
	if err != nil || request.URL.Host != endpoint || endpoint == "" {
		return nil, fmt.Errorf("the request cannot be built: the endpoint %q is not a host or host:port", endpoint)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", dara.StringValue(utils.GetUserAgent(&c.config.UserAgent)))
	return request, nil
}

// newNonce returns a text that makes a request different from all others.
func newNonce() string { return dara.StringValue(utils.GetNonce()) }

// sign returns a copy of an HTTP request with the headers that sign it. The core
// library computes the signature, so that it is the one of the official clients.
func sign(unsigned *http.Request, r Request, c Credential, now time.Time, nonce string) *http.Request {
	headers := map[string]string{
		"x-acs-action":          r.Operation,
		"x-acs-version":         version,
		"x-acs-content-sha256":  emptyBodyHash,
		"x-acs-date":            now.UTC().Format(time.RFC3339),
		"x-acs-signature-nonce": nonce,
	}
	if c.Provider != "" {
		headers["x-acs-credentials-provider"] = c.Provider
	}
	if c.SecurityToken != "" {
		headers["x-acs-accesskey-id"] = c.AccessKeyID
		headers["x-acs-security-token"] = c.SecurityToken
	}
	signed := unsigned.Clone(unsigned.Context())
	for name, value := range headers {
		signed.Header.Set(name, value)
	}
	headers["host"] = signed.URL.Host
	authorization := utils.GetAuthorization(&dara.Request{
		Method: &signed.Method, Pathname: &signed.URL.Path, Query: toPointers(r.Parameters), Headers: toPointers(headers),
	}, dara.String(signatureAlgorithm), dara.String(emptyBodyHash), &c.AccessKeyID, &c.AccessKeySecret)
	signed.Header.Set("Authorization", dara.StringValue(authorization))
	return signed
}

// toPointers returns the form in which the core library takes values.
func toPointers(values map[string]string) map[string]*string {
	pointers := make(map[string]*string, len(values))
	for name, value := range values {
		pointers[name] = &value
	}
	return pointers
}
