package credentials

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
)

// Defaults of a session.
const (
	defaultSession    = "terraform"
	defaultExpiration = 3600 // seconds
)

const roleAdvice = "Check that the role exists, that its trust policy allows this identity to assume it, and endpoints.sts."

// assumeRole returns the source of the block assume_role.
func (f finder) assumeRole(base source) (source, error) {
	if f.Role.ARN == "" {
		return source{}, &Error{
			Summary: "assume_role has no role_arn",
			Advice:  "Set role_arn in assume_role or ALICLOUD_ASSUME_ROLE_ARN in the environment, or remove the block.",
		}
	}
	return f.role("assume_role", base, *f.Role, f.STS.host("", false)), nil
}

// role returns the source of a role that is assumed with another source.
func (f finder) role(name string, base source, role Role, host string) source {
	return source{name, roleAdvice, func(ctx context.Context) (session, error) {
		with, err := base.get(ctx)
		if err != nil {
			return session{}, err
		}
		got, err := f.requestSTS(ctx, host, &with, url.Values{
			"Action":          {"AssumeRole"},
			"RoleArn":         {role.ARN},
			"RoleSessionName": {cmp.Or(role.SessionName, defaultSession)},
			"DurationSeconds": {strconv.FormatInt(cmp.Or(role.Expiration, defaultExpiration), 10)},
			"Policy":          {role.Policy},
			"ExternalId":      {role.ExternalID},
		})
		got.Provider = "ram_role_arn/" + with.Provider
		return got, err
	}}
}

// assumeRoleWithOIDC returns the source of a role that is assumed with a token
// of an identity provider.
func (f finder) assumeRoleWithOIDC(o *OIDC) (source, error) {
	if missing := o.missing(); len(missing) > 0 {
		return source{}, &Error{
			Summary: "assume_role_with_oidc has no " + strings.Join(missing, " and no "),
			Advice:  "Set it in the block assume_role_with_oidc, or by its variable in the environment.",
		}
	}
	return f.oidc("assume_role_with_oidc", *o, f.STS.host("", false)), nil
}

func (f finder) oidc(name string, o OIDC, host string) source {
	return source{name, roleAdvice, func(ctx context.Context) (session, error) {
		token, err := o.token()
		if err != nil {
			return session{}, err
		}
		got, err := f.requestSTS(ctx, host, nil, url.Values{
			"Action":          {"AssumeRoleWithOIDC"},
			"OIDCProviderArn": {o.ProviderARN},
			"OIDCToken":       {token},
			"RoleArn":         {o.RoleARN},
			"RoleSessionName": {cmp.Or(o.SessionName, defaultSession)},
			"DurationSeconds": {strconv.FormatInt(cmp.Or(o.Expiration, defaultExpiration), 10)},
			"Policy":          {o.Policy},
		})
		got.Provider = "oidc_role_arn"
		return got, err
	}}
}

// token returns the token that is set, or the one that the file contains now.
func (o OIDC) token() (string, error) {
	if o.Token != "" {
		return o.Token, nil
	}
	text, err := os.ReadFile(o.TokenFile)
	if err != nil {
		return "", unreadable("oidc_token_file", o.TokenFile, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// requestSTS sends a request, signed unless with is nil, and returns the session
// of the response. Parameters without a value are not sent.
func (f finder) requestSTS(ctx context.Context, host string, with *session, parameters url.Values) (session, error) {
	parameters.Set("Version", "2015-04-01")
	parameters.Set("Format", "JSON")
	parameters.Set("Timestamp", time.Now().UTC().Format("2006-01-02T15:04:05Z"))
	maps.DeleteFunc(parameters, func(_ string, values []string) bool { return values[0] == "" })
	if with != nil {
		sign(parameters, *with)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+host+"/", strings.NewReader(parameters.Encode()))
	if err != nil {
		return session{}, &cause{text: "endpoints.sts is not a valid host"}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := f.exchange(req)
	if err != nil {
		return session{}, err
	}
	var response struct{ Credentials issued }
	if err := parse(body, &response); err != nil {
		return session{}, err
	}
	return response.Credentials.session("")
}

// sign adds the signature to the parameters of a request, and what it requires.
func sign(parameters url.Values, with session) {
	parameters.Set("AccessKeyId", with.AccessKeyID)
	parameters.Set("SignatureMethod", "HMAC-SHA1")
	parameters.Set("SignatureVersion", "1.0")
	parameters.Set("SignatureNonce", rand.Text())
	if with.SecurityToken != "" {
		parameters.Set("SecurityToken", with.SecurityToken)
	}
	pointers := make(map[string]*string, len(parameters))
	for name, values := range parameters {
		pointers[name] = &values[0]
	}
	method := http.MethodPost
	parameters.Set("Signature", *utils.GetRPCSignature(pointers, &method, &with.AccessKeySecret))
}
