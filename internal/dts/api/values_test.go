package api

import (
	"reflect"
	"testing"
)

// TestKnownValues makes sure that each list of values is one.
func TestKnownValues(t *testing.T) {
	check := func(enum any, values []string) {
		seen := map[string]bool{}
		for _, value := range values {
			if value == "" || seen[value] {
				t.Errorf("%s: %q is empty or there twice", reflect.TypeOf(enum), value)
			}
			seen[value] = true
		}
	}
	for _, enum := range []interface{ Known() []string }{
		JobStatus(""), JobTypeFilter(""), JobType(""), QueryType(""), OrderColumn(""), BisLabel(""), JobDirection(""),
		PayType(""), SSLMode(""), RetryTarget(""), InitialStatus(""), OngoingStatus(""), CheckStatus(""), IncCheckStatus(""),
		PrecheckStatus(""), CheckResult(""), JobCode(""), SubtaskState(""), ItemState(""), SubjobState(""), YesNo(""), LogLevel(""),
		AccessMode(""), EndpointSide(""),
	} {
		check(enum, enum.Known())
	}
	for _, enum := range []interface{ Valid() []string }{OrderDirection(""), StructType("")} {
		check(enum, enum.Valid())
	}
}
