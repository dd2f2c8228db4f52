package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// A client finds the emulator at an ordinary URL, and a test reads back the requests
// of the client. This one did not sign its request.
func Example() {
	api := &emulator.Emulator{}
	server := httptest.NewServer(api)
	defer server.Close()

	response, err := http.Get(server.URL + "/?Action=DescribeDtsJobs&Version=2020-01-01&Region=cn-hangzhou")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	for _, request := range api.Requests() {
		fmt.Println(request.Action, request.Parameters.Get("Region"), request.Status, request.Code, err)
	}
	// Output: DescribeDtsJobs cn-hangzhou 400 MissingAccessKeyId <nil>
}
