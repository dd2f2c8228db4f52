package rpc

// sharedEndpoint serves the regions that have no endpoint of their own.
const sharedEndpoint = "dts.aliyuncs.com"

// endpointExceptions are the regions whose endpoint is not dts.<region>.aliyuncs.com,
// by the service's page on request syntax.
var endpointExceptions = map[string]string{
	"cn-wulanchabu":        sharedEndpoint,
	"cn-chengdu":           sharedEndpoint,
	"cn-beijing-finance-1": sharedEndpoint,
	"cn-hangzhou-finance":  "dts.cn-hangzhou.aliyuncs.com",
}

// HostOf returns the host that serves a region.
func HostOf(region string) string {
	if host, ok := endpointExceptions[region]; ok {
		return host
	}
	return "dts." + region + ".aliyuncs.com"
}
