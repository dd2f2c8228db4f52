package provider

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// list is a validator of a documented list of values. The empty string passes:
// modules pass it for an argument that is not set.
type list struct {
	values []string
	closed bool
}

// closedList makes any other value an error.
func closedList(values ...string) validator.String { return list{values, true} }

// openList makes any other value a warning, for the service adds values.
func openList(values ...string) validator.String { return list{values, false} }

func (l list) Description(context.Context) string { return "one of " + strings.Join(l.values, ", ") }

func (l list) MarkdownDescription(ctx context.Context) string { return l.Description(ctx) }

func (l list) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue.ValueString()
	if value == "" || slices.Contains(l.values, value) {
		return
	}
	if l.closed {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%q must be %s.", value, l.Description(ctx)))
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown "+req.Path.String(),
		fmt.Sprintf("%q is not among the documented values and is sent as it is. Check its spelling; known are: %s.",
			value, strings.Join(l.values, ", ")))
}

// documentedSize warns of a page size that no document names.
type documentedSize []int64

func (d documentedSize) Description(context.Context) string { return "a documented page size" }

func (d documentedSize) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

func (d documentedSize) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	size := req.ConfigValue
	if size.IsNull() || size.IsUnknown() || slices.Contains(d, size.ValueInt64()) {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown page size",
		fmt.Sprintf("No document names a page size of %d; the API may refuse it. Known are: %s.", size.ValueInt64(), d))
}

func (d documentedSize) String() string {
	sizes := make([]string, len(d))
	for i, size := range d {
		sizes[i] = strconv.FormatInt(size, 10)
	}
	return strings.Join(sizes, ", ")
}

// expression wants a regular expression.
type expression struct{}

func (expression) Description(context.Context) string { return "a regular expression" }

func (e expression) MarkdownDescription(ctx context.Context) string { return e.Description(ctx) }

func (expression) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression",
			fmt.Sprintf("%s. The syntax is that of Terraform's own regex function.", err))
	}
}

// notEmpty wants a value that says something.
type notEmpty struct{}

func (notEmpty) Description(context.Context) string { return "not empty" }

func (n notEmpty) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (notEmpty) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.Equal(types.StringValue("")) {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty "+req.Path.String(), req.Path.String()+" is required and must not be empty.")
	}
}

// duration wants a positive time, or one that may be zero.
type duration struct{ mayBeZero bool }

func (d duration) Description(context.Context) string {
	if d.mayBeZero {
		return "a duration such as 90s, 5m or 0s"
	}
	return "a duration above zero, such as 90s or 5m"
}

func (d duration) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

func (d duration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	text := req.ConfigValue.ValueString()
	if text == "" {
		return
	}
	if value, err := time.ParseDuration(text); err != nil || value < 0 || value == 0 && !d.mayBeZero {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", fmt.Sprintf("%q must be %s.", text, d.Description(ctx)))
	}
}

// moment wants a time with its zone.
type moment struct{}

func (moment) Description(context.Context) string {
	return "a time in the form of RFC 3339, such as 2026-03-16T08:01:19Z"
}

func (m moment) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m moment) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	text := req.ConfigValue.ValueString()
	if text == "" {
		return
	}
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid time", fmt.Sprintf("%q must be %s.", text, m.Description(ctx)))
	}
}

// hostAndPort wants a host without scheme or path.
type hostAndPort struct{}

func (hostAndPort) Description(context.Context) string { return "host or host:port" }

func (h hostAndPort) MarkdownDescription(ctx context.Context) string { return h.Description(ctx) }

func (h hostAndPort) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if value := req.ConfigValue.ValueString(); strings.ContainsAny(value, "/?#@ ") {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid endpoint",
			fmt.Sprintf("%q must be %s, such as dts.cn-hangzhou.aliyuncs.com, with no scheme and no path; protocol says whether it is HTTPS or HTTP.",
				value, h.Description(ctx)))
	}
}

// ids wants ids that can be joined with commas and mean something.
type ids struct{}

func (ids) Description(context.Context) string {
	return "ids without commas, none of them empty or null"
}

func (i ids) MarkdownDescription(ctx context.Context) string { return i.Description(ctx) }

func (i ids) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, element := range req.ConfigValue.Elements() {
		id, ok := element.(types.String)
		if !ok || id.IsUnknown() {
			continue
		}
		if value := id.ValueString(); value == "" || strings.Contains(value, ",") {
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid id",
				fmt.Sprintf("%s holds %s, but must hold %s. Filter such elements out, for example with compact().", req.Path, id, i.Description(ctx)))
		}
	}
}

// noNullValues wants a map of strings, for a null would widen a filter.
type noNullValues struct{}

func (noNullValues) Description(context.Context) string { return "no null values" }

func (n noNullValues) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (noNullValues) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	for key, element := range req.ConfigValue.Elements() {
		if element.IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtMapKey(key), "Tag without a value",
				fmt.Sprintf("The value of tag %q is null. Write \"\" for a tag without a value, or leave the tag out.", key))
		}
	}
}
