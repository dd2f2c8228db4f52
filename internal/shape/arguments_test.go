package shape_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	provider "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

type id string

func (i id) IsValid() bool    { return i != "" && !strings.Contains(string(i), ",") }
func (id) Constraint() string { return "a non-empty ID without a comma" }

type size int64

func (s size) IsValid() bool    { return s >= 1 }
func (size) Constraint() string { return "at least 1" }

type seconds float64

func (s seconds) IsValid() bool    { return s >= 0 }
func (seconds) Constraint() string { return "at least 0" }

// Request is embedded, so it is exported.
type Request struct {
	JobID     string `param:"DtsJobId" arg:"required" doc:"ID of the job."`
	Color     color  `param:"Color" arg:"computed" doc:"Color. Defaults to 'red'."`
	Direction string `param:"OrderDirection" valid:"ASC,DESC" doc:"Direction."`
	Flag      *bool  `param:"WithoutDbList" doc:"Flag."`
	Size      size   `param:"PageSize" doc:"Size."`
	IDs       []id   `param:"InstanceId" tf:"instance_ids" doc:"IDs."`
}

type role struct {
	RoleARN    string `env:"FIRST_ROLE,SECOND_ROLE" doc:"The role's ARN."`
	Expiration *int64 `doc:"Seconds."`
}

type config struct {
	Region string `param:"Region,RegionId" doc:"Region."`
	Request

	Secret   id                `arg:"sensitive" doc:"Secret."`
	Tags     map[string]string `doc:"Tags."`
	Wait     bool              `doc:"Wait."`
	Role     *role             `tf:"assume_role" doc:"Role to assume, as in 'sts:AssumeRole'."`
	Colors   []color           `doc:"Colors."`
	RegionID string            `doc:"ID."`
	Limit    *seconds          `doc:"Limit."`
	Moods    []string          `arg:"anycase" known:"glad" doc:"Moods."`
	Names    []string          `doc:"Names."`
}

// TestComputedArguments has an argument of each type that the provider computes
// if it is not set.
func TestComputedArguments(t *testing.T) {
	type computed struct {
		Text   string            `arg:"computed" doc:"Text."`
		Flag   bool              `arg:"computed" doc:"Flag."`
		Number int64             `arg:"computed" doc:"Number."`
		Set    []string          `arg:"computed" doc:"Set."`
		Map    map[string]string `arg:"computed" doc:"Map."`
	}
	for name, a := range shape.Arguments[computed]() {
		if !a.IsComputed() || !a.IsOptional() || a.IsRequired() {
			t.Errorf("%s: computed %t, optional %t, required %t", name, a.IsComputed(), a.IsOptional(), a.IsRequired())
		}
	}
}

func TestArguments(t *testing.T) {
	want := map[string]string{
		"region":          "String optional: Region.",
		"dts_job_id":      "String required: ID of the job.",
		"color":           "String optional computed: Color. Defaults to `red`. Known values: `red`, `blue`.",
		"order_direction": "String optional: Direction. Valid values: `ASC`, `DESC`.",
		"without_db_list": "Bool optional: Flag.",
		"page_size":       "Number optional: Size.",
		"instance_ids":    "Set[tftypes.String] optional: IDs.",
		"secret":          "String optional sensitive: Secret.",
		"tags":            "Map[tftypes.String] optional: Tags.",
		"wait":            "Bool optional: Wait.",
		"colors":          "Set[tftypes.String] optional: Colors. Known values: `red`, `blue`.",
		"region_id":       "String optional: ID.",
		"limit":           "Number optional: Limit.",
		"moods":           "Set[tftypes.String] optional: Moods. Known values: `glad`.",
		"names":           "Set[tftypes.String] optional: Names.",
	}
	s := schema.Schema{Attributes: shape.Arguments[config](), Blocks: shape.Blocks[config]()}
	if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	if diff := cmp.Diff(want, summaries(t, s.Attributes)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// summaries renders what a user can see of each attribute.
func summaries[A fwschema](t *testing.T, attributes map[string]A) map[string]string {
	t.Helper()
	rendered := map[string]string{}
	for name, a := range attributes {
		kind := strings.TrimPrefix(a.GetType().TerraformType(t.Context()).String(), "tftypes.")
		for _, property := range []struct {
			name string
			has  bool
		}{
			{" required", a.IsRequired()}, {" optional", a.IsOptional()},
			{" computed", a.IsComputed()}, {" sensitive", a.IsSensitive()},
		} {
			if property.has {
				kind += property.name
			}
		}
		rendered[name] = kind + ": " + a.GetMarkdownDescription()
	}
	return rendered
}

// fwschema is what the attributes of all schema packages have in common.
type fwschema interface {
	GetType() attr.Type
	GetMarkdownDescription() string
	IsRequired() bool
	IsOptional() bool
	IsComputed() bool
	IsSensitive() bool
}

func TestBlocks(t *testing.T) {
	blocks := shape.Blocks[config]()
	block, ok := blocks["assume_role"].(schema.SingleNestedBlock)
	if !ok || len(blocks) != 1 {
		t.Fatalf("blocks: %v", blocks)
	}
	if want := "Role to assume, as in `sts:AssumeRole`."; block.MarkdownDescription != want {
		t.Errorf("description %q, want %q", block.MarkdownDescription, want)
	}
	want := map[string]string{
		"role_arn":   "String optional: The role's ARN. Environment: `FIRST_ROLE`, `SECOND_ROLE`.",
		"expiration": "Number optional: Seconds.",
	}
	if diff := cmp.Diff(want, summaries(t, block.Attributes)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestOtherSchemas wants ephemeral resources and providers to have the same
// attributes as data sources.
func TestOtherSchemas(t *testing.T) {
	type gate struct {
		Request

		Limit *seconds `doc:"Limit."`
		Wait  *role    `doc:"Wait."`
	}
	type result struct {
		Text   *string      `json:"Text" doc:"Text."`
		Number *json.Number `json:"Number" doc:"Number."`
	}
	attributes := shape.Arguments[gate]()
	maps.Copy(attributes, shape.Of[result]().Attributes())
	e := shape.ToEphemeral(schema.Schema{MarkdownDescription: "Gate.", Attributes: attributes, Blocks: shape.Blocks[gate]()})
	if diags := e.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	if diff := cmp.Diff(summaries(t, attributes), summaries(t, e.Attributes)); diff != "" {
		t.Errorf("ephemeral: -want +got:\n%s", diff)
	}

	type settings struct {
		AccessKey id    `env:"KEY" doc:"Key."`
		SecretKey id    `arg:"sensitive" doc:"Secret."`
		Rate      size  `doc:"Rate."`
		Role      *role `doc:"Role."`
	}
	arguments := shape.Arguments[settings]()
	p := shape.ToProvider(schema.Schema{MarkdownDescription: "Settings.", Attributes: arguments, Blocks: shape.Blocks[settings]()})
	if diags := p.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	if diff := cmp.Diff(summaries(t, arguments), summaries(t, p.Attributes)); diff != "" {
		t.Errorf("provider: -want +got:\n%s", diff)
	}
	for name, got := range map[string]any{"e": e.Blocks["wait"], "p": p.Blocks["role"]} {
		if !strings.Contains(fmt.Sprintf("%+v", got), "FIRST_ROLE") {
			t.Errorf("%s: block %+v", name, got)
		}
	}
	if e.MarkdownDescription != "Gate." || p.MarkdownDescription != "Settings." {
		t.Errorf("descriptions %q and %q", e.MarkdownDescription, p.MarkdownDescription)
	}
	if rate, ok := p.Attributes["rate"].(provider.Int64Attribute); !ok || len(rate.Validators) != 1 {
		t.Errorf("rate is %+v", p.Attributes["rate"])
	}
}

func TestArgumentOf(t *testing.T) {
	for parameter, want := range map[string]string{
		"DtsJobId": "dts_job_id", "InstanceId": "instance_ids", "Region": "region", "RegionId": "region",
		"Params": "", "": "",
	} {
		got, ok := shape.ArgumentOf[config](func(p string) bool { return p == parameter })
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t, want %q", parameter, got, ok, want)
		}
	}
}

func TestSetArguments(t *testing.T) {
	got := fmt.Sprint(shape.SetArguments(config{Request: Request{Color: "red", Flag: ptr(false), IDs: []id{"a"}}, Tags: map[string]string{"k": "v"}}))
	if want := "[{color red} {without_db_list false} {instance_ids [a]} {tags map[k:v]}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestCodeInDescriptions(t *testing.T) {
	type words struct {
		Quoted     string `doc:"Goes with 'params', (not 'type'): 'a', 'b_c'."`
		Apostrophe string `doc:"The provider's region, the jobs' region, doesn't matter."`
		Mixed      string `doc:"The file's path, such as '~/.aliyun/config.json'."`
		Spaces     string `doc:"In 'two words' nothing is code."`
	}
	attributes := shape.Arguments[words]()
	for name, want := range map[string]string{
		"quoted":     "Goes with `params`, (not `type`): `a`, `b_c`.",
		"apostrophe": "The provider's region, the jobs' region, doesn't matter.",
		"mixed":      "The file's path, such as `~/.aliyun/config.json`.",
		"spaces":     "In 'two words' nothing is code.",
	} {
		if got := attributes[name].GetMarkdownDescription(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	object := configType(t)
	for _, test := range []struct {
		name    string
		set     map[string]any
		want    config
		unknown []string
	}{
		{"nothing", nil, config{}, nil},
		{"every type", map[string]any{
			"dts_job_id": "a", "color": "green", "order_direction": "ASC", "without_db_list": true, "page_size": 50,
			"instance_ids": set("c", "a", "b"), "tags": map[string]tftypes.Value{"k": str("v"), "e": str("")}, "wait": true, "limit": 1.24,
			"assume_role": map[string]tftypes.Value{"role_arn": str("arn"), "expiration": tftypes.NewValue(tftypes.Number, 900)},
		}, config{
			Request: Request{JobID: "a", Color: "green", Direction: "ASC", Flag: ptr(true), Size: 50, IDs: []id{"a", "b", "c"}},
			Tags:    map[string]string{"k": "v", "e": ""}, Wait: true, Role: &role{"arn", ptr(int64(900))}, Limit: ptr(seconds(1.24)),
		}, nil},
		{"false and zero are set", map[string]any{
			"without_db_list": false, "limit": 0,
			"assume_role": map[string]tftypes.Value{"role_arn": str(""), "expiration": tftypes.NewValue(tftypes.Number, 0)},
		}, config{Request: Request{Flag: ptr(false)}, Role: &role{"", ptr(int64(0))}, Limit: ptr(seconds(0))}, nil},
		{"an empty set is not an unset one", map[string]any{"instance_ids": set()}, config{Request: Request{IDs: []id{}}}, nil},
		{"unknown", map[string]any{
			"region": tftypes.UnknownValue, "without_db_list": tftypes.UnknownValue, "instance_ids": set("a", tftypes.UnknownValue),
			"assume_role": map[string]tftypes.Value{"role_arn": str(tftypes.UnknownValue), "expiration": tftypes.NewValue(tftypes.Number, 900)},
		}, config{Role: &role{"", ptr(int64(900))}}, []string{"region", "without_db_list", "instance_ids", "assume_role.role_arn"}},
		{"unknown block", map[string]any{"assume_role": tftypes.UnknownValue}, config{}, []string{"assume_role"}},
		{"largest integer", map[string]any{"page_size": int64(math.MaxInt64)}, config{Request: Request{Size: math.MaxInt64}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			values := map[string]tftypes.Value{}
			for name, of := range object.AttributeTypes {
				values[name] = tftypes.NewValue(of, test.set[name])
			}
			got := config{Region: "replaced"}
			unknown, err := shape.Decode(tftypes.NewValue(object, values), &got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(test.unknown, unknown); diff != "" {
				t.Errorf("unknown: -want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeNull(t *testing.T) {
	got := config{Region: "replaced"}
	unknown, err := shape.Decode(tftypes.NewValue(configType(t), nil), &got)
	if diff := cmp.Diff(config{}, got); err != nil || unknown != nil || diff != "" {
		t.Errorf("error %v, unknown %v, -want +got:\n%s", err, unknown, diff)
	}
}

func TestDecodeErrors(t *testing.T) {
	type number struct{ Count int64 }
	for name, test := range map[string]struct {
		raw  tftypes.Value
		into any
		want string
	}{
		"no such argument": {tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}), &number{}, "count: no such argument"},
		"another type":     {object(map[string]tftypes.Value{"count": str("1")}), &number{}, "count: can't unmarshal"},
		"fraction":         {object(map[string]tftypes.Value{"count": tftypes.NewValue(tftypes.Number, 1.5)}), &number{}, "count: 1.5 is not a 64-bit integer"},
		"too large":        {object(map[string]tftypes.Value{"count": tftypes.NewValue(tftypes.Number, uint64(math.MaxUint64))}), &number{}, "is not a 64-bit integer"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := shape.Decode(test.raw, test.into); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

// configType is the type of a configuration of [config].
func configType(t *testing.T) tftypes.Object {
	t.Helper()
	s := schema.Schema{Attributes: shape.Arguments[config](), Blocks: shape.Blocks[config]()}
	object, ok := s.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("not an object")
	}
	return object
}

func object(values map[string]tftypes.Value) tftypes.Value {
	types := map[string]tftypes.Type{}
	for name, value := range values {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
}

func str(value any) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

func set(values ...any) []tftypes.Value {
	elements := []tftypes.Value{}
	for _, value := range values {
		elements = append(elements, str(value))
	}
	return elements
}
