package provider

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// connection is what the provider block gives its data sources.
type connection struct {
	client  *dts.Client
	region  string
	unknown []string // arguments that are known only after apply
}

func newConnection(s settings, userAgent string) *connection {
	return &connection{
		region:  s.region,
		unknown: s.unknown,
		client: dts.NewClient(dts.Config{
			Credential:     credentials.Static(s.keys),
			Endpoint:       s.dtsEndpoint,
			Protocol:       s.protocol,
			ConnectTimeout: s.connectTimeout,
			ReadTimeout:    s.readTimeout,
			RetryTimeout:   s.retryTimeout,
			RequestRate:    s.requestRate,
			UserAgent:      userAgent,
			Log: func(ctx context.Context, message string, fields map[string]any) {
				tflog.Info(ctx, message, fields)
			},
		}),
	}
}

// userAgent names the provider, the CLI and whatever the user wants to add.
func userAgent(version, cli, source string) string {
	parts := []string{"terraform-provider-dts/" + version}
	if cli != "" {
		parts = append(parts, "Terraform/"+cli)
	}
	if source != "" {
		parts = append(parts, source)
	}
	return strings.Join(parts, " ")
}

// connectionOf is Configure of every data source. Terraform also calls it when
// it only validates, without provider data.
func connectionOf(req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) *connection {
	if req.ProviderData == nil {
		return nil
	}
	c, ok := req.ProviderData.(*connection)
	if !ok {
		resp.Diagnostics.AddError("Unexpected provider data",
			fmt.Sprintf("The data source was given %T. This is a bug of the provider; please report it.", req.ProviderData))
	}
	return c
}

// regionFor returns the region of a read, own being the data source's
// argument, and adds an error when the read can't be made yet.
func (c *connection) regionFor(own string, diags *diag.Diagnostics) string {
	for _, name := range c.unknown {
		if name == "region" && own != "" {
			continue
		}
		diags.AddError("Provider argument not known yet", fmt.Sprintf(
			"The provider argument %s depends on something that is known only after apply, and this read needs it now. "+
				"Give it a value that is known while planning, such as a variable, or apply what it depends on first with -target.", name))
	}
	if own != "" {
		return own
	}
	if c.region == "" && !slices.Contains(c.unknown, "region") {
		diags.AddAttributeError(path.Root("region"), "No region",
			"Neither this data source nor the provider has a region. Set region here or in the provider block, "+
				"or ALICLOUD_REGION in the environment. The provider does not guess one.")
	}
	return c.region
}

// warnOfPlainHTTP warns when signed requests would leave this machine in the
// clear.
func warnOfPlainHTTP(s settings, diags *diag.Diagnostics) {
	if s.protocol != "HTTP" || isLoopback(s.dtsEndpoint) {
		return
	}
	diags.AddAttributeWarning(path.Root("protocol"), "Requests are not encrypted",
		"With protocol HTTP, answers and security tokens can be read on the way to any host but this machine's own. Use HTTPS.")
}

func isLoopback(endpoint string) bool {
	host := endpoint
	if h, _, err := net.SplitHostPort(endpoint); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
