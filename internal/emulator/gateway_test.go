package emulator

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Every refusal of the gateway: HTTP status, code, message, and the body's shape.
func TestGatewayErrors(t *testing.T) {
	region := pairs{"Region": "cn-hangzhou"}
	// changed returns a well signed request, changed afterwards.
	changed := func(r *http.Request, change func(*http.Request)) *http.Request {
		change(r)
		return r
	}
	withoutHeader := func(name string) *http.Request {
		return changed(acs3Request(region, signing{}), func(r *http.Request) { r.Header.Del(name) })
	}
	withoutParameter := func(name string) *http.Request {
		return rpcRequest(pairs{"Region": "cn-hangzhou", name: ""}, signing{})
	}
	unsigned := func(name string) *http.Request {
		return changed(acs3Request(region, signing{}), func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";"+name, "", 1))
		})
	}
	withHeader := func(name, value string) *http.Request {
		return acs3Request(region, signing{headers: map[string]string{name: value}})
	}
	mandatory := " is mandatory for this action."

	type refusal struct {
		request       *http.Request
		status        int
		code, message string // a part of the message
	}
	tests := map[string]refusal{
		"no signature at all": {
			httptest.NewRequest(http.MethodGet, "http://"+testHost+"/?Action=DescribeDtsJobs&Version=2020-01-01&Region=cn-hangzhou", nil),
			400, "MissingAccessKeyId", "AccessKeyId" + mandatory},
		"another Authorization": {
			changed(acs3Request(region, signing{}), func(r *http.Request) { r.Header.Set("Authorization", "Basic YTpi") }),
			400, "MissingAccessKeyId", "AccessKeyId" + mandatory},

		"ACS3: unknown key":             {acs3Request(region, signing{key: "nobody"}), 404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."},
		"ACS3: wrong secret":            {acs3Request(region, signing{secret: "wrong"}), 400, "SignatureDoesNotMatch", "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n"},
		"ACS3: wrong secret, explained": {acs3Request(region, signing{secret: "wrong"}), 400, "SignatureDoesNotMatch", "server CanonicalRequest is [POST\n/\nRegion=cn-hangzhou\n"},
		"ACS3: date too old":            {acs3Request(region, signing{date: "2026-11-20T07:09:44Z"}), 400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."},
		"ACS3: date too new":            {acs3Request(region, signing{date: "2026-11-20T07:39:46Z"}), 400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."},
		"ACS3: malformed date":          {acs3Request(region, signing{date: "2026-11-20 07:24:45"}), 400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."},
		"ACS3: other algorithm":         {changed(acs3Request(region, signing{}), func(r *http.Request) { r.Header.Set("Authorization", "ACS3-HMAC-SM3 Credential=emulator") }), 400, "InvalidSignatureMethod", "Specified signature method is not supported."},
		"ACS3: no credential": {changed(acs3Request(region, signing{}), func(r *http.Request) {
			r.Header.Set("Authorization", "ACS3-HMAC-SHA256 SignedHeaders=host,Signature=00")
		}), 400, "MissingAccessKeyId", "AccessKeyId" + mandatory},
		"ACS3: no signature": {changed(acs3Request(region, signing{}), func(r *http.Request) {
			r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential=emulator,SignedHeaders=host")
		}), 400, "MissingSignature", "Signature" + mandatory},
		"ACS3: no header list": {changed(acs3Request(region, signing{}), func(r *http.Request) {
			r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential=emulator,Signature=00")
		}), 400, "IncompleteSignature", "The request signature does not conform to Aliyun standards."},
		"ACS3: token not signed":  {changed(acs3Request(region, signing{}), func(r *http.Request) { r.Header.Set("x-acs-security-token", "token") }), 400, "IncompleteSignature", "The request signature does not conform to Aliyun standards. The header x-acs-security-token is not signed."},
		"ACS3: date not signed":   {unsigned("x-acs-date"), 400, "IncompleteSignature", "The request signature does not conform to Aliyun standards. The header x-acs-date is not signed."},
		"ACS3: action not signed": {unsigned("x-acs-action"), 400, "IncompleteSignature", "The request signature does not conform to Aliyun standards. The header x-acs-action is not signed."},
		"ACS3: header changed":    {changed(withHeader("x-acs-region-id", "a"), func(r *http.Request) { r.Header.Set("x-acs-region-id", "b") }), 400, "SignatureDoesNotMatch", ""},
		"ACS3: host changed":      {changed(acs3Request(region, signing{}), func(r *http.Request) { r.Host = "dts.aliyuncs.com" }), 400, "SignatureDoesNotMatch", ""},
		"ACS3: query changed":     {changed(acs3Request(region, signing{}), func(r *http.Request) { r.URL.RawQuery = "Region=cn-beijing" }), 400, "SignatureDoesNotMatch", ""},
		"ACS3: method changed":    {changed(acs3Request(region, signing{}), func(r *http.Request) { r.Method = "GET" }), 400, "SignatureDoesNotMatch", ""},
		"ACS3: body changed":      {changed(acs3Request(region, signing{form: true}), func(r *http.Request) { r.Body = http.NoBody }), 400, "SignatureDoesNotMatch", ""},
		"ACS3: false body hash":   {withHeader("x-acs-content-sha256", strings.Repeat("0", 64)), 400, "SignatureDoesNotMatch", ""},

		"RPC: unknown key":    {rpcRequest(region, signing{key: "nobody"}), 404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."},
		"RPC: wrong secret":   {rpcRequest(region, signing{secret: "wrong"}), 400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&"},
		"RPC: date too old":   {rpcRequest(region, signing{date: "2026-11-20T07:09:44Z"}), 400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."},
		"RPC: malformed date": {rpcRequest(region, signing{date: "1795159485"}), 400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."},
		"RPC: no signature": {changed(rpcRequest(region, signing{}), func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "&Signature=", "&Unsigned=", 1)
		}), 400, "MissingSignature", "Signature" + mandatory},
		"RPC: other method":  {rpcRequest(pairs{"Region": "cn-hangzhou", "SignatureMethod": "RSA"}, signing{}), 400, "InvalidSignatureMethod", "Specified signature method is not supported."},
		"RPC: other version": {rpcRequest(pairs{"Region": "cn-hangzhou", "SignatureVersion": "2.0"}, signing{}), 400, "InvalidSignatureMethod", "Specified signature method is not supported."},

		"unknown action":   {withHeader("x-acs-action", "DescribeNothing"), 404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."},
		"unknown path":     {changed(acs3Request(region, signing{}), func(r *http.Request) { r.URL.Path = "/jobs" }), 404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."},
		"no action":        {rpcRequest(pairs{"Region": "cn-hangzhou", "Action": ""}, signing{}), 400, "MissingAction", "Action" + mandatory},
		"no version":       {rpcRequest(pairs{"Region": "cn-hangzhou", "Version": ""}, signing{}), 400, "MissingVersion", "Version" + mandatory},
		"wrong version":    {withHeader("x-acs-version", "2018-08-01"), 400, "InvalidVersion", "Specified parameter Version is not valid."},
		"PUT":              {acs3Request(region, signing{method: "PUT"}), 403, "UnsupportedHTTPMethod", "This http method is not supported."},
		"XML":              {rpcRequest(pairs{"Region": "cn-hangzhou", "Format": "XML"}, signing{}), 400, "InvalidParameter.Format", "Specified parameter Format is not valid"},
		"no region":        {acs3Request(nil, signing{}), 400, "MissingRegion", "Region" + mandatory},
		"empty region":     {acs3Request(pairs{"Region": ""}, signing{}), 400, "MissingRegion", "Region" + mandatory},
		"unreadable query": {changed(acs3Request(region, signing{}), func(r *http.Request) { r.URL.RawQuery = "Region=%zz" }), 400, "InvalidParameter", "The query or the body of the request cannot be read."},
		"unreadable form": {
			changed(acs3Request(region, signing{form: true}), func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("Region=%zz")) }),
			400, "InvalidParameter", "The query or the body of the request cannot be read."},
		"body over the limit": {
			httptest.NewRequest(http.MethodPost, "http://"+testHost+"/", strings.NewReader(strings.Repeat("a", wire.MaxBody+1))),
			400, "InvalidParameter", "The query or the body of the request cannot be read."},
	}
	for _, name := range []string{"AccessKeyId", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"} {
		tests["RPC: no "+name] = refusal{withoutParameter(name), 400, "Missing" + name, name + mandatory}
	}
	for header, name := range map[string]string{"x-acs-date": "Timestamp", "x-acs-signature-nonce": "SignatureNonce", "x-acs-content-sha256": "ContentSha256"} {
		tests["ACS3: no "+header] = refusal{withoutHeader(header), 400, "Missing" + name, name + mandatory}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, _ := newEmulator(t)
			a := send(t, e, test.request)
			if a.status != test.status || a.Code != test.code || !strings.Contains(a.Message, test.message) {
				t.Errorf("got HTTP %d %s %q, want %d %s %q", a.status, a.Code, a.Message, test.status, test.code, test.message)
			}
			if a.RequestId == "" || a.RequestId != a.header.Get("x-acs-request-id") || a.HostId != test.request.Host ||
				!strings.Contains(a.Recommend, "q="+test.code) {
				t.Errorf("the body is not the gateway's: %s", a.raw)
			}
			if recorded := e.Requests(); len(recorded) != 1 || recorded[0].Code != test.code || recorded[0].Status != test.status {
				t.Errorf("recorded as %+v", recorded)
			}
		})
	}
}

func TestOwnKey(t *testing.T) {
	_, clock := newEmulator(t)
	e := &Emulator{AccessKey: "mine", SecretKey: "mine too", clock: clock.Now}
	if a := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{key: "mine", secret: "mine too"})); !a.Success {
		t.Error(a.raw)
	}
	if a := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); a.Code != "InvalidAccessKeyId.NotFound" {
		t.Error(a.raw)
	}
}

// An hour of latency must not hold a client that has gone away.
func TestLatencyEndsWhenTheClientGoes(t *testing.T) {
	e, _ := newEmulator(t)
	e.Latency = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := serveRecorded(e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}).WithContext(ctx)); got.Body.Len() != 0 {
		t.Errorf("responded %s", got.Body)
	}
	if recorded := e.Requests(); len(recorded) != 1 || recorded[0].Status != 0 {
		t.Errorf("recorded %+v", recorded)
	}
}

// Either parameter names the region of DescribeDtsJobs, as clients of the service
// send one, the other or both.
func TestRegionParameters(t *testing.T) {
	e, _ := newEmulator(t)
	count := func(parameters pairs) int {
		return send(t, e, acs3Request(parameters, signing{})).TotalRecordCount
	}
	hangzhou, singapore := count(pairs{"Region": "cn-hangzhou"}), count(pairs{"Region": "ap-southeast-1"})
	byID, byBoth := count(pairs{"RegionId": "ap-southeast-1"}), count(pairs{"Region": "ap-southeast-1", "RegionId": "cn-hangzhou"})
	if hangzhou == singapore || hangzhou == 0 || singapore == 0 || byID != singapore || byBoth != singapore {
		t.Errorf("%d and %d jobs; %d by RegionId, %d by both", hangzhou, singapore, byID, byBoth)
	}
	if r := send(t, e, acs3Request(pairs{"RegionId": "cn-atlantis"}, signing{})); r.DynamicMessage != "RegionId" {
		t.Errorf("an unknown RegionId: %s", r.raw)
	}
}

// A business error has HTTP status 403 and the gateway's form, and on request a
// code with the prefix; the gateway's own errors have none.
func TestBusinessErrors(t *testing.T) {
	for prefix, isPrefixed := range map[string]bool{"": false, "DTS.Msg.": true} {
		e, _ := newEmulator(t)
		e.PrefixCodes = isPrefixed
		r := send(t, e, precheckRequest(e, pairs{"DtsJobId": "nobody"}))
		if r.status != http.StatusForbidden || r.Code != prefix+"Forbidden.InstanceNotFound" || r.HostId != testHost ||
			!strings.HasPrefix(r.Recommend, "https://api.aliyun.com/troubleshoot?") || r.RequestId == "" || strings.Contains(r.raw, "Success") {
			t.Errorf("unknown job: HTTP %d %s", r.status, r.raw)
		}
		if r := send(t, e, acs3Request(inHangzhou(pairs{"JobType": "BACKUP"}), signing{})); r.ErrCode != prefix+"InvalidParameter" {
			t.Errorf("bad parameter: %s", r.raw)
		}
		if r := send(t, e, acs3Request(nil, signing{})); r.Code != "MissingRegion" {
			t.Errorf("no region: %s", r.raw)
		}
	}
}
