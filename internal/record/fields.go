package record

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/tag"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// field is a documented field of a response, with the values of it that stay.
// All other values are replaced.
type field struct {
	values  []string       // compared without case, because the service varies it
	figures *regexp.Regexp // numbers and times; nil if the field has none
	isJSON  bool           // a string that clients decode as JSON
	isTyped bool           // a number or a bool: clients can't read a replacement
}

func (f *field) keeps(text string) bool {
	return text == "" || f.figures != nil && f.figures.MatchString(text) ||
		slices.ContainsFunc(f.values, func(value string) bool { return strings.EqualFold(value, text) })
}

// Numbers have at most ten digits: phone numbers and account IDs have more.
const number = `-?[0-9]{1,10}(\.[0-9]{1,6})?`

var (
	numbers = regexp.MustCompile(`^` + number + `$`)
	// textFigures are numbers as in 0.60MB/s, 12.0% and 3/5, times as in
	// 2022-03-16T08:01:34.000+00:00 and 2021-01-11 11:39:44.0, and Unix times in
	// milliseconds, up to 2033.
	textFigures = regexp.MustCompile(`^(` + number + `([KMG]?B/s|%|/[0-9]{1,10})?` +
		`|20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{1,9})? ?(Z|[+-][01][0-9]:?[0-5][0-9])?` +
		`|1[4-9][0-9]{11})$`)
)

// textFigureFields are the fields of text that hold numbers or times.
const textFigureFields = `BeginTimestamp BootTime Checkpoint ConsumptionCheckpoint CpuUsage CreateTime Current DuRealUsage
	EndTimestamp EtlSafeCheckpoint ExpireTime FinishTime Flow MemUsage Module Percent Port Progress Rps`

// jsonFields are the fields of text that hold JSON.
const jsonFields = `DbObject Reserved Sub`

// regionFields are the fields that hold a region.
const regionFields = `Region DestRegion HostRegion SrcRegion`

// itemFields are the fields that hold keys of precheck items and sub-jobs.
const itemFields = `Item Names CheckItem CheckItemDescription ErrMsg FailedReason JobName RepairMethod`

// vocabulary has values of fields for which the client has no list. Unlisted
// values are only replaced, so the lists may be incomplete.
var vocabulary = map[string][]string{
	"AppName":     {"new", "old"},
	"DtsJobClass": {"micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge"},
	"EngineName": {"MySQL", "PolarDB", "PostgreSQL", "Redis", "MongoDB", "Oracle", "SQLServer", "MariaDB", "Kafka",
		"ADB30", "ODPS", "Tablestore", "Db2", "TiDB"},
	"ErrCode": {"Forbidden.InstanceNotFound", "Forbidden.RAM", "InternalError", "InvalidDtsJobId", "InvalidJobId",
		"InvalidParameter", "NoPermission", "OperationDenied.JobStatusModifying", "RamPermissionDenied"},
	"InstanceType": {"RDS", "PolarDB", "LocalInstance", "ECS", "EXPRESS", "CEN", "DG", "MongoDB", "Redis", "ADS",
		"GREENPLUM", "OceanBase", "DRDS", "ODPS", "DataHub", "OTHER"},
	"Item":       {"CHECK_MYSQL_PASSOWRD_FORMAT", "CHECK_SQL_MODE", "CHECK_DB_AVA"},
	"JobType":    {"MIGRATION", "SYNC", "SUBSCRIBE", "CHECK", "synchronization", "subscription"},
	"LogLevel":   {"WARN", "DEBUG"},
	"OriginType": {"DTS", "DMS", "PTS", "DTS task", "DMS task", "PTS task"},
}

// documentedFields returns the fields of both operations by name. Regions are
// the ones that are recorded.
func documentedFields(regions []string) map[string]*field {
	fields := map[string]*field{}
	addFields(fields, reflect.TypeFor[api.JobList]())
	addFields(fields, reflect.TypeFor[api.Precheck]())
	addFields(fields, reflect.TypeFor[api.Envelope]())
	for _, name := range strings.Fields("DynamicCode TagKey TagValue") {
		fields[name] = &field{}
	}
	for _, name := range strings.Fields("HttpStatusCode PageNumber PageRecordCount") {
		fields[name] = &field{figures: numbers, isTyped: true}
	}

	for _, name := range strings.Fields(textFigureFields) {
		fields[name].figures = textFigures
	}
	for _, name := range strings.Fields(jsonFields) {
		fields[name].isJSON = true
	}
	for _, name := range strings.Fields(regionFields) {
		fields[name].values = regions
	}
	for name, values := range vocabulary {
		fields[name].values = append(fields[name].values, values...)
	}
	for _, item := range verdict.Explanations() {
		for _, name := range strings.Fields(itemFields) {
			fields[name].values = append(fields[name].values, item.Key, item.Key+"_DETAIL")
			fields[name].values = append(fields[name].values, item.MessageKeys...)
		}
	}
	return fields
}

// addFields adds the fields of a struct and of the structs in it.
func addFields(fields map[string]*field, t reflect.Type) {
	for i := range t.NumField() {
		declared := t.Field(i)
		inner := declared.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if name := declared.Tag.Get("json"); name != "" && name != "-" {
			if fields[name] == nil {
				fields[name] = &field{}
			}
			switch f := fields[name]; {
			case inner.Kind() == reflect.Int64, inner == reflect.TypeFor[json.Number]():
				f.figures, f.isTyped = numbers, true
			case inner.Kind() == reflect.Bool:
				f.values, f.isTyped = []string{"true", "false"}, true
			default:
				values, _ := tag.Values(declared)
				f.values = append(f.values, values...)
			}
		}
		if inner.Kind() == reflect.Struct {
			addFields(fields, inner)
		}
	}
}

// JobTypes returns the types of jobs that can be recorded.
func JobTypes() []string { return api.JobTypeFilter("").Known() }
