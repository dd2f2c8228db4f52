package record

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// rule reports whether a value of a field is harmless. A field without a rule
// that says so has its values replaced.
type rule func(value string) bool

func matches(expression string) rule {
	return regexp.MustCompile(`^(?:` + expression + `)$`).MatchString
}

var (
	number = matches(`-?[0-9]+(\.[0-9]+)?%?`)
	truth  = matches(`true|false`)
	port   = matches(`[0-9]{1,5}`)
	word   = matches(`[A-Za-z0-9_]{1,40}`) // of a vocabulary that is the service's
	moment = matches(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?|\d{10}|\d{13}`)
	region = matches(`[a-z]{2}-[a-z]+(-[a-z]+)?(-[0-9]+)?(-(pop|gov-[0-9]+))?`)
	amount = matches(`([0-9]+(\.[0-9]+)?|rows?|tables?|[KMG]?B|[Kk]bps|s|[ (),:/%])+`) // such as 1 rows/s (row: 5/5, table: 1/1)
	key    = matches(`(CHECK|ANALYSIS)_[A-Z0-9_]*\.?\s*|DTS-[A-Z0-9-]+|dts(\.[a-z]+)+\.[0-9]+(\.[a-z]+)?`)
	code   = matches(`[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*`)
	page   = matches(`https://(help\.aliyun\.com|www\.alibabacloud\.com)/[A-Za-z0-9/_.-]*`)
	never  = rule(func(string) bool { return false })
)

// fields are the known fields of answers. Types say which hold numbers,
// booleans, or a vocabulary of the service; the others are listed here.
var fields = withTypes(map[string][]rule{
	"Success": {truth}, "HttpStatusCode": {number}, "PageNumber": {number}, "PageRecordCount": {number},
	"ErrCode": {code}, "DynamicCode": {code},
	"TagKey": {never}, "TagValue": {never},

	"AppName": {matches("new|old")}, "DtsJobClass": {word}, "EngineName": {word}, "InstanceType": {word},
	"OriginType": {matches(`(DTS|PTS|DMS)( task)?`)}, "Port": {port}, "Module": {number}, "ModelVersion": {matches(`[a-z]+-v[0-9.]+`)},
	"Region": {region}, "HostRegion": {region}, "SrcRegion": {region}, "DestRegion": {region},

	"CreateTime": {moment}, "ExpireTime": {moment}, "BootTime": {moment}, "FinishTime": {moment},
	"BeginTimestamp": {moment}, "EndTimestamp": {moment}, "Checkpoint": {moment, number},
	"ConsumptionCheckpoint": {moment, number}, "EtlSafeCheckpoint": {moment, number},

	"CpuUsage": {number}, "MemUsage": {number}, "DuRealUsage": {number}, "Current": {amount},
	"Percent": {amount}, "Progress": {amount}, "Rps": {amount}, "Flow": {amount},

	"CheckItem": {key}, "CheckItemDescription": {key}, "FailedReason": {key}, "RepairMethod": {key},
	"Item": {key}, "Names": {key}, "ErrMsg": {key}, "ErrDetail": {key}, "ErrorMessage": {key},
	"ErrorCode": {key}, "ErrType": {word}, "HelpUrl": {page}, "CnDocUrl": {page}, "InternationalDocUrl": {page},
	"MigrationErrCode": {key}, "MigrationErrMsg": {key}, "MigrationErrWorkaround": {key}, "MigrationErrType": {word},
	"MigrationErrHelpDocId": {number}, "MigrationErrHelpDocKey": {key},
	"JobName": {matches(`Precheck|(Schema|Full Data|Incremental Data) Migration|dts\.step(\.[a-z]+)+`)},
})

// idFields hold ids.
var idFields = map[string]bool{
	"DtsJobId": true, "DtsInstanceID": true, "JobId": true, "Id": true, "InstanceID": true,
	"ResourceGroupId": true, "DedicatedClusterId": true, "RequestId": true,
}

// settings are the known members of Reserved and other JSON strings.
var settings = map[string][]rule{
	"SourceEngineVersion": {matches(`[0-9.]{1,12}`)}, "DestEngineVersion": {matches(`[0-9.]{1,12}`)},
	"dbListCaseChangeMode": {word}, "filterDDL": {truth}, "maxRetryTime": {number}, "useJobTask": {port},
	"srcNetType": {word}, "destNetType": {word}, "srcOracleType": {word}, "destOracleType": {word},
	"srcSSL": {port, word}, "destSSL": {port, word},
	"sqlparser.dms.original.ddl": {truth}, "whitelist.dms.online.ddl.enable": {truth},
	"srcHostPorts": {never}, "srcVpcNetMappingInst": {never}, "destVpcNetMappingInst": {never},
}

// objectSettings are the known members of the descriptions in DbObject.
var objectSettings = map[string][]rule{
	"name": {never}, "all": {truth}, "state": {word}, "edit": {truth}, "filter": {never},
	"Schema": {never}, "schema": {never}, "Table": {never}, "View": {never}, "Function": {never}, "Procedure": {never},
	"Trigger": {never}, "Event": {never}, "column": {never}, "Column": {never},
	"dml_op": {never}, "ddl_op": {never}, "shard": {number},
}

// withTypes adds what the client's types say of their fields.
func withTypes(rules map[string][]rule) map[string][]rule {
	for _, shape := range []reflect.Type{reflect.TypeFor[dts.JobList](), reflect.TypeFor[dts.Precheck](), reflect.TypeFor[dts.Envelope]()} {
		addTypes(rules, shape)
	}
	return rules
}

func addTypes(rules map[string][]rule, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		field := t.Field(i)
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			rules[name] = append(rules[name], ruleOf(field.Type))
		}
		addTypes(rules, field.Type)
	}
}

// ruleOf keeps what is no text, and the words of a type whose values the API
// documents: such words are the service's, even one that is new.
func ruleOf(t reflect.Type) rule {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	_, documented := reflect.Zero(t).Interface().(interface{ Known() []string })
	switch {
	case documented:
		return word
	case t.Kind() == reflect.Int64, t == reflect.TypeFor[json.Number]():
		return number
	case t.Kind() == reflect.Bool:
		return truth
	}
	return never
}
