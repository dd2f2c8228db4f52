// Package dts is a client of the API of Alibaba Cloud Data Transmission Service
// (DTS), version 2020-01-01: DescribeDtsJobs and DescribePreCheckStatus.
//
// It exists because the service's typed client cannot be resolved as a Go
// module, and because reading a complete list needs what that client hides:
// which page size was accepted, whether the list changed while it was being
// read, and exactly what went wrong. Requests are signed by the core library
// that the typed client is generated on, and are the same on the wire; sending,
// decoding, retries and paging are done here. The package does not depend on
// Terraform.
//
// Read from the top down: a request (jobs_request.go, precheck_request.go), the
// read that sends it (find.go, jobs_list.go, lookup.go, precheck_read.go), the engine
// that reads pages (scan.go), and what sends one request (client.go,
// request.go, retry.go, limiter.go, sign.go, transport.go, response.go).
package dts
