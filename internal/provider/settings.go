package provider

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// setting is an argument of the provider that the environment may give
// instead; the first variable that is set wins.
type setting struct {
	name, doc   string
	environment []string
	number      bool // an integer, else a string
	least       int64
	sensitive   bool
	validators  []validator.String
}

// settingBlock is a block of settings.
type settingBlock struct {
	name, doc string
	settings  []setting
}

// settingList holds the arguments outside of blocks.
var settingList = []setting{
	{name: "region", doc: "Region of data sources that name none; last the one of the profile that is used.",
		environment: []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"}},
	{name: "access_key", doc: "Access key ID.",
		environment: []string{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"}},
	{name: "secret_key", doc: "Access key secret.", sensitive: true,
		environment: []string{"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"}},
	{name: "security_token", doc: "Token of a temporary access key, as STS issues it.", sensitive: true,
		environment: []string{"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"}},
	{name: "profile", doc: "Profile of the Alibaba Cloud CLI to sign in with; the file's current one when only the file is named.",
		environment: []string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"}},
	{name: "shared_credentials_file", doc: "File of the Alibaba Cloud CLI's profiles; `~/.aliyun/config.json` by default.",
		environment: []string{"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"}},
	{name: "ecs_role_name", doc: "RAM role of the ECS instance that Terraform runs on, to sign in with.",
		environment: []string{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"}},
	{name: "credentials_uri", doc: "Address that answers with temporary keys as JSON, to sign in with.",
		environment: []string{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"}},
	{name: "protocol", doc: "Protocol of all calls, `HTTPS` (default) or `HTTP`; the latter is for emulators.",
		validators: []validator.String{closedList("HTTPS", "HTTP")}},
	{name: "client_connect_timeout", doc: "Time for a connection, in milliseconds; 10000 by default.", number: true,
		environment: []string{"CLIENT_CONNECT_TIMEOUT"}},
	{name: "client_read_timeout", doc: "Time for an answer, in milliseconds; 60000 by default.", number: true,
		environment: []string{"CLIENT_READ_TIMEOUT"}},
	{name: "max_retry_timeout", doc: "Time for one call and its retries, in seconds; 120 when unset or 0.", number: true,
		environment: []string{"MAX_RETRY_TIMEOUT"}},
	{name: "max_requests_per_second", doc: "Calls in any second to one region, by all data sources together; 20, the limit of an account, when unset or 0.", number: true},
	{name: "configuration_source", doc: "Text added to the User-Agent of all calls, such as the module they come from.",
		environment: []string{"TF_APPEND_USER_AGENT"}},
}

// settingBlocks holds the blocks. Variables of a block that signs in count
// only when the block is there, but for those of an OIDC role, which the
// environment can give alone.
var settingBlocks = []settingBlock{
	{"endpoints", "Addresses of services, for a private network or an emulator.", []setting{
		{name: "dts", doc: "Host, or host:port, of the DTS API instead of the region's own.", validators: []validator.String{hostAndPort{}},
			environment: []string{"ALIBABA_CLOUD_ENDPOINT_DTS", "DTS_ENDPOINT"}},
		{name: "sts", doc: "Host, or host:port, of the STS API that roles are assumed at, instead of sts.aliyuncs.com.", validators: []validator.String{hostAndPort{}}},
	}},
	{"assume_role", "A RAM role that is assumed on top of whichever way to sign in was found.", []setting{
		{name: "role_arn", doc: "ARN of the role to assume.", environment: []string{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}},
		{name: "session_name", doc: "Name of the role's session; `terraform` by default.",
			environment: []string{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"}},
		{name: "policy", doc: "Policy that narrows what the role may do in this session, as JSON."},
		{name: "session_expiration", doc: "Life of the role's keys, in seconds; 3600 by default.", number: true, least: 900,
			environment: []string{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"}},
		{name: "external_id", doc: "External ID that the role's trust policy asks for."},
	}},
	{"assume_role_with_oidc", "A RAM role that is assumed with a token of an identity provider.", []setting{
		{name: "oidc_provider_arn", doc: "ARN of the identity provider.", environment: []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
		{name: "oidc_token", doc: "Token of the identity provider.", sensitive: true, environment: []string{"ALIBABA_CLOUD_OIDC_TOKEN"}},
		{name: "oidc_token_file", doc: "File with the token, read again when the role's keys are renewed.", environment: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}},
		{name: "role_arn", doc: "ARN of the role to assume with the token.", environment: []string{"ALIBABA_CLOUD_ROLE_ARN"}},
		{name: "role_session_name", doc: "Name of the session with the token; `terraform` by default.", environment: []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME"}},
		{name: "policy", doc: "Policy that narrows the session with the token, as JSON."},
		{name: "session_expiration", doc: "Life of the keys got with the token, in seconds; 3600 by default.", number: true, least: 900},
	}},
}

// description names the environment variables too.
func (s setting) description() string {
	if len(s.environment) == 0 {
		return s.doc
	}
	return s.doc + " Environment: `" + strings.Join(s.environment, "`, `") + "`."
}

func (s setting) attribute() schema.Attribute {
	if s.number {
		return schema.Int64Attribute{Optional: true, MarkdownDescription: s.description(),
			Validators: []validator.Int64{int64validator.AtLeast(s.least)}}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.sensitive, MarkdownDescription: s.description(),
		Validators: s.validators}
}

func settingAttributes(list []setting) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, s := range list {
		attributes[s.name] = s.attribute()
	}
	return attributes
}

func settingSchema() (map[string]schema.Attribute, map[string]schema.Block) {
	blocks := map[string]schema.Block{}
	for _, b := range settingBlocks {
		blocks[b.name] = schema.SingleNestedBlock{MarkdownDescription: b.doc, Attributes: settingAttributes(b.settings)}
	}
	return settingAttributes(settingList), blocks
}

// settingValues are the settings as text, by name or block.name.
type settingValues struct {
	block       map[string]string // what the provider block says
	environment map[string]string // what the environment says
	variable    map[string]string // which variable says so
	blocks      map[string]bool   // the blocks that are there
	unknown     []string          // what is known only after apply
}

// readSettings reads block and environment. An unknown value is no error here
// but of the read that needs it.
func readSettings(config tftypes.Value) settingValues {
	v := settingValues{block: map[string]string{}, environment: map[string]string{}, variable: map[string]string{}, blocks: map[string]bool{}}
	root := arguments(config)
	v.read("", settingList, root)
	for _, b := range settingBlocks {
		value, set := root[b.name]
		if set && !value.IsKnown() {
			v.unknown = append(v.unknown, b.name)
			continue
		}
		v.blocks[b.name] = set && !value.IsNull()
		v.read(b.name+".", b.settings, root.nested(b.name))
	}
	return v
}

func (v *settingValues) read(prefix string, list []setting, values argumentValues) {
	for _, s := range list {
		name := prefix + s.name
		v.environment[name], v.variable[name] = lookup(s.environment)
		if !values.known(s.name) {
			v.unknown = append(v.unknown, name)
			continue
		}
		v.block[name] = values.text(s.name)
		if number, set := values.number(s.name); set {
			v.block[name] = strconv.FormatInt(number, 10)
		}
	}
}

// text is what the block says, or else the environment.
func (v settingValues) text(name string) string { return cmp.Or(v.block[name], v.environment[name]) }

// number is 0 for a setting that nothing says.
func (v settingValues) number(name string, diags *diag.Diagnostics) int64 {
	text := v.text(name)
	if text == "" {
		return 0
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 {
		diags.AddAttributeError(path.Root(name), "Invalid "+v.variable[name],
			fmt.Sprintf("The environment variable %s stands for %s and must hold a whole number, not %q.", v.variable[name], name, text))
	}
	return number
}

// duration is the fallback for a setting that is unset or 0.
func (v settingValues) duration(name string, unit, fallback time.Duration, diags *diag.Diagnostics) time.Duration {
	if number := v.number(name, diags); number != 0 {
		return time.Duration(number) * unit
	}
	return fallback
}

// lookup returns the value of the first variable that is set, and its name.
func lookup(variables []string) (value, variable string) {
	for _, variable := range variables {
		if value := os.Getenv(variable); value != "" {
			return value, variable
		}
	}
	return "", ""
}
