// Package dts calls the API of Alibaba Cloud Data Transmission Service (DTS),
// version 2020-01-01: DescribeDtsJobs and DescribePreCheckStatus.
//
// It exists because the service's own typed client cannot be resolved as a Go
// module and drops what a careful reader of a list needs: which page size was
// granted, whether the list moved while it was read, what exactly went wrong.
// Requests are signed by the core library that the typed client is generated on,
// and are the same on the wire; sending, decoding, retries and paging are done
// here. The package knows no Terraform.
package dts
