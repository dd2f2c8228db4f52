package rawjson_test

import (
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// The count changes; the number that is written as 1.50, the spaces and the
// escape stay.
func Example() {
	response := []byte(`{ "Total" : "7", "Cost" : 1.50, "Name" : "\u0041" }`)

	response, err := rawjson.Set(response, "Total", []byte(`"8"`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(response))
	// Output: { "Total" : "8", "Cost" : 1.50, "Name" : "\u0041" }
}

// A reverse job is an object within the job: it is edited on its own, then set.
func ExampleDelete() {
	job := []byte(`{"ReverseJob": {"DbObject": "{}", "Status": "Failed"}, "Status": "Finished"}`)

	reverse, err := rawjson.Get(job, "ReverseJob")
	if err != nil {
		fmt.Println(err)
		return
	}
	if reverse, err = rawjson.Delete(reverse, "DbObject"); err != nil {
		fmt.Println(err)
		return
	}
	if job, err = rawjson.Set(job, "ReverseJob", reverse); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(job))
	// Output: {"ReverseJob": {"Status": "Failed"}, "Status": "Finished"}
}
