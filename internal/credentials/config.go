package credentials

// Config is what the provider block and the environment set for authentication.
// A zero field is not set.
type Config struct {
	Block       Sources // set in the provider block; at most one of them
	Environment Sources // set in the environment, in order of precedence

	// Role is assumed on top of the source that is found; nil assumes none.
	Role *Role

	STS           STS
	HomeDirectory string // holds the files that are used by default

	MetadataDisabled   bool // never use the metadata of an ECS instance
	IMDSv1Disabled     bool // use it with a metadata token only
	CLIProfileDisabled bool // never use the profiles of the CLI
}

// Sources are the sources that credentials can come from.
type Sources struct {
	Keys    Keys
	OIDC    *OIDC // nil is not set
	Profile Profile
	ECSRole string // name of the RAM role of an ECS instance
	URI     string // returns temporary credentials
}

// Keys is an access key, with a token if it is temporary.
type Keys struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string

	// SecretSetting names what sets SecretKey, for the error if it is missing.
	SecretSetting string
}

// isSet is false for a token alone, which belongs to no key.
func (k Keys) isSet() bool { return k.AccessKey != "" || k.SecretKey != "" }

// Profile is a profile of the Alibaba Cloud CLI.
type Profile struct {
	Name string // empty is the current profile of the file
	File string // empty is ~/.aliyun/config.json
}

func (p Profile) isSet() bool { return p != Profile{} }

// Role is a RAM role to assume.
type Role struct {
	ARN         string
	SessionName string
	Policy      string
	ExternalID  string
	Expiration  int64 // seconds
}

// OIDC is a RAM role to assume with a token of an identity provider.
type OIDC struct {
	ProviderARN string
	Token       string
	TokenFile   string // read whenever credentials are refreshed
	RoleARN     string
	SessionName string
	Policy      string
	Expiration  int64 // seconds
}

// isComplete reports whether everything is set that has no default.
func (o *OIDC) isComplete() bool { return o != nil && len(o.missing()) == 0 }

// missing lists what is not set and has no default.
func (o *OIDC) missing() []string {
	var missing []string
	for _, required := range []struct{ name, value string }{
		{"oidc_provider_arn", o.ProviderARN},
		{"role_arn", o.RoleARN},
		{"oidc_token or oidc_token_file", o.Token + o.TokenFile},
	} {
		if required.value == "" {
			missing = append(missing, required.name)
		}
	}
	return missing
}

// STS is the endpoint at which roles are assumed.
type STS struct {
	Endpoint string // host or host:port, before everything below
	Region   string // empty is the central endpoint
	VPC      bool   // use the endpoint inside the VPC
}

// host returns the endpoint for the region of a profile, or for none.
func (s STS) host(region string, vpc bool) string {
	if s.Endpoint != "" {
		return s.Endpoint
	}
	if region == "" {
		region = s.Region
	}
	switch {
	case region == "":
		return "sts.aliyuncs.com"
	case vpc || s.VPC:
		return "sts-vpc." + region + ".aliyuncs.com"
	}
	return "sts." + region + ".aliyuncs.com"
}
