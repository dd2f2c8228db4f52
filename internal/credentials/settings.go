package credentials

// Settings are the arguments of the provider block, one line per argument. The
// argument's name is the snake_case of the field's name. The env tag lists the
// environment variables that can set it, in order of precedence; doc describes
// it for schema and documentation, with names in single quotes; arg:"sensitive"
// hides its value. A zero field is not set.
type Settings struct {
	Region                Region   `env:"ALICLOUD_REGION,ALIBABA_CLOUD_REGION,ALIBABA_CLOUD_REGION_ID" doc:"Default region. If unset, the region of the CLI profile is used."`
	AccessKey             Text     `env:"ALICLOUD_ACCESS_KEY,ALIBABA_CLOUD_ACCESS_KEY_ID,ALIBABACLOUD_ACCESS_KEY_ID" doc:"Access key ID. Required with 'secret_key'."`
	SecretKey             Text     `arg:"sensitive" env:"ALICLOUD_SECRET_KEY,ALIBABA_CLOUD_ACCESS_KEY_SECRET,ALIBABACLOUD_ACCESS_KEY_SECRET" doc:"Access key secret. Required with 'access_key'."`
	SecurityToken         Text     `arg:"sensitive" env:"ALICLOUD_SECURITY_TOKEN,ALIBABA_CLOUD_SECURITY_TOKEN,ALIBABACLOUD_SECURITY_TOKEN" doc:"Security token of temporary credentials issued by STS. Ignored without an access key."`
	Profile               Text     `env:"ALICLOUD_PROFILE,ALIBABA_CLOUD_PROFILE" doc:"Alibaba Cloud CLI profile to use. Defaults to the current profile of the file if 'shared_credentials_file' is set."`
	SharedCredentialsFile Text     `env:"ALICLOUD_SHARED_CREDENTIALS_FILE,ALIBABA_CLOUD_CREDENTIALS_FILE" doc:"Path of the Alibaba Cloud CLI configuration file. Defaults to '~/.aliyun/config.json'."`
	ECSRoleName           Text     `env:"ALICLOUD_ECS_ROLE_NAME,ALIBABA_CLOUD_ECS_METADATA" doc:"Name of the RAM role attached to the ECS instance that Terraform runs on."`
	CredentialsURI        URI      `arg:"sensitive" env:"ALICLOUD_CREDENTIALS_URI,ALIBABA_CLOUD_CREDENTIALS_URI" doc:"URI that returns temporary credentials as JSON."`
	Protocol              Protocol `doc:"Protocol of API requests. 'HTTP' is meant for emulators. Defaults to 'HTTPS'."`
	ClientConnectTimeout  Natural  `env:"CLIENT_CONNECT_TIMEOUT" doc:"Timeout for establishing a connection, in milliseconds. Defaults to 10000."`
	ClientReadTimeout     Natural  `env:"CLIENT_READ_TIMEOUT" doc:"Timeout for receiving a response, in milliseconds. Defaults to 60000."`
	MaxRetryTimeout       Natural  `env:"MAX_RETRY_TIMEOUT" doc:"Time limit for one request and its retries, in seconds. Defaults to 120."`
	MaxRequestsPerSecond  Natural  `doc:"Maximum API requests per second and region for this provider configuration. Defaults to 20, the account limit."`
	ConfigurationSource   Text     `env:"TF_APPEND_USER_AGENT" doc:"Text to append to the User-Agent header of API requests, such as the name of a module."`

	Endpoints          *Endpoints          `doc:"Endpoints to use instead of the default ones, for example for an emulator."`
	AssumeRole         *AssumeRole         `doc:"RAM role to assume with the credentials found by any other authentication method."`
	AssumeRoleWithOIDC *AssumeRoleWithOIDC `doc:"RAM role to assume with a token of an OIDC identity provider."`
}

// Endpoints is the block endpoints. Its variables apply without the block, too.
type Endpoints struct {
	DTS Endpoint `env:"ALIBABA_CLOUD_ENDPOINT_DTS,DTS_ENDPOINT" doc:"DTS endpoint, as 'host' or 'host:port'. Defaults to the endpoint of the region."`
	STS Endpoint `doc:"STS endpoint, as 'host' or 'host:port'. Defaults to 'sts.REGION.aliyuncs.com', or to 'sts.aliyuncs.com' if no region is known."`
}

// AssumeRole is the block assume_role. Its variables apply only if the block is
// present.
type AssumeRole struct {
	RoleARN           Text              `env:"ALICLOUD_ASSUME_ROLE_ARN,ALIBABA_CLOUD_ROLE_ARN" doc:"ARN of the RAM role to assume."`
	SessionName       Text              `env:"ALICLOUD_ASSUME_ROLE_SESSION_NAME,ALIBABA_CLOUD_ROLE_SESSION_NAME" doc:"Name of the role session. Defaults to 'terraform'."`
	Policy            string            `doc:"Policy that further restricts the permissions of the session, as JSON."`
	SessionExpiration SessionExpiration `env:"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION" doc:"Session duration, in seconds. At least 900. Defaults to 3600."`
	ExternalID        Text              `doc:"External ID required by the trust policy of the role."`
}

// AssumeRoleWithOIDC is the block assume_role_with_oidc. Its variables are an
// authentication method without the block, too.
type AssumeRoleWithOIDC struct {
	OIDCProviderARN   Text              `env:"ALIBABA_CLOUD_OIDC_PROVIDER_ARN" doc:"ARN of the OIDC identity provider."`
	OIDCToken         Text              `arg:"sensitive" env:"ALIBABA_CLOUD_OIDC_TOKEN" doc:"OIDC token. Takes precedence over 'oidc_token_file'."`
	OIDCTokenFile     Text              `env:"ALIBABA_CLOUD_OIDC_TOKEN_FILE" doc:"Path of a file that contains the OIDC token. It is read whenever credentials are refreshed."`
	RoleARN           Text              `env:"ALIBABA_CLOUD_ROLE_ARN" doc:"ARN of the RAM role to assume."`
	RoleSessionName   Text              `env:"ALIBABA_CLOUD_ROLE_SESSION_NAME" doc:"Name of the role session. Defaults to 'terraform'."`
	Policy            string            `doc:"Policy that further restricts the permissions of the session, as JSON."`
	SessionExpiration SessionExpiration `doc:"Session duration, in seconds. At least 900. Defaults to 3600."`
}
