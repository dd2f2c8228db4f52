package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const testRole = "acs:ram::1234567890123456:role/reader"

// assumeRoleRequest signs the way that the official library does: with the signature
// in the query, and the parameters of the operation in a form.
func assumeRoleRequest(t *testing.T, parameters pairs, s signing) *http.Request {
	t.Helper()
	all := pairs{"Action": "AssumeRole", "Version": "2015-04-01", "RoleArn": testRole, "RoleSessionName": "terraform"}
	maps.Copy(all, parameters)
	s.form = true
	signed := rpcRequest(all, s)
	if err := signed.ParseForm(); err != nil {
		t.Fatal(err)
	}
	query, form := pairs{}, pairs{}
	for name, values := range signed.PostForm {
		part := form
		switch name {
		case "Action", "Version", "Format", "Timestamp", "AccessKeyId", "SecurityToken":
			part = query
		default:
			if strings.HasPrefix(name, "Signature") {
				part = query
			}
		}
		part[name] = values[0]
	}
	return postForm(query, form)
}

func oidcRequest(parameters pairs) *http.Request {
	all := pairs{
		"RoleArn": testRole, "RoleSessionName": "terraform",
		"OIDCProviderArn": "acs:ram::1234567890123456:oidc-provider/ci", "OIDCToken": "an-oidc-token",
	}
	maps.Copy(all, parameters)
	return postForm(pairs{"Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "Format": "JSON", "Timestamp": testDate}, all)
}

func postForm(query, form pairs) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://sts.aliyuncs.com/?"+query.sortedQuery(), strings.NewReader(form.sortedQuery()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// assumed is a response of either operation.
type assumed struct {
	RequestId       string
	AssumedRoleUser struct{ Arn, AssumedRoleId string }
	Credentials     credentials
}

func assume(t *testing.T, e *Emulator, r *http.Request) assumed {
	t.Helper()
	a := send(t, e, r)
	var got assumed
	if err := json.Unmarshal([]byte(a.raw), &got); err != nil || a.status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", a.status, a.raw)
	}
	return got
}

func TestAssumeRole(t *testing.T) {
	e, _ := newEmulator(t)
	for name, request := range map[string]*http.Request{
		"AssumeRole":                  assumeRoleRequest(t, pairs{"ExternalId": "tenant *~/", "Policy": `{"Version":"1"}`}, signing{}),
		"AssumeRole, key with token":  assumeRoleRequest(t, nil, signing{token: "any"}),
		"AssumeRole by an issued key": assumeRoleRequest(t, nil, credentialsFrom(t, e).signing()),
		"AssumeRoleWithOIDC":          oidcRequest(nil),
	} {
		t.Run(name, func(t *testing.T) {
			got := assume(t, e, request)
			if got.RequestId == "" || got.AssumedRoleUser.Arn != testRole+"/terraform" || !strings.HasSuffix(got.AssumedRoleUser.AssumedRoleId, ":terraform") {
				t.Errorf("got %+v", got)
			}
			c := got.Credentials
			if !strings.HasPrefix(c.AccessKeyId, "STS.") || c.AccessKeySecret == "" || c.Expiration != "2026-11-20T08:24:45Z" {
				t.Errorf("got %+v", c)
			}
			if a := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, c.signing())); !a.Success {
				t.Errorf("the key is not good: %s", a.raw)
			}
			recorded := e.Requests()
			call := recorded[len(recorded)-2]
			if call.IssuedKey != c.AccessKeyId || call.Parameters.Get("RoleArn") != testRole || call.Header.Get("Host") != "sts.aliyuncs.com" {
				t.Errorf("recorded %+v", call)
			}
		})
	}
}

func TestRefusalsOfSTS(t *testing.T) {
	tests := map[string]struct {
		parameters pairs
		status     int
		code       string
	}{
		"no role":           {pairs{"RoleArn": ""}, 400, "MissingRoleArn"},
		"no session name":   {pairs{"RoleSessionName": ""}, 400, "MissingRoleSessionName"},
		"no role at all":    {pairs{"RoleArn": "reader"}, 400, "InvalidParameter.RoleArn"},
		"bad session name":  {pairs{"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"},
		"bad policy":        {pairs{"Policy": "everything"}, 400, "InvalidParameter.PolicyGrammar"},
		"too short":         {pairs{"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"},
		"too long":          {pairs{"DurationSeconds": "43201"}, 400, "InvalidParameter.DurationSeconds"},
		"no duration":       {pairs{"DurationSeconds": "1h"}, 400, "InvalidParameter.DurationSeconds"},
		"may not":           {pairs{"RoleArn": testRole + "-denied"}, 403, "NoPermission"},
		"no such role":      {pairs{"RoleArn": testRole + "2"}, 404, "EntityNotExist.Role"},
		"version of DTS":    {pairs{"Version": "2020-01-01"}, 400, "InvalidVersion"},
		"unknown operation": {pairs{"Action": "AssumeRoleWithSAML"}, 404, "InvalidAction.NotFound"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, _ := newEmulator(t)
			e.Roles = []string{testRole}
			a := send(t, e, assumeRoleRequest(t, test.parameters, signing{}))
			if a.status != test.status || a.Code != test.code || a.Message == "" || a.RequestId == "" || a.RequestId != a.header.Get("X-Acs-Request-Id") {
				t.Errorf("HTTP %d: %s", a.status, a.raw)
			}
			if strings.HasPrefix(name, "no such") && !strings.Contains(a.Recommend, "product=Sts") {
				t.Errorf("recommends %s", a.Recommend)
			}
		})
	}
	e, _ := newEmulator(t)
	if a := send(t, e, assumeRoleRequest(t, nil, signing{secret: "wrong"})); a.Code != "SignatureDoesNotMatch" {
		t.Errorf("wrong secret: %s", a.raw)
	}
}

// Everyone can learn who they are.
func TestGetCallerIdentity(t *testing.T) {
	e, _ := newEmulator(t)
	account := "1000000000000001"
	assumed := assume(t, e, assumeRoleRequest(t, nil, signing{})).Credentials.signing()
	for name, test := range map[string]struct {
		signing signing
		want    []string
	}{
		"account":         {signing{}, []string{"Account", account, account, "acs:ram::" + account + ":root"}},
		"role":            {assumed, []string{"AssumedRoleUser", "1234567890123456", "300000000000000001:terraform", "acs:sts::1234567890123456:assumed-role/reader/terraform"}},
		"credentials URI": {credentialsFrom(t, e).signing(), []string{"AssumedRoleUser", account, "300000000000000001:credentials-uri", "acs:sts::" + account + ":assumed-role/credentials-uri/credentials-uri"}},
	} {
		r := send(t, e, rpcRequest(pairs{"Action": "GetCallerIdentity", "Version": "2015-04-01"}, test.signing))
		members := []map[string]any{decodeObject(t, []byte(r.raw))}
		got := slices.Concat(fieldOf(members, "IdentityType"), fieldOf(members, "AccountId"), fieldOf(members, "PrincipalId"), fieldOf(members, "Arn"))
		if r.status != http.StatusOK || r.RequestId == "" || !slices.Equal(got, test.want) {
			t.Errorf("%s: HTTP %d %s", name, r.status, r.raw)
		}
	}
}
