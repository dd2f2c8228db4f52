package anonymize

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRewrite compares replacements with what they must look like. What is in
// angle brackets is a regular expression for something that was replaced.
func TestRewrite(t *testing.T) {
	for name, test := range map[string]struct{ in, want string }{
		"spaces and order": {`{ "Status" : "Failed",` + "\n" + ` "Delay":"0" , "Total":1.50}` + "\n", `{ "Status" : "Failed",` + "\n" + ` "Delay":"0" , "Total":1.50}` + "\n"},
		"job and instance": {`{"DtsInstanceID":"dtsk2fm11x9d8t12ab"}`, `{"DtsInstanceID":"dts<[a-z0-9]{15}>"}`},
		"masked id":        {`{"DtsJobId":"i03e3zty16i****"}`, `{"DtsJobId":"<[a-z0-9]{11}>****"}`},
		"id with a space":  {`{"JobId":" b4my3zg929a****"}`, `{"JobId":" <[a-z0-9]{11}>****"}`},
		"id of a product":  {`{"InstanceID":"rm-bp1hh2sllx555u7in"}`, `{"InstanceID":"rm-<[a-z0-9]{17}>"}`},
		"id as a number":   {`{"Id":884101}`, `{"Id":<[1-9][0-9]{5}>}`},
		"request id":       {`{"RequestId":"A0B1D9F4-1C55-5B7E-9D2C-7E1F0B3A4C04"}`, `{"RequestId":"<[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}>"}`},
		"address":          {`{"Ip":"192.168.20.15"}`, `{"Ip":"10.<[0-9.]+>"}`},
		"address 6":        {`{"Ip":"2001:db8::5"}`, `{"Ip":"fd00::<[0-9a-f:]+>"}`},
		"host":             {`{"Ip":"db.corp.example.org"}`, `{"Ip":"host-1.example.com"}`},
		"CIDR block":       {`{"SrcRegionCidr":"172.16.0.0/16"}`, `{"SrcRegionCidr":"10.<[0-9.]+>/16"}`},
		"client":           {`{"ConsumptionClient":"172.20.30.40:dts7qk"}`, `{"ConsumptionClient":"10.<[0-9.]+>:name-1"}`},
		"name":             {`{"DtsJobName":"orders-mysql"}`, `{"DtsJobName":"name-1"}`},
		"Chinese name":     {`{"DtsJobName":"订单库迁移"}`, `{"DtsJobName":"name-1"}`},
		"list of names":    {`{"TargetNames":"a_b, c_d,a_b"}`, `{"TargetNames":"<(name-.), name-.,name-.>"}`},
		"table":            {`{"TargetNames":"shop.orders"}`, `{"TargetNames":"<name-.\.name-.>"}`},
		"sentence":         {`{"ErrDetail":"Access denied for user 'joe'"}`, `{"ErrDetail":"text-1"}`},
		"known key":        {`{"ErrMsg":"CHECK__ERROR_SAME_OBJ","Item":"CHECK_CONN_SRC"}`, `{"ErrMsg":"CHECK__ERROR_SAME_OBJ","Item":"CHECK_CONN_SRC"}`},
		"key and more":     {`{"ErrMsg":"CHECK_CONN_SRC of joe"}`, `{"ErrMsg":"text-1"}`},
		"documents":        {`{"HelpUrl":"https://help.aliyun.com/document_detail/1.html"}`, `{"HelpUrl":"https://help.aliyun.com/document_detail/1.html"}`},
		"other page":       {`{"HelpUrl":"https://wiki.corp.example.org/joe"}`, `{"HelpUrl":"https://host-1.example.com/name-1"}`},
		"progress":         {`{"Progress":"1 rows/s (row: 5/5, table: 1/1)","Flow":"1.00MB/s"}`, `{"Progress":"1 rows/s (row: 5/5, table: 1/1)","Flow":"1.00MB/s"}`},
		"progress, named":  {`{"Progress":"table joe: 5/5"}`, `{"Progress":"text-1"}`},
		"times": {`{"CreateTime":"2021-01-11 11:39:44.0","BootTime":"2022-03-16T08:01:34.000+00:00","Checkpoint":"1616899019"}`,
			`{"CreateTime":"2021-01-11 11:39:44.0","BootTime":"2022-03-16T08:01:34.000+00:00","Checkpoint":"1616899019"}`},
		"new status":                {`{"Status":"Hibernating"}`, `{"Status":"Hibernating"}`},
		"no status":                 {`{"Status":"failed for joe"}`, `{"Status":"text-1"}`},
		"tag":                       {`{"TagList":[{"TagKey":"env","TagValue":""}]}`, `{"TagList":[{"TagKey":"name-1","TagValue":""}]}`},
		"numeric tag":               {`{"TagList":[{"TagKey":"4711"}]}`, `{"TagList":[{"TagKey":"<[1-9][0-9]{3}>"}]}`},
		"objects":                   {`{"DbObject":"{\"joe\":{\"name\":\"joe\",\"all\":true,\"Table\":{\"name\":{\"all\":false}}}}"}`, `{"DbObject":"{\"<name-.>\":{\"name\":\"<name-.>\",\"all\":true,\"Table\":{\"<name-.>\":{\"all\":false}}}}"}`},
		"broken objects":            {`{"DbObject":"{\"joe\":"}`, `{"DbObject":"text-1"}`},
		"settings":                  {`{"Reserved":"{\"srcHostPorts\":\"172.1.1.1:3306\",\"srcSSL\":\"0\",\"joe\":1}"}`, `{"Reserved":"{\"srcHostPorts\":\"10.<[0-9.]+>:3306\",\"srcSSL\":\"0\",\"name-1\":1}"}`},
		"unknown field":             {`{"Owner":"joe","Limits":{"joe":"x","n":5},"Flag":true,"Nothing":null}`, `{"Owner":"<name-.>","Limits":{"<name-.>":"<name-.>","<name-.>":5},"Flag":true,"Nothing":null}`},
		"unknown account":           {`{"Uid":1234567890123456,"Size":1234}`, `{"Uid":<[1-9][0-9]{15}>,"Size":1234}`},
		"unknown member":            {`{"joe":{"Status":"joe"}}`, `{"<name-.>":{"<name-.>":"<name-.>"}}`},
		"JSON in a string":          {`{"Note":"[\"joe\",{\"Status\":\"joe\"}]"}`, `{"Note":"[\"<name-.>\",{\"<name-.>\":\"<name-.>\"}]"}`},
		"escapes":                   {`{"Status":"\u0046ailed","DtsJobName":"\u006aoe\ud800"}`, `{"Status":"\u0046ailed","DtsJobName":"name-1"}`},
		"region":                    {`{"Region":"cn-hangzhou","SrcRegion":"joe's place"}`, `{"Region":"cn-hangzhou","SrcRegion":"text-1"}`},
		"region's name":             {`{"DtsJobName":"cn-hangzhou"}`, `{"DtsJobName":"name-1"}`},
		"column called state":       {`{"DbObject":"{\"d\":{\"Table\":{\"t\":{\"column\":{\"state\":\"acme_varchar\"}}}}}"}`, `{"DbObject":"{\"<name-.>\":{\"Table\":{\"<name-.>\":{\"column\":{\"<name-.>\":\"<name-.>\"}}}}}"}`},
		"table called state":        {`{"DbObject":"{\"d\":{\"Table\":{\"state\":\"acme\",\"all\":\"true\"}}}"}`, `{"DbObject":"{\"<name-.>\":{\"Table\":{\"<name-.>\":\"<name-.>\",\"<name-.>\":\"<name-.>\"}}}"}`},
		"state that is a name":      {`{"DbObject":"{\"d\":{\"state\":\"acme_varchar\"}}"}`, `{"DbObject":"{\"<name-.>\":{\"state\":\"<name-.>\"}}"}`},
		"objects not in a string":   {`{"DbObject":{"Acme":{"name":"Acme","all":true}}}`, `{"DbObject":{"name-1":{"name":"name-1","all":true}}}`},
		"short filter":              {`{"DbObject":"{\"d\":{\"filter\":\"id=7\",\"name\":7}}"}`, `{"DbObject":"{\"<name-.>\":{\"filter\":\"<name-.>\",\"name\":<[1-9]>}}"}`},
		"filter, one word":          {`{"DbObject":"{\"d\":{\"filter\":\"vip\"}}"}`, `{"DbObject":"{\"<name-.>\":{\"filter\":\"<name-.>\"}}"}`},
		"map of tags":               {`{"TagList":{"Owner":"joe","team":4711}}`, `{"TagList":{"<name-.>":"<name-.>","<name-.>":<[1-9][0-9]{3}>}}`},
		"map in a text field":       {`{"TargetNames":{"Acme":true},"Reserved":{"Acme":true}}`, `{"TargetNames":{"name-1":true},"Reserved":{"name-1":true}}`},
		"numbers for names":         {`{"UserName":10247,"TagList":[{"TagKey":12,"TagValue":12345678}],"OracleSID":0}`, `{"UserName":<[1-9][0-9]{4}>,"TagList":[{"TagKey":<[1-9][0-9]>,"TagValue":<[1-9][0-9]{7}>}],"OracleSID":<[1-9]>}`},
		"region that is a host":     {`{"Region":"db.corp.example.org","HostRegion":"hr-acme","SrcRegion":"us-acme-1","DestRegion":"cn-north-2-gov-1"}`, `{"Region":"host-1.example.com","HostRegion":"<name-.>","SrcRegion":"<name-.>","DestRegion":"cn-north-2-gov-1"}`},
		"documents with a query":    {`{"HelpUrl":"https://help.aliyun.com/document_detail/1.html?uid=joe"}`, `{"HelpUrl":"https://host-1.example.com/name-1"}`},
		"documents, fragment":       {`{"CnDocUrl":"https://help.aliyun.com/1.html#joe","InternationalDocUrl":"https://www.alibabacloud.com.example.org/1"}`, `{"CnDocUrl":"https://<host-.>.example.com/<name-.>","InternationalDocUrl":"https://<host-.>.example.com/<[1-9]>"}`},
		"nine digits, unknown":      {`{"Uid":123456789,"Old":54321,"Count":4321}`, `{"Uid":<[1-9][0-9]{8}>,"Old":<[1-9][0-9]{4}>,"Count":4321}`},
		"one begins another":        {`{"DatabaseName":"acme","UserName":"acme_reader","DtsJobName":"acme-2024-acme"}`, `{"DatabaseName":"<name-.>","UserName":"<name-.>","DtsJobName":"<name-.>"}`},
		"tags of another object":    {`{"Limits":{"TagList":[{"Owner":"joe"}],"Id":"prod"}}`, `{"Limits":{"<name-.>":[{"<name-.>":"<name-.>"}],"<name-.>":"<name-.>"}}`},
		"objects with spaces":       {`{"DbObject":" {\"joe\":{\"all\":true}}\n"}`, `{"DbObject":" {\"<name-.>\":{\"all\":true}}\n"}`},
		"list in a number field":    {`{"Delay":"[123456]","Total":"123456"}`, `{"Delay":"[<[1-9][0-9]{5}>]","Total":"123456"}`},
		"name that begins as an ID": {`{"DtsJobName":"dtsadmin123"}`, `{"DtsJobName":"name-1"}`},
		"long name":                 {`{"DtsJobName":"orders_of_all_subsidiaries_from_2014_on_x"}`, `{"DtsJobName":"text-1"}`},
		"name of 40 characters":     {`{"DtsJobName":"orders_of_all_subsidiaries_from_2014_on_"}`, `{"DtsJobName":"name-1"}`},
		"UUID, unknown":             {`{"Trace":"a0b1d9f4-1c55-5b7e-9d2c-7e1f0b3a4c04"}`, `{"Trace":"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>"}`},
		"nothing":                   {`{"DtsJobName":"","Total":0}`, `{"DtsJobName":"","Total":0}`},
		"large numbers":             {`{"DiffRow":9007199254741001}`, `{"DiffRow":9007199254741001}`},
		"no object":                 {` "joe" `, ` "name-1" `},
		"decimal, unknown":          {`{"Ratio":-0.123456789}`, `{"Ratio":<[1-9][0-9]{9}>}`},
		"exponent, unknown":         {`{"Ratio":1234567e100}`, `{"Ratio":<[1-9][0-9]{9}>}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := New("").Rewrite([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			found := pattern(test.want).FindStringSubmatch(string(got))
			if found == nil {
				t.Fatalf("%s\nbecame %s\nwant   %s", test.in, got, test.want)
			}
			for _, replacement := range found[1:] {
				if contains(test.in, replacement) {
					t.Errorf("%s\nbecame %s\n%q was not replaced", test.in, got, replacement)
				}
			}
		})
	}
}

// contains reports whether a text has a part. A short part counts only as a
// complete word, because it may be in a number by chance.
func contains(text, part string) bool {
	if len(part) < 6 {
		return regexp.MustCompile(`\b` + regexp.QuoteMeta(part) + `\b`).MatchString(text)
	}
	return strings.Contains(text, part)
}

// pattern turns text with <expressions> into one expression.
func pattern(text string) *regexp.Regexp {
	parts := regexp.MustCompile(`<([^>]*)>`)
	at, expression := 0, "^"
	for _, found := range parts.FindAllStringSubmatchIndex(text, -1) {
		expression += regexp.QuoteMeta(text[at:found[0]]) + "(" + text[found[2]:found[3]] + ")"
		at = found[1]
	}
	return regexp.MustCompile(expression + regexp.QuoteMeta(text[at:]) + "$")
}

// An original has one replacement wherever it is, in a list or nested too, and
// two originals never share one.
func TestSameEverywhere(t *testing.T) {
	first := `{"DatabaseName":"shop","DtsJobId":"k2fm11x9d8t12ab","Ip":"172.16.0.1","ErrDetail":"till"}`
	second := `{"DatabaseName":"shop,till","DtsInstanceID":"dtsk2fm11x9d8t12ab","DbObject":"{\"shop\":{\"name\":\"shop\"}}",
		"Reserved":"{\"srcHostPorts\":\"172.16.0.1:3306\"}","DtsJobName":"k2fm11x9d8t12ab","TargetNames":"shop.till"}`
	a := New("")
	for _, body := range []string{second, first} {
		if err := a.Learn([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	one, two := rewritten(t, a, first), rewritten(t, a, second)
	shop, till, id := one["DatabaseName"], one["ErrDetail"], one["DtsJobId"]
	want := map[string]string{
		"DatabaseName": shop + "," + till, "DtsInstanceID": "dts" + id, "DbObject": `{"` + shop + `":{"name":"` + shop + `"}}`,
		"Reserved": `{"srcHostPorts":"` + one["Ip"] + `:3306"}`, "DtsJobName": id, "TargetNames": shop + "." + till,
	}
	if !maps.Equal(two, want) || shop == till {
		t.Errorf("after %v got %v, want %v", one, two, want)
	}
}

func rewritten(t *testing.T, a *Anonymizer, body string) (members map[string]string) {
	t.Helper()
	out, err := a.Rewrite([]byte(body))
	if err == nil {
		err = json.Unmarshal(out, &members)
	}
	if err != nil {
		t.Fatal(err)
	}
	return members
}

// Without a seed nothing links two recordings. IDs keep their order all the same.
func TestSeed(t *testing.T) {
	const body = `["k2fm11x9d8t12ab","k2fm11x9d8t12ac","z0field0every00","a0field0every00","one","two","three","four","five","six","seven","eight","nine"]`
	rewrite := func(seed string) string {
		out, err := New(seed).Rewrite([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if once := rewrite("x"); once != rewrite("x") {
		t.Error("the same seed did not do the same")
	}
	first, second := rewrite(""), rewrite("")
	if first[strings.Index(first, "name"):] == second[strings.Index(second, "name"):] {
		t.Error("two recordings number names alike")
	}
	var ids []string
	if err := json.Unmarshal([]byte(first), &ids); err != nil {
		t.Fatal(err)
	}
	if ids[3] >= ids[0] || ids[0] >= ids[1] || ids[1] >= ids[2] {
		t.Errorf("ids lost their order: %q", ids[:4])
	}
}

// No replacement is an original of something else, and no two originals have the
// same replacement, even where there are few of their form.
func TestDistinct(t *testing.T) {
	for seed := range 20 {
		originals := []string{"name-1", "name-2", "1", "2", "3", "4", "5", "6"}
		body, err := json.Marshal(originals)
		if err != nil {
			t.Fatal(err)
		}
		var replacements []string
		rewritten, err := New(fmt.Sprint("seed", seed)).Rewrite(body)
		if err == nil {
			err = json.Unmarshal(rewritten, &replacements)
		}
		all := append(replacements, originals...)
		slices.Sort(all)
		if err != nil || len(slices.Compact(all)) != 2*len(originals) {
			t.Errorf("%s became %s, error %v", body, rewritten, err)
		}
	}
}

// An ID keeps its form even if no response had it.
func TestID(t *testing.T) {
	a := New("test")
	id := a.ID("prod")
	if !regexp.MustCompile(`^[a-z]{4}$`).MatchString(id) || id == "prod" || a.ID("prod") != id {
		t.Errorf("prod became %s, then %s", id, a.ID("prod"))
	}
}

func FuzzRewrite(f *testing.F) {
	for _, seed := range []string{
		`{"DtsJobId":"k2fm11x9d8t12ab","DbObject":"{\"a\":{\"name\":\"a\"}}","TagList":[{"TagKey":"x"}]}`,
		`{"Reserved":"{\"srcHostPorts\":\"10.0.0.1:3306\"}","Uid":1.5e10,"Id":-1,"x":[[],{},null,true]}`,
		`["https://a.b.c/123456789",123456789,"\ud800\"\\", "dts", "rm-", " ", "a,b", ":1", "/", "::1%eth0"]`,
		`{`, ``, `nul`, "\"\xff\"", `{"Id":"","Id":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		a := New("fuzz")
		out, err := a.Rewrite(in)
		if !json.Valid(in) {
			if !errors.Is(err, ErrNotJSON) {
				t.Fatalf("%q is no JSON and became %q, %v", in, out, err)
			}
			return
		}
		if err != nil || !json.Valid(out) {
			t.Fatalf("%q became %q, %v", in, out, err)
		}
		again, err := a.Rewrite(in)
		if err != nil || string(again) != string(out) {
			t.Fatalf("%q became %q, and then %q, %v", in, out, again, err)
		}
		if len(a.replacer.replacements.pending) > 0 {
			t.Fatalf("%v of %q have no replacement", a.replacer.replacements.pending, in)
		}
	})
}
