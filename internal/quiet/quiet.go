// Package quiet keeps the Alibaba Cloud libraries from printing requests,
// Authorization header included, when DEBUG names one of them. A plugin's
// standard output belongs to its handshake, and its log to anyone who reads it.
//
// The libraries look at DEBUG while they are initialized, before main runs.
// This package is initialized earlier still: of the packages whose imports are
// ready Go takes the first by import path, and this one needs nothing but os,
// while each of them needs net/http, which comes later in that order.
package quiet

import "os"

func init() {
	// Nothing else in the provider's process reads it. Unsetenv only fails for
	// a name that can't be one.
	_ = os.Unsetenv("DEBUG")
}
