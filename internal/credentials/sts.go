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

const roleAdvice = "Check that the role exists, that its trust policy allows this identity to assume it, " +
	"and endpoints.sts."

// sts is the service that issues credentials for roles.
type sts struct {
	http     *http.Client
	endpoint Endpoint // before everything below
	region   Region   // empty: the central endpoint
	vpc      bool     // use the endpoint inside the VPC
}

// host returns the endpoint, which becomes the host of a request with a secret.
func (s sts) host() (string, error) {
	switch {
	case s.endpoint != "" && !s.endpoint.IsValid():
		return "", newError("the STS endpoint %q must be %s", s.endpoint, s.endpoint.Constraint()).
			advise("It is set by endpoints.sts in the provider block, or by sts_endpoint of the CLI profile.")
	case s.endpoint != "":
		return string(s.endpoint), nil
	case !s.region.IsValid():
		return "", newError("the STS region %q must be %s", s.region, s.region.Constraint()).advise(
			"It is set by ALIBABA_CLOUD_STS_REGION, by sts_region or region_id of the CLI profile, " +
				"or by region in the provider block.")
	case s.region == "":
		return "sts.aliyuncs.com", nil
	case s.vpc:
		return "sts-vpc." + string(s.region) + ".aliyuncs.com", nil
	}
	return "sts." + string(s.region) + ".aliyuncs.com", nil
}

// roleSource is the source of a role that is assumed with the credentials of
// another source.
func roleSource(name string, service sts, base source, role AssumeRole) source {
	s := source{name: name, advice: roleAdvice, region: base.region}
	s.fetch = func(ctx context.Context, seen *redactor) (expiring, error) {
		signer, err := base.get(ctx, seen)
		if err != nil {
			return expiring{}, err
		}
		parameters := url.Values{"Action": {"AssumeRole"}, "ExternalId": {string(role.ExternalID)}}
		return service.assume(ctx, role, &signer, "ram_role_arn/"+signer.Provider, parameters)
	}
	return s
}

// oidcSource is the source of a role that is assumed with a token of an identity
// provider: the token, or the one in the file.
func oidcSource(name string, service sts, role AssumeRole, provider, token, file Text) source {
	return source{name: name, advice: roleAdvice, fetch: func(ctx context.Context, seen *redactor) (expiring, error) {
		token := token
		if token == "" {
			text, err := os.ReadFile(string(file))
			if err != nil {
				return expiring{}, readError("oidc_token_file", string(file), err)
			}
			token = Text(strings.TrimSpace(string(text)))
			seen.add(string(token))
		}
		parameters := url.Values{
			"Action": {"AssumeRoleWithOIDC"}, "OIDCProviderArn": {string(provider)}, "OIDCToken": {string(token)},
		}
		return service.assume(ctx, role, nil, "oidc_role_arn", parameters)
	}}
}

// assume assumes a role by a request with more parameters, signed unless signer is
// nil. Parameters without a value are not sent.
func (s sts) assume(
	ctx context.Context, role AssumeRole, signer *expiring, provider string, parameters url.Values,
) (expiring, error) {
	host, err := s.host()
	if err != nil {
		return expiring{}, err
	}
	parameters.Set("RoleArn", string(role.RoleARN))
	parameters.Set("RoleSessionName", cmp.Or(string(role.SessionName), "terraform"))
	parameters.Set("DurationSeconds", strconv.FormatInt(cmp.Or(int64(role.SessionExpiration), 3600), 10))
	parameters.Set("Policy", role.Policy)
	parameters.Set("Version", "2015-04-01")
	parameters.Set("Format", "JSON")
	parameters.Set("Timestamp", time.Now().UTC().Format("2006-01-02T15:04:05Z"))
	if signer != nil {
		parameters.Set("AccessKeyId", signer.AccessKeyID)
		parameters.Set("SecurityToken", signer.SecurityToken)
		parameters.Set("SignatureMethod", "HMAC-SHA1")
		parameters.Set("SignatureVersion", "1.0")
		parameters.Set("SignatureNonce", rand.Text())
	}
	maps.DeleteFunc(parameters, func(_ string, values []string) bool { return values[0] == "" })
	if signer != nil {
		signed := make(map[string]*string, len(parameters))
		for name, values := range parameters {
			signed[name] = &values[0]
		}
		parameters.Set("Signature", *utils.GetRPCSignature(signed, new(http.MethodPost), &signer.AccessKeySecret))
	}
	body, err := exchange(ctx, s.http, http.MethodPost, "https://"+host+"/", parameters.Encode(),
		"Content-Type", "application/x-www-form-urlencoded")
	var response struct{ Credentials tokenResponse }
	return response.Credentials.credential(provider, &response, body, err)
}
