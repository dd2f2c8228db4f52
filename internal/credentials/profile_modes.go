package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// profileContext is a profile with everything that its source needs.
type profileContext struct {
	profile
	file         cliFile
	sts          sts    // with the endpoint of the profile
	name, advice string // of the source
	referring    []string
	seen         *redactor
}

// profileMode is a mode of a profile: the fields that it requires, and the source
// that it specifies.
type profileMode struct {
	name     string
	required []string
	build    func(profileContext) (source, error)
}

// profileModes lists the modes in the order of the CLI's documentation.
func profileModes() []profileMode {
	static := func(p profileContext, token string) source {
		return staticSource(p.name, p.advice, p.AccessKey, p.SecretKey, token)
	}
	return []profileMode{
		{"AK", []string{"access_key_id", "access_key_secret"}, func(p profileContext) (source, error) {
			return static(p, ""), nil
		}},
		{"StsToken", []string{"access_key_id", "access_key_secret", "sts_token"}, func(p profileContext) (source, error) {
			return static(p, p.Token), nil
		}},
		{"RamRoleArn", []string{"access_key_id", "access_key_secret", "ram_role_arn"}, func(p profileContext) (source, error) {
			return roleSource(p.name, p.sts, static(p, ""), p.role()), nil
		}},
		{"ChainableRamRoleArn", []string{"source_profile", "ram_role_arn"}, func(p profileContext) (source, error) {
			base, err := p.file.build(p.Source, p.referring, p.seen)
			return roleSource(p.name, p.sts, base, p.role()), err
		}},
		{"EcsRamRole", nil, func(p profileContext) (source, error) {
			return p.file.metadata.source(p.name, p.ECSRole)
		}},
		{"OIDC", []string{"oidc_provider_arn", "ram_role_arn", "oidc_token or oidc_token_file"}, func(p profileContext) (source, error) {
			return oidcSource(p.name, p.sts, AssumeRoleWithOIDC{
				OIDCProviderARN: Text(p.OIDCProvider), OIDCToken: Text(p.OIDCToken), OIDCTokenFile: Text(p.OIDCFile), RoleARN: Text(p.RoleARN),
				RoleSessionName: Text(p.SessionName), Policy: p.Policy, SessionExpiration: SessionExpiration(p.Expiration),
			})
		}},
		{"CredentialsURI", []string{"credentials_uri"}, func(p profileContext) (source, error) {
			return uriSource(p.name, p.file.http, URI(p.CredentialsURI)), nil
		}},
		{"External", []string{"process_command"}, func(p profileContext) (source, error) {
			const advice = "Run the process_command of the profile to see its messages. It must print access_key_id and access_key_secret as JSON."
			return externalSource(p.name, advice, p.Command), nil
		}},
		{"CloudSSO", []string{"cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"}, cloudSSOSource},
		{"OAuth", nil, oauthSource},
	}
}

// cloudSSOSource is the source that exchanges the token of a CloudSSO user, which
// the CLI has stored, for a credential.
func cloudSSOSource(p profileContext) (source, error) {
	signIn := fmt.Sprintf("Log in with aliyun configure --profile %s --mode CloudSSO.", p.Name)
	if p.SignInExpires <= time.Now().Unix() {
		return source{}, &Error{Summary: fmt.Sprintf("the CloudSSO access token of %s has expired", p.name), Advice: signIn}
	}
	u, err := url.Parse(p.SignInURL)
	if err != nil || !URI(p.SignInURL).IsValid() || URI(p.SignInURL).isUnencrypted() {
		return source{}, &Error{Summary: fmt.Sprintf("cloud_sso_sign_in_url of %s is not an HTTPS URL", p.name), Advice: p.advice}
	}
	return source{name: p.name, advice: signIn, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		body, err := json.Marshal(map[string]string{"AccountId": p.Account, "AccessConfigurationId": p.AccessConfig})
		if err != nil {
			return expiring{}, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.Scheme+"://"+u.Host+"/cloud-credentials", bytes.NewReader(body))
		if err != nil {
			return expiring{}, err
		}
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+p.SignIn)
		var response struct{ CloudCredential tokenResponse }
		err = exchangeJSON(p.file.http, req, &response)
		return response.CloudCredential.credential("cloud_sso", err)
	}}, nil
}

// oauthSource is the source of the temporary credential that the CLI has stored
// for an OAuth user. Another one would have to be stored, too, because it replaces
// the token that it was obtained with, so only the CLI renews it.
func oauthSource(p profileContext) (source, error) {
	expires := time.Unix(p.TokenExpiration, 0)
	if p.AccessKey == "" || p.SecretKey == "" || p.Token == "" || !time.Now().Before(expires) {
		return source{}, &Error{
			Summary: fmt.Sprintf("the credentials of %s in %s have expired, and only the Alibaba Cloud CLI can renew them", p.name, p.file.path),
			Advice: fmt.Sprintf("Renew them with aliyun sts GetCallerIdentity --profile %s. If that fails, log in with aliyun configure --profile %s --mode OAuth.",
				p.Name, p.Name),
		}
	}
	stored := staticSource(p.name, p.advice, p.AccessKey, p.SecretKey, p.Token)
	return source{name: p.name, advice: p.advice, fetch: func(ctx context.Context, seen *redactor) (expiring, error) {
		got, err := stored.get(ctx, seen)
		got.expires, got.Provider = expires, "oauth"
		return got, err
	}}, nil
}
