package credentials

// Config is what the provider block and the environment say about signing in.
// An empty string, and a zero, is what is not said.
type Config struct {
	Block       Bases // said by the provider block; at most one of them
	Environment Bases // said by the environment, where it counts in order

	// Role is assumed on top of whichever base was found; nil: none is.
	Role *Role

	STSEndpoint string // host or host:port; empty: the library's choice
	HomeFolder  string // for the files that are looked for by default

	// MetadataDisabled keeps the metadata of an ECS instance from being asked.
	MetadataDisabled bool
}

// Bases are the sources that credentials may come from.
type Bases struct {
	Keys    Keys
	OIDC    *OIDC // nil: not said
	Profile Profile
	ECSRole string // name of the RAM role of an ECS instance
	URI     string // address that answers with temporary keys
}

// Keys is an access key pair, with a token when it is a temporary one.
type Keys struct {
	AccessKey     string
	SecretKey     string
	SecurityToken string
}

func (k Keys) said() bool { return k != Keys{} }

// Profile is one of the profiles of the Alibaba Cloud CLI.
type Profile struct {
	Name string // empty: the file's current one
	File string // empty: ~/.aliyun/config.json
}

func (p Profile) said() bool { return p != Profile{} }

// Role is a RAM role that is assumed.
type Role struct {
	ARN         string
	SessionName string
	Policy      string
	ExternalID  string
	Expiration  int // seconds
}

// OIDC is a RAM role that is assumed with a token of an identity provider.
type OIDC struct {
	ProviderARN string
	Token       string
	TokenFile   string // read again when the token may be a new one
	RoleARN     string
	SessionName string
	Policy      string
	Expiration  int // seconds
}

// complete reports whether nothing is missing that has no default.
func (o *OIDC) complete() bool { return len(o.missing()) == 0 }

// missing lists what has no default and was not said.
func (o *OIDC) missing() []string {
	var missing []string
	for _, part := range []struct{ name, value string }{
		{"oidc_provider_arn", o.ProviderARN},
		{"role_arn", o.RoleARN},
		{"oidc_token or oidc_token_file", o.Token + o.TokenFile},
	} {
		if part.value == "" {
			missing = append(missing, part.name)
		}
	}
	return missing
}
