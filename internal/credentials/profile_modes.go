package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// profileMode is a mode of a profile: the fields that it requires, and the source
// that they specify.
type profileMode struct {
	name     string
	required []string
	source   source
}

// modes lists what a profile is in each mode, in the order of the CLI's
// documentation. Base is the source of the profile that it refers to.
func (f cliFile) modes(p profile, base source) []profileMode {
	type fields []string
	name, service := fmt.Sprintf("profile %q", p.Name), f.sts
	service.endpoint = cmp.Or(service.endpoint, p.STSEndpoint)
	service.region = cmp.Or(p.STSRegion, service.region, p.RegionID)
	service.vpc = service.vpc || p.VPC
	key := staticSource(name, p.advice(), p.AccessKey, p.SecretKey, "")
	temporaryKey := staticSource(name, p.advice(), p.AccessKey, p.SecretKey, p.Token)
	return []profileMode{
		{"AK", fields{"access_key_id", "access_key_secret"}, key},
		{"StsToken", fields{"access_key_id", "access_key_secret", "sts_token"}, temporaryKey},
		{"RamRoleArn", fields{"access_key_id", "access_key_secret", "ram_role_arn"},
			roleSource(name, service, key, p.role())},
		{"ChainableRamRoleArn", fields{"source_profile", "ram_role_arn"}, roleSource(name, service, base, p.role())},
		{"EcsRamRole", nil, f.metadata.source(name, p.ECSRole)},
		{"OIDC", fields{"oidc_provider_arn", "ram_role_arn", "oidc_token or oidc_token_file"},
			oidcSource(name, service, p.role(), p.OIDCProvider, p.OIDCToken, p.OIDCFile)},
		{"CredentialsURI", fields{"credentials_uri"}, uriSource(name, f.http, p.CredentialsURI)},
		{"External", fields{"process_command"}, externalSource(name, p.Command)},
		{"CloudSSO", fields{"cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"},
			cloudSSOSource(name, f.http, p)},
		{"OAuth", nil, oauthSource(name, f.path, p)},
	}
}

// cloudSSOSource is the source that exchanges the token of a CloudSSO user, which
// the CLI has stored, for a credential.
func cloudSSOSource(name string, client *http.Client, p profile) source {
	signIn := fmt.Sprintf("Log in with aliyun configure --profile %s --mode CloudSSO.", p.Name)
	return source{name: name, advice: signIn, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		if p.SignInExpires <= time.Now().Unix() {
			return expiring{}, newError("the CloudSSO access token of %s has expired", name).advise(signIn)
		}
		u, err := url.Parse(p.SignInURL)
		if err != nil || !URI(p.SignInURL).IsValid() || URI(p.SignInURL).isUnencrypted() {
			return expiring{}, newError("cloud_sso_sign_in_url of %s is not an HTTPS URL", name).advise(p.advice())
		}
		sent, err := json.Marshal(map[string]string{"AccountId": p.Account, "AccessConfigurationId": p.AccessConfig})
		if err != nil {
			return expiring{}, err
		}
		body, err := exchange(ctx, client, http.MethodPost, u.Scheme+"://"+u.Host+"/cloud-credentials", string(sent),
			"Accept", "application/json", "Content-Type", "application/json", "Authorization", "Bearer "+p.SignIn)
		var response struct{ CloudCredential tokenResponse }
		return response.CloudCredential.credential("cloud_sso", &response, body, err)
	}}
}

// oauthSource is the source of the temporary credential that the CLI has stored
// for an OAuth user. Another one would have to be stored, too, because it replaces
// the token that it was obtained with, so only the CLI renews it.
func oauthSource(name, path string, p profile) source {
	got := newCredential("oauth", p.AccessKey, p.SecretKey, p.Token)
	got.expires = time.Unix(p.TokenExpiration, 0)
	if p.Token == "" || p.SecretKey == "" || !got.isValid(time.Now()) {
		return source{err: newError("the credentials of %s in %s have expired, and only the Alibaba Cloud CLI can renew them", name, path).
			advise(fmt.Sprintf("Renew them with aliyun sts GetCallerIdentity --profile %[1]s. "+
				"If that fails, log in with aliyun configure --profile %[1]s --mode OAuth.", p.Name))}
	}
	return source{name: name, advice: p.advice(), fetch: func(context.Context, *redactor) (expiring, error) { return got, nil }}
}
