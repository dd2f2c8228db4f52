package main

import (
	"os"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// first returns the first variable of the environment that is set.
func first(variables ...string) string {
	for _, variable := range variables {
		if value := os.Getenv(variable); value != "" {
			return value
		}
	}
	return ""
}

// signIn is what the environment says about credentials, in the order of the
// provider with an empty block.
func signIn() credentials.Config {
	home, _ := os.UserHomeDir() // Without one, nothing is found in it.
	return credentials.Config{
		Environment: credentials.Bases{
			Keys: credentials.Keys{
				AccessKey:     first("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"),
				SecretKey:     first("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"),
				SecurityToken: first("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"),
			},
			OIDC: &credentials.OIDC{
				ProviderARN: first("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"),
				Token:       first("ALIBABA_CLOUD_OIDC_TOKEN"),
				TokenFile:   first("ALIBABA_CLOUD_OIDC_TOKEN_FILE"),
				RoleARN:     first("ALIBABA_CLOUD_ROLE_ARN"),
				SessionName: first("ALIBABA_CLOUD_ROLE_SESSION_NAME"),
			},
			Profile: credentials.Profile{
				Name: first("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"),
				File: first("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"),
			},
			ECSRole: first("ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"),
			URI:     first("ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"),
		},
		HomeFolder:       home,
		MetadataDisabled: strings.EqualFold(os.Getenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "true"),
	}
}

// defaultRegion is the region of the environment, or else of the profile.
func defaultRegion(source *credentials.Source) string {
	if region := first("ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"); region != "" {
		return region
	}
	return source.Region()
}
