package anonymize

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// scope is what kind of object a member is in: it decides whose words the names
// in it are, and which rules its values have.
type scope int

const (
	// apiObject is an object of the API. Names are the service's.
	apiObject scope = iota
	// settings is the object in the string Reserved. Known names are the service's.
	settings
	// nameMap is a map of databases, tables or columns in DbObject, or of tags.
	// Names are the user's, and so are values that are not objects.
	nameMap
	// nameEntry is what DbObject has for each name. Known names are the service's.
	nameEntry
	// unknownObject is in a field that is not known to hold an object.
	unknownObject
)

// rule reports whether a value is harmless. A value that none of its field's
// rules keeps is replaced.
type rule func(value string) bool

func matches(expression string) rule {
	return regexp.MustCompile(`^(?:` + expression + `)$`).MatchString
}

var (
	isNumber   = matches(`-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?%?`)
	isBool     = matches(`true|false`)
	isPort     = matches(`[0-9]{1,5}`)
	isWord     = matches(`[A-Za-z0-9_]{1,40}`) // one of the service's own values
	isTime     = matches(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?|\d{10}|\d{13}`)
	isRegion   = matches(`cn-[a-z]+(-(lr|pop|jva|finance|acdr|acdr-ut))?(-[0-9]+)?(-gov-[0-9]+)?|(ap|us|na|sa|eu|me|af|rus)-(north|south|central)?(east|west)?-[0-9]+`)
	isProgress = matches(`([0-9]+(\.[0-9]+)?|rows?|tables?|[KMG]?B|[Kk]bps|s|[ (),:/%])+`) // such as 1 rows/s (row: 5/5, table: 1/1)
	isKey      = matches(`(CHECK|ANALYSIS)_[A-Z0-9_]*\.?\s*|DTS-([A-Z]+-)*[0-9]+|dts(\.[a-z]+)+\.[0-9]+(\.[a-z]+)?`)
	isCode     = matches(`[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*`)
	isHelpPage = matches(`https://(help\.aliyun\.com|www\.alibabacloud\.com)/[A-Za-z0-9/_.-]*`)
	isVersion  = matches(`[0-9.]{1,12}`)
)

// rulesByScope are the rules of the fields that are known in each scope. An
// empty list means that every value is replaced.
var rulesByScope = map[scope]map[string][]rule{
	apiObject: withTypes(apiRules),
	settings:  settingRules,
	nameEntry: nameEntryRules,
}

// apiRules are the rules that the types of the client do not tell.
var apiRules = map[string][]rule{
	"Success": {isBool}, "HttpStatusCode": {isNumber}, "PageNumber": {isNumber}, "PageRecordCount": {isNumber},
	"ErrCode": {isCode}, "DynamicCode": {isCode},
	"TagKey": nil, "TagValue": nil,

	"AppName": {matches("new|old")}, "DtsJobClass": {isWord}, "EngineName": {isWord}, "InstanceType": {isWord},
	"OriginType": {matches(`(DTS|PTS|DMS)( task)?`)}, "Port": {isPort}, "Module": {isNumber}, "ModelVersion": {matches(`network-v[0-9.]+`)},
	"Region": {isRegion}, "HostRegion": {isRegion}, "SrcRegion": {isRegion}, "DestRegion": {isRegion},

	"CreateTime": {isTime}, "ExpireTime": {isTime}, "BootTime": {isTime}, "FinishTime": {isTime},
	"BeginTimestamp": {isTime}, "EndTimestamp": {isTime}, "Checkpoint": {isTime, isNumber},
	"ConsumptionCheckpoint": {isTime, isNumber}, "EtlSafeCheckpoint": {isTime, isNumber},

	"CpuUsage": {isNumber}, "MemUsage": {isNumber}, "DuRealUsage": {isNumber}, "Current": {isProgress},
	"Percent": {isProgress}, "Progress": {isProgress}, "Rps": {isProgress}, "Flow": {isProgress},

	"CheckItem": {isKey}, "CheckItemDescription": {isKey}, "FailedReason": {isKey}, "RepairMethod": {isKey},
	"Item": {isKey}, "Names": {isKey}, "ErrMsg": {isKey}, "ErrDetail": {isKey}, "ErrorMessage": {isKey},
	"ErrorCode": {isKey}, "ErrType": {isWord}, "HelpUrl": {isHelpPage}, "CnDocUrl": {isHelpPage}, "InternationalDocUrl": {isHelpPage},
	"MigrationErrCode": {isKey}, "MigrationErrMsg": {isKey}, "MigrationErrWorkaround": {isKey}, "MigrationErrType": {isWord},
	"MigrationErrHelpDocId": {isNumber}, "MigrationErrHelpDocKey": {isKey},
	"JobName": {matches(`Precheck|(Schema|Full Data|Incremental Data) Migration|dts\.step(\.[a-z]+)+`)},
}

// settingRules are the rules of the known members of Reserved.
var settingRules = map[string][]rule{
	"SourceEngineVersion": {isVersion}, "DestEngineVersion": {isVersion},
	"dbListCaseChangeMode": {isWord}, "filterDDL": {isBool}, "maxRetryTime": {isNumber}, "useJobTask": {isPort},
	"srcNetType": {isWord}, "destNetType": {isWord}, "srcOracleType": {isWord}, "destOracleType": {isWord},
	"srcSSL": {isWord}, "destSSL": {isWord},
	"sqlparser.dms.original.ddl": {isBool}, "whitelist.dms.online.ddl.enable": {isBool},
	"netType": {isWord}, "vpcId": nil, "vswitchId": nil,
	"srcHostPorts": nil, "srcVpcNetMappingInst": nil, "destVpcNetMappingInst": nil,
}

// nameEntryRules are the rules of the known members of DbObject's entries.
var nameEntryRules = map[string][]rule{
	"name": nil, "all": {isBool}, "state": {matches("normal")}, "edit": {isBool}, "filter": nil,
	"Schema": nil, "schema": nil, "Table": nil, "View": nil, "Function": nil, "Procedure": nil,
	"Trigger": nil, "Event": nil, "column": nil, "Column": nil,
	"dml_op": nil, "ddl_op": nil, "shard": {isNumber},
}

// idFields hold IDs.
var idFields = map[string]bool{
	"DtsJobId": true, "DtsInstanceID": true, "JobId": true, "Id": true, "InstanceID": true,
	"ResourceGroupId": true, "DedicatedClusterId": true, "RequestId": true,
}

// objectFields are the fields of the API that hold objects, or lists of them.
var objectFields = withObjects(map[string]scope{"DbObject": nameMap, "TagList": nameMap, "Reserved": settings})

var responses = []reflect.Type{reflect.TypeFor[api.JobList](), reflect.TypeFor[api.Precheck](), reflect.TypeFor[api.Envelope]()}

func withTypes(rules map[string][]rule) map[string][]rule {
	for name, t := range fieldsOf(responses) {
		if _, isListed := rules[name]; !isListed {
			rules[name] = rulesOf(t)
		}
	}
	return rules
}

func withObjects(objects map[string]scope) map[string]scope {
	for name, t := range fieldsOf(responses) {
		if t.Kind() == reflect.Struct {
			objects[name] = apiObject
		}
	}
	return objects
}

// fieldsOf returns the types of all fields by name, without pointers and lists.
func fieldsOf(types []reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for len(types) > 0 {
		t := types[0]
		types = types[1:]
		for i := range t.NumField() {
			field := t.Field(i)
			inner := elementOf(field.Type)
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
				fields[name] = inner
			}
			if inner.Kind() == reflect.Struct {
				types = append(types, inner)
			}
		}
	}
	return fields
}

func elementOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// rulesOf keeps what is not text, and the values of a type whose known values
// are declared: they are the service's, even a new one.
func rulesOf(t reflect.Type) []rule {
	_, isEnumerated := reflect.Zero(t).Interface().(interface{ Known() []string })
	switch {
	case isEnumerated:
		return []rule{isWord}
	case t.Kind() == reflect.Int64, t == reflect.TypeFor[json.Number]():
		return []rule{isNumber}
	case t.Kind() == reflect.Bool:
		return []rule{isBool}
	}
	return nil
}
