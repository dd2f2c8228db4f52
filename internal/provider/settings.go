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

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// setting is an argument of the provider block that the environment may give
// instead; the first variable that is set wins.
type setting struct {
	name, doc   string
	environment []string
	number      bool // an integer, else a string
	sensitive   bool
	validators  []validator.String
}

// settingList holds the arguments outside of blocks.
var settingList = []setting{
	{name: "region", doc: "Region of data sources that name none.",
		environment: []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"}},
	{name: "access_key", doc: "Access key ID.",
		environment: []string{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"}},
	{name: "secret_key", doc: "Access key secret.", sensitive: true,
		environment: []string{"ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"}},
	{name: "security_token", doc: "Token of a temporary access key, as STS issues it.", sensitive: true,
		environment: []string{"ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"}},
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

// dtsEndpoint is the one argument of the block endpoints.
var dtsEndpoint = setting{
	name: "dts", doc: "Host, or host:port, of the DTS API instead of the region's own.",
	environment: []string{"ALIBABA_CLOUD_ENDPOINT_DTS", "DTS_ENDPOINT"},
	validators:  []validator.String{hostAndPort{}},
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
			Validators: []validator.Int64{int64validator.AtLeast(0)}}
	}
	return schema.StringAttribute{Optional: true, Sensitive: s.sensitive, MarkdownDescription: s.description(),
		Validators: s.validators}
}

func settingAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, s := range settingList {
		attributes[s.name] = s.attribute()
	}
	return attributes
}

func endpointsBlock() map[string]schema.Block {
	return map[string]schema.Block{"endpoints": schema.SingleNestedBlock{
		MarkdownDescription: "Addresses of services, for a private network or an emulator.",
		Attributes:          map[string]schema.Attribute{dtsEndpoint.name: dtsEndpoint.attribute()},
	}}
}

// accountRate is the documented limit of calls in a second, for an account and
// a region.
const accountRate = 20

// settings is what the provider block and the environment say together.
type settings struct {
	region              string
	keys                credentials.Keys
	dtsEndpoint         string
	protocol            string
	connectTimeout      time.Duration
	readTimeout         time.Duration
	retryTimeout        time.Duration
	requestRate         int
	configurationSource string

	// unknown lists the arguments whose values are known only after apply.
	unknown []string
}

// readSettings merges block and environment. An unknown value is no error here
// but of the read that needs it.
func readSettings(config tftypes.Value, diags *diag.Diagnostics) settings {
	block := arguments(config)
	r := settingReader{values: block, diags: diags}
	text, number := map[string]string{}, map[string]int64{}
	for _, s := range settingList {
		if s.number {
			number[s.name] = r.number(s)
		} else {
			text[s.name] = r.text(s)
		}
	}
	endpoint := r.endpoint(block)
	return settings{
		region:              text["region"],
		keys:                readKeys(block, text),
		dtsEndpoint:         endpoint,
		protocol:            text["protocol"],
		connectTimeout:      orDefault(number["client_connect_timeout"], time.Millisecond, 10*time.Second),
		readTimeout:         orDefault(number["client_read_timeout"], time.Millisecond, time.Minute),
		retryTimeout:        orDefault(number["max_retry_timeout"], time.Second, 2*time.Minute),
		requestRate:         int(cmp.Or(number["max_requests_per_second"], accountRate)),
		configurationSource: text["configuration_source"],
		unknown:             r.unknown,
	}
}

// readKeys leaves out a token of the environment when the block has a key of
// its own: it belongs to the environment's key, and would spoil the block's.
func readKeys(block argumentValues, text map[string]string) credentials.Keys {
	keys := credentials.Keys{AccessKey: text["access_key"], SecretKey: text["secret_key"], SecurityToken: text["security_token"]}
	if block.text("access_key") != "" && block.text("security_token") == "" {
		keys.SecurityToken = ""
	}
	return keys
}

func orDefault(value int64, unit, fallback time.Duration) time.Duration {
	if value == 0 {
		return fallback
	}
	return time.Duration(value) * unit
}

// settingReader reads settings from a block or else from the environment.
type settingReader struct {
	values  argumentValues
	prefix  string // of argument names in messages
	unknown []string
	diags   *diag.Diagnostics
}

func (r *settingReader) text(s setting) string {
	if r.isUnknown(s) {
		return ""
	}
	if text := r.values.text(s.name); text != "" {
		return text
	}
	text, _ := lookup(s.environment)
	return text
}

func (r *settingReader) number(s setting) int64 {
	if r.isUnknown(s) {
		return 0
	}
	if number, set := r.values.number(s.name); set {
		return number
	}
	text, variable := lookup(s.environment)
	if text == "" {
		return 0
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 {
		r.diags.AddAttributeError(path.Root(s.name), "Invalid "+variable,
			fmt.Sprintf("The environment variable %s stands for %s and must hold a whole number, not %q.", variable, s.name, text))
	}
	return number
}

// endpoint reads the block endpoints.
func (r *settingReader) endpoint(block argumentValues) string {
	if endpoints, set := block["endpoints"]; set && !endpoints.IsKnown() {
		r.unknown = append(r.unknown, "endpoints")
		return ""
	}
	r.values, r.prefix = block.nested("endpoints"), "endpoints."
	return r.text(dtsEndpoint)
}

func (r *settingReader) isUnknown(s setting) bool {
	if r.values.known(s.name) {
		return false
	}
	r.unknown = append(r.unknown, r.prefix+s.name)
	return true
}

// lookup returns the first variable that is set, and its name.
func lookup(variables []string) (value, variable string) {
	for _, variable := range variables {
		if value := os.Getenv(variable); value != "" {
			return value, variable
		}
	}
	return "", ""
}
