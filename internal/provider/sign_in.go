package provider

import (
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// signIn is what the settings say about credentials. What the block says
// outranks the environment; within a way to sign in that the block chose, the
// environment fills up what the block leaves out.
func signIn(v settingValues, diags *diag.Diagnostics) credentials.Config {
	home, _ := os.UserHomeDir() // Without one, nothing is found in it.
	c := credentials.Config{
		Block: credentials.Sources{
			Keys:    blockKeys(v),
			ECSRole: v.block["ecs_role_name"],
			URI:     v.block["credentials_uri"],
		},
		Environment: credentials.Sources{
			Keys: credentials.Keys{
				AccessKey:     v.environment["access_key"],
				SecretKey:     v.environment["secret_key"],
				SecurityToken: v.environment["security_token"],
			},
			OIDC:    oidc(v.environment, v.environment, 0),
			Profile: credentials.Profile{Name: v.environment["profile"], File: v.environment["shared_credentials_file"]},
			ECSRole: v.environment["ecs_role_name"],
			URI:     v.environment["credentials_uri"],
		},
		STS:              credentials.STS{Endpoint: v.text("endpoints.sts")},
		HomeDirectory:    home,
		MetadataDisabled: strings.EqualFold(os.Getenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "true"),
	}
	if v.block["profile"] != "" || v.block["shared_credentials_file"] != "" {
		c.Block.Profile = credentials.Profile{Name: v.text("profile"), File: v.text("shared_credentials_file")}
	}
	if v.blocks["assume_role_with_oidc"] {
		c.Block.OIDC = oidc(v.block, v.environment, v.number("assume_role_with_oidc.session_expiration", diags))
	}
	if v.blocks["assume_role"] {
		c.Role = &credentials.Role{
			ARN:         v.text("assume_role.role_arn"),
			SessionName: v.text("assume_role.session_name"),
			Policy:      v.text("assume_role.policy"),
			ExternalID:  v.text("assume_role.external_id"),
			Expiration:  v.number("assume_role.session_expiration", diags),
		}
	}
	return c
}

// blockKeys leaves out a token of the environment when the block has a key of
// its own: it belongs to the environment's key, and would spoil the block's.
func blockKeys(v settingValues) credentials.Keys {
	key, secret, token := v.block["access_key"], v.block["secret_key"], v.block["security_token"]
	if key+secret+token == "" {
		return credentials.Keys{}
	}
	if key == "" && token == "" {
		token = v.environment["security_token"]
	}
	return credentials.Keys{AccessKey: v.text("access_key"), SecretKey: v.text("secret_key"), SecurityToken: token}
}

// oidc reads the role of a token. A token file of the block outranks a token
// of the environment.
func oidc(first, second map[string]string, expiration int64) *credentials.OIDC {
	said := func(name string) string {
		name = "assume_role_with_oidc." + name
		if first[name] != "" {
			return first[name]
		}
		return second[name]
	}
	o := &credentials.OIDC{
		ProviderARN: said("oidc_provider_arn"),
		Token:       said("oidc_token"),
		TokenFile:   said("oidc_token_file"),
		RoleARN:     said("role_arn"),
		SessionName: said("role_session_name"),
		Policy:      said("policy"),
		Expiration:  expiration,
	}
	if first["assume_role_with_oidc.oidc_token_file"] != "" && first["assume_role_with_oidc.oidc_token"] == "" {
		o.Token = ""
	}
	return o
}
