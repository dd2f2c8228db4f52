package credentials

import (
	"context"
	"os"
	"strings"
)

// sharedFile is the file that the SDKs of Alibaba Cloud share.
const sharedFile = "~/.alibabacloud/credentials"

// sharedSource is the source of the section default of the shared file.
func sharedSource(path string, instance metadata, service sts) source {
	const advice = "Its section default must have type access_key, ecs_ram_role or ram_role_arn, " +
		"and what that type requires."
	return source{name: path, advice: advice, fetch: func(ctx context.Context, seen *redactor) (expiring, error) {
		text, err := os.ReadFile(path)
		if err != nil {
			return expiring{}, readError("the file", path, err)
		}
		values := defaultSection(string(text))
		hasKey := values["access_key_id"] != "" && values["access_key_secret"] != ""
		key := newCredential("static_ak", values["access_key_id"], values["access_key_secret"], "")
		specified := staticSource(path, advice, key)
		switch kind := values["type"]; {
		case kind == "access_key" && hasKey:
		case kind == "ecs_ram_role":
			specified = instance.source(path, values["role_name"])
		case kind == "ram_role_arn" && hasKey && values["role_arn"] != "":
			specified = roleSource(path, service, specified, AssumeRole{
				RoleARN: Text(values["role_arn"]), SessionName: Text(values["role_session_name"]),
				Policy: values["policy"],
			})
		default:
			return expiring{}, newError("its section default is missing or incomplete")
		}
		got, err := specified.get(ctx, seen)
		got.Provider = "profile/" + got.Provider
		return got, err
	}}
}

// defaultSection returns the values of the section default of an INI file: lines
// of the form key = value, with comments after # or ;.
func defaultSection(text string) map[string]string {
	values := map[string]string{}
	section := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.ReplaceAll(" "+line, " ;", " #"), " #")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[] ")
		}
		key, value, found := strings.Cut(line, "=")
		if found && section == "default" {
			values[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return values
}
