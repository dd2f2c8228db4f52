package emulator

import (
	"slices"
	"strings"
)

// knownRegions are regions in which Alibaba Cloud offers DTS, as far as is known
// here. One of them without fixtures has no jobs; any other region is refused,
// unless the fixtures have a directory for it.
var knownRegions = []string{
	"cn-hangzhou", "cn-shanghai", "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote",
	"cn-wulanchabu", "cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-nanjing",
	"cn-fuzhou", "cn-wuhan-lr", "cn-hongkong", "cn-hangzhou-finance", "cn-shanghai-finance-1",
	"cn-shenzhen-finance-1", "cn-beijing-finance-1", "cn-north-2-gov-1",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6",
	"ap-southeast-7", "ap-northeast-1", "ap-northeast-2", "ap-south-1",
	"us-west-1", "us-east-1", "na-south-1", "eu-central-1", "eu-west-1", "me-east-1", "me-central-1",
}

// endpointRegion is the region of a request that does not name one: that of the
// endpoint, as in dts.cn-beijing.aliyuncs.com, and cn-hangzhou for any other
// host. Which region the service takes is not documented.
func endpointRegion(host string) string {
	region := strings.TrimSuffix(strings.TrimPrefix(host, "dts."), ".aliyuncs.com")
	if slices.Contains(knownRegions, region) {
		return region
	}
	return "cn-hangzhou"
}
