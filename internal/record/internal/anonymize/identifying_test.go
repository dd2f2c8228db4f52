package anonymize

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// identifying are texts that tell whose account a response is from, in the forms
// that they have in names, messages and settings.
var identifying = []string{
	"acs:ram::1234567890123456:role/acme-dts",
	"acs:rds:cn-hangzhou:1234567890123456:dbinstance/rm-bp1hh2sllx555u7in",
	"1234567890123456@acme-corp",
	"joe.bloggs@acme.invalid",
	"LTAI5tAcmeAcmeAcme-key",
	"rm-bp1hh2sllx555u7in.mysql.rds.aliyuncs.com:3306",
	"rm-bp1hh2sllx555u7in: connection refused",
	"Access denied for user 'acme'@'172.16.20.15' (using password: YES)",
	"CHECK_CONN_SRC failed on 172.16.20.15",
	"CHECK_CONN_SRC\nacme-corp",
	"DTS-31009: connect to [2001:db8::beef]:5432 failed",
	"DTS-ACME-corp",
	"dts.retry.acme-corp.0046",
	"dts.step.acme-corp",
	"jdbc:mysql://acme:hunter2@172.16.20.15:3306/orders",
	"https://acme:hunter2@wiki.acme.invalid/orders?uid=1234567890123456#joes",
	"https://help.aliyun.com/document_detail/1.html?uid=acme-corp",
	"https://help.aliyun.com/document_detail/1.html#acme-corp",
	"https://help.aliyun.com@acme.invalid/joes",
	"https://help.aliyun.com.acme.invalid/joes",
	"order no. 2024112100001234",
	"+86 138-1234-5678",
	"1 rows/s (acme-corp: 5/5)",
	"acme-orders,acme-lines",
	"acme-orders.acme-lines",
	"acme-orders acme-lines",
	"172.16.20.15:acme-orders",
	"172.16.0.0/acme-orders",
	"172.16.0.0/24-acme",
	"172.16.0.0/16, 172.17.0.0/16",
	"acme-v1.0",
	"hr-acme",
	"us-acme-1",
	"cn-acme-corp-1",
	"db1.acme",
	"Forbidden.Acme-Corp",
	"2024-11-21 10:00:00 acme-corp",
	"Precheck of acme-corp",
	"订单库迁移",
	`{"owner":"acme-corp","uid":1234567890123456}`,
	`[["acme-corp",12345678]]`,
	`"acme-corp"`,
	`{"broken":"acme-corp"`,
}

// In every field, and as the name of a member, no part of an identifying text is
// left.
func TestIdentifying(t *testing.T) {
	fields := append(slices.Sorted(maps.Keys(rulesByScope[apiObject])), "Unknown", "DbObject", "TagList", "HostId")
	var settingFields, entryFields []string
	for name := range settingRules {
		settingFields = append(settingFields, name)
	}
	for name := range nameEntryRules {
		entryFields = append(entryFields, name)
	}
	for _, text := range identifying {
		value := quoted(t, text)
		for _, field := range fields {
			checkGone(t, text, fmt.Sprintf(`{%q:%s}`, field, value))
			checkGone(t, text, fmt.Sprintf(`{"JobProgress":[{%q:[%s]}]}`, field, value))
			checkGone(t, text, fmt.Sprintf(`{%q:{%s:{%s:[%s]}}}`, field, value, value, value))
		}
		for _, field := range settingFields {
			checkGone(t, text, fmt.Sprintf(`{"Reserved":%s}`, quoted(t, fmt.Sprintf(`{%q:%s}`, field, value))))
			checkGone(t, text, fmt.Sprintf(`{"Reserved":%s}`, quoted(t, fmt.Sprintf(`{"more":{%s:%s}}`, value, value))))
		}
		for _, field := range entryFields {
			checkGone(t, text, fmt.Sprintf(`{"DbObject":%s}`, quoted(t, fmt.Sprintf(`{%s:{%q:%s}}`, value, field, value))))
			checkGone(t, text, fmt.Sprintf(`{"DbObject":%s}`, quoted(t, fmt.Sprintf(`{"d":{"Table":{%q:%s}}}`, field, value))))
		}
	}
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	data, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// harmless are the parts of the texts that may stay: a scheme, a port, and what
// is in names of fields.
var harmless = []string{"https", "3306", "Precheck"}

var identifyingPart = regexp.MustCompile(`[\pL0-9]{4,}`)

// checkGone reports parts of an original that are left. Short ones may be in an
// ID by chance.
func checkGone(t *testing.T, original, response string) {
	t.Helper()
	rewritten, err := New("test").Rewrite([]byte(response))
	if err != nil {
		t.Errorf("%s: %s", response, err)
		return
	}
	for _, part := range identifyingPart.FindAllString(original, -1) {
		if !slices.Contains(harmless, part) && strings.Contains(string(rewritten), part) {
			t.Errorf("%s\nbecame %s\n%s is left", response, rewritten, part)
		}
	}
}

// Fields whose values are the service's own keep any word, because a new status
// or engine is worth knowing. No other field keeps one.
func TestKeptWords(t *testing.T) {
	want := map[scope]string{
		apiObject: "CheckResult Code DestinationEndpointType DtsBisLabel DtsJobClass DtsJobDirection EndpointType EngineName " +
			"ErrType IgnoreFlag InstanceType JobType LogLevel MigrationErrType PayType RetryTarget SourceEndpointType SslSolutionEnum State Status",
		settings:  "dbListCaseChangeMode destNetType destOracleType destSSL netType srcNetType srcOracleType srcSSL",
		nameEntry: "",
	}
	for in, rules := range rulesByScope {
		var kept []string
		for _, field := range slices.Sorted(maps.Keys(rules)) {
			if (location{field: field, in: in}).keeps("acme") {
				kept = append(kept, field)
			}
		}
		if got := strings.Join(kept, " "); got != want[in] {
			t.Errorf("scope %d keeps words in %s, want %s", in, got, want[in])
		}
	}
}
