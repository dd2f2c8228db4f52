package record

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

// canaries are values that identify an account, one of each kind.
var canaries = []string{
	"orders-to-warehouse", "订单库迁移到数仓", "Заказы склад", "dts_reader_7f3k", "p4ssw0rd!Xy#9", // names and a password
	"k2fm11x9d8t12ab", "dtsk2fm11x9d8t12ab", "rm-bp1hh2sllx555u7in", "vpc-bp1q7d4m2x9c6k3w5007", "rg-acfmzawhxxcq7zi", // IDs
	"C096FA97-B6BA-4575-899D-61E12B59A1B2", "1794038576201943", "138576201943", "30110519800101771X", // request, account, person
	"13817462053", "+86 138-1746-2053", "dba@db.example.com", "DBA <dba+dts@db.example.com>", // phone numbers, mail
	"10.12.30.57", "10.12.30.57:3306", "10.12.30.0/24", "fd00:12:30::57", "[fd00:12:30::57]:3306", "02:42:ac:11:00:57", // addresses
	"db-orders.example.com", "rm-bp1hh2sllx555u7in.mysql.rds.example.com:3306", "r-bp1zx.redis.example.com:6379", // hosts
	"acs:ram::1794038576201943:role/dts-reader", "acs:rds:*:1794038576201943:dbinstance/rm-bp1hh", // ARNs
	"LTAI5tQ7mZk3XyWv9Rb2Nc8D", "kX3vQ9zT7mR1bN5wY8cL2dF6hJ4gP0", "CAIS8wF1q6Ft5B2yfSjIr5fQ", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", // keys, tokens
	"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----", "jdbc:mysql://10.12.30.57:3306/orders?user=dts", // key, URLs
	"https://help.aliyun.com/document_detail/462133.htm?uid=1794038576201943", `orders.order_header`, "`orders`.`order_header`", // objects
	`{"orders":{"name":"orders","all":false,"Table":{"order_header":{"name":"order_header"}}}}`, `["order_header","order_line"]`,
	"ALTER TABLE `orders`.`order_header` ADD COLUMN `customer_mail` varchar(99)", "/data/backup/orders-2026.sql", // SQL, path
	"Access denied for user 'dts_reader'@'10.12.30.57' (using password: YES)", "连接目标数据库失败：账号 dts_reader 无权访问 订单库。", // messages
}

// encodings are the forms in which a canary is sent and searched. The last three
// have the plain form in them.
var encodings = map[string]func(string) string{
	"plain":  func(s string) string { return s },
	"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"hex":    func(s string) string { return hex.EncodeToString([]byte(s)) },
	"URL":    url.QueryEscape,
	"JSON":   func(s string) string { return strings.Trim(mustEncode(s), `"`) },
	"twice":  func(s string) string { return strings.Trim(mustEncode(mustEncode(s)), `"`) },
	"object": func(s string) string { return mustEncode(map[string]any{"name": s, s: []string{s}}) },
	"text":   func(s string) string { return "Failed: " + s + "。 Retrying" },
	"time":   func(s string) string { return "2021-03-16T08:01:19Z" + s },
	"number": func(s string) string { return "3/5" + s + "%" },
}

func mustEncode(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// filled is a response with a value in every documented field, whatever its type,
// and in a field without documentation wherever one fits.
func filled(operation string, value any) string {
	objects := map[string]map[string]any{"": {}} // by path
	for _, documented := range inventory.Fields(operation) {
		parent, name := "", documented.Path
		if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
			parent, name = name[:dot], name[dot+1:]
		}
		object := map[string]any{"Undocumented": value, "dtsJobName": value, fmt.Sprint(value): value, "_emulator": map[string]any{"GroupId": value}}
		switch documented.Type {
		case "list":
			objects[parent][strings.TrimSuffix(name, "[]")] = []any{object, value}
			objects[documented.Path] = object
		case "object":
			objects[parent][name] = object
			objects[documented.Path] = object
		default:
			objects[parent][name] = value
		}
	}
	return mustEncode(objects[""])
}

// recordFilled records an account in which every field has the value.
func recordFilled(t *testing.T, value any) *Recording {
	t.Helper()
	source := account{jobIDs: []string{textOf(value)}, jobs: []string{filled("DescribeDtsJobs", value)}, items: 1,
		subtasks: map[string][]string{"01 before": {filled("DescribePreCheckStatus", value)}}}
	recording := source.record(t)
	if recording.Jobs < 2 || recording.Prechecks != 1 && textOf(value) != "" {
		t.Fatalf("%d jobs and %d prechecks recorded", recording.Jobs, recording.Prechecks)
	}
	return recording
}

var replacement = regexp.MustCompile(`^((dts|id-|name-|text-)[a-z2-7]{16}|\{\}|\[\])$`)

// TestNothingIdentifying sends every canary in every encoding, as a string, as a
// number, in a list and as an object, in every documented field and in others,
// and searches for it in all encodings.
func TestNothingIdentifying(t *testing.T) {
	if len(canaries) < 42 {
		t.Fatalf("%d kinds", len(canaries))
	}
	for _, canary := range canaries {
		forms := []any{map[string]any{canary: canary, "DtsJobName": canary, "Status": []any{canary}}}
		searched := map[string]string{}
		for encoding, encode := range encodings {
			forms = append(forms, encode(canary))
			if !strings.Contains(encode(canary), canary) || encoding == "plain" {
				searched[encoding] = strings.ToLower(strings.TrimRight(encode(canary), "=")) // In base64, = is padding.
			}
		}
		if regexp.MustCompile(`^[0-9]+$`).MatchString(canary) {
			forms = append(forms, json.Number(canary), json.Number("-"+canary+".5"), json.Number("1."+canary))
		}
		for _, value := range []any{canary, forms} {
			for name, content := range recordFilled(t, value).files {
				text := strings.ToLower(name + string(content))
				for encoding, form := range searched {
					if strings.Contains(text, form) {
						t.Errorf("%s: %q is there in the form %s", name, canary, encoding)
					}
				}
				if strings.HasSuffix(name, ".json") {
					checkStrings(t, name, content)
				}
			}
		}
	}
}

// fieldNames are the names of all documented fields.
var fieldNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, operation := range []string{"DescribeDtsJobs", "DescribePreCheckStatus"} {
		for _, field := range inventory.Fields(operation) {
			for name := range strings.SplitSeq(field.Path, ".") {
				names[strings.TrimSuffix(name, "[]")] = true
			}
		}
	}
	return names
})

// checkStrings checks that all strings in a file of fixtures are replacements,
// that all names are documented, and that only the page has a number.
func checkStrings(t *testing.T, name string, content []byte) {
	t.Helper()
	var check func(path string, value any)
	check = func(path string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for name, inner := range value {
				if !fieldNames()[name] {
					t.Errorf("%s has the name %q", path, name)
				}
				check(path+"."+name, inner)
			}
		case []any:
			for _, inner := range value {
				check(path+"[]", inner)
			}
		case string:
			if !replacement.MatchString(value) {
				t.Errorf("%s is %q", path, value)
			}
		case float64:
			t.Errorf("%s is %v", path, value)
		}
	}
	var response map[string]any
	if err := json.Unmarshal(content, &response); err != nil {
		t.Fatal(err)
	}
	delete(response, "_emulator") // The parameters of the request and the page are the recorder's.
	delete(response, "PageNumber")
	check(name, response)
}

// Every documented field is recorded, but for the envelope of a list, and the
// names of others are reported.
func TestDocumentedFields(t *testing.T) {
	recording := recordFilled(t, "x")
	recorded := ""
	for _, content := range recording.files {
		recorded += string(content)
	}
	for name := range fieldNames() {
		isEnvelope := name == "ErrCode" || name == "DynamicCode" || name == "DynamicMessage"
		if !strings.Contains(recorded, `"`+name+`":`) && !isEnvelope {
			t.Errorf("%s is not recorded", name)
		}
	}
	if removed := recording.Removed(); !slices.Equal(removed, []string{"Undocumented", "_emulator", "dtsJobName", "x"}) {
		t.Errorf("removed %q", removed)
	}
	fields := documentedFields(nil)
	for _, operation := range []string{"DescribeDtsJobs", "DescribePreCheckStatus"} {
		for _, field := range inventory.Fields(operation) {
			name := field.Path[strings.LastIndexByte(field.Path, '.')+1:]
			isText := field.Type == "string" || field.Type == "object" || field.Type == "list"
			if fields[strings.TrimSuffix(name, "[]")].isTyped == isText {
				t.Errorf("%s is of type %s", field.Path, field.Type)
			}
		}
	}
}

// TestValues has a pattern for what each value becomes; without one it stays.
func TestValues(t *testing.T) {
	const hash = `[a-z2-7]{16}"`
	a := newAnonymizer([]string{"cn-hangzhou"})
	for _, test := range []struct{ field, value, want string }{
		{"Delay", `-1`, ""}, {"Delay", `"1200"`, ""}, {"Delay", `9999999999`, ""}, {"MaxDu", `0.5`, ""}, {"Skip", `"True"`, ""},
		{"Delay", `13817462053`, "null"}, {"Delay", `"acme"`, "null"}, {"MaxDu", `1e3`, "null"}, {"Skip", `"acme"`, "null"}, {"Skip", `null`, ""},
		{"CreateTime", `"2021-03-16T08:01:19Z"`, ""}, {"BootTime", `"2022-03-16T08:01:34.000+00:00"`, ""}, {"FinishTime", `"2021-01-11 11:39:44.0"`, ""},
		{"Checkpoint", `"1610540493"`, ""}, {"Checkpoint", `1610540493000`, ""}, {"CreateTime", `"yesterday"`, `"text-` + hash},
		{"Percent", `"99.5"`, ""}, {"Progress", `"3/5"`, ""}, {"Flow", `"0.60MB/s"`, ""}, {"DuRealUsage", `"12.0%"`, ""}, {"Port", `"3306"`, ""},
		{"Progress", `"1 rows/s (row: 5/5, table: 1/1)"`, `"text-` + hash}, {"Percent", `"10.12.30.57"`, `"text-` + hash},
		{"Status", `"synchronizing"`, ""}, {"State", `"Catched"`, ""}, {"Status", `"Novel"`, `"text-` + hash}, {"Code", `"01"`, ""}, {"IgnoreFlag", `"N"`, ""},
		{"JobType", `"online"`, ""}, {"JobType", `"MIGRATION"`, ""}, {"EngineName", `"MySQL"`, ""}, {"InstanceType", `"RDS"`, ""}, {"OriginType", `"DTS task"`, ""},
		{"Item", `"CHECK_CONN_SRC"`, ""}, {"Names", `"CHECK_CONN_SRC_DETAIL"`, ""}, {"RepairMethod", `"CHECK__ERROR_SAME_OBJ_REPAIR"`, ""}, {"Item", `"CHECK_IN"`, `"text-` + hash},
		{"Region", `"cn-hangzhou"`, ""}, {"HostRegion", `"cn-beijing"`, `"text-` + hash},
		{"DtsJobName", `"MySQL"`, `"name-` + hash}, {"DtsJobName", `"2021-03-16T08:01:19Z"`, `"name-` + hash}, {"DtsJobName", `1`, `"name-` + hash}, {"DtsJobName", `""`, ""},
		{"DtsJobId", `"a"`, `"dts` + hash}, {"DtsInstanceID", `"a"`, `"dts` + hash}, {"InstanceID", `"a"`, `"id-` + hash}, {"RequestId", `"a"`, `"id-` + hash},
		{"DbObject", `"{\"a\":1}"`, `"\{\}"`}, {"Sub", `" [1]"`, `"\[\]"`}, {"Reserved", `"{"`, `"text-` + hash}, {"Reserved", `"1"`, `"text-` + hash},
	} {
		if test.want == "" {
			test.want = regexp.QuoteMeta(test.value)
		}
		decoder := json.NewDecoder(strings.NewReader(test.value))
		decoder.UseNumber()
		var value any
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
		if got := mustEncode(a.value(test.field, value)); !regexp.MustCompile(`^` + test.want + `$`).MatchString(got) {
			t.Errorf("%s %s became %s, want %s", test.field, test.value, got, test.want)
		}
	}
}

// An original has one hash in all fields and files of a recording, and another
// hash in another recording.
func TestHashes(t *testing.T) {
	var recordings []string
	for range 2 {
		hashes := map[string]bool{}
		for name, content := range recordFilled(t, "orders").files {
			for _, match := range regexp.MustCompile(`\b(dts|id-|name-|text-)([a-z2-7]{16})\b`).FindAllStringSubmatch(name+string(content), -1) {
				hashes[match[2]] = true
			}
		}
		recordings = append(recordings, slices.Collect(maps.Keys(hashes))...)
	}
	if len(recordings) != 2 || recordings[0] == recordings[1] {
		t.Errorf("hashes of two recordings: %v", recordings)
	}
	if a := newAnonymizer(nil); a.value("Ip", "orders") == a.value("Ip", "Orders") {
		t.Error("two originals have the same hash")
	}
}
