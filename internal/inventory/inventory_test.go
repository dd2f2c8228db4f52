package inventory_test

import (
	"fmt"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

// The numbers are counted in the documents.
func TestFields(t *testing.T) {
	for operation, count := range map[string]int{"DescribeDtsJobs": 423, "DescribePreCheckStatus": 162, "DescribeNothing": 0} {
		fields := inventory.Fields(operation)
		if len(fields) != count {
			t.Errorf("%s has %d fields, want %d", operation, len(fields), count)
		}
		for _, field := range fields {
			if field.Path == "" || field.Type == "" || field.Terraform == "" {
				t.Errorf("%s: %+v is incomplete", operation, field)
			}
		}
	}
}

// The tests of package dts would notice a parameter that is missing.
func TestParameters(t *testing.T) {
	for _, operation := range []string{"DescribeDtsJobs", "DescribePreCheckStatus"} {
		parameters := inventory.Parameters(operation)
		if len(parameters) == 0 {
			t.Errorf("%s has no parameters", operation)
		}
		for _, parameter := range parameters {
			if parameter.Name == "" || parameter.Type == "" {
				t.Errorf("%s: %+v is incomplete", operation, parameter)
			}
		}
	}
}

func Example() {
	fmt.Println(inventory.Fields("DescribeDtsJobs")[1])
	// Output: {DtsJobList[].AppName string jobs[].app_name}
}
