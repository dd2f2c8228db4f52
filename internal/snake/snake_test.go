package snake_test

import (
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

func TestCase(t *testing.T) {
	for camel, want := range map[string]string{
		"DtsInstanceID":         "dts_instance_id",
		"OracleSID":             "oracle_sid",
		"DtsJobId":              "dts_job_id",
		"Ip":                    "ip",
		"SslSolutionEnum":       "ssl_solution_enum",
		"IDList":                "id_list",
		"AssumeRoleWithOIDC":    "assume_role_with_oidc",
		"ECSRoleName":           "ecs_role_name",
		"SharedCredentialsFile": "shared_credentials_file",
		"":                      "",
	} {
		if got := snake.Case(camel); got != want {
			t.Errorf("Case(%q) = %q, want %q", camel, got, want)
		}
	}
}
