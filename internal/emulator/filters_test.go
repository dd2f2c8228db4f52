package emulator

import (
	"slices"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
)

// Every filter against the built-in account: exactly these jobs match, and the
// near misses, which are in the account too, do not.
func TestFilters(t *testing.T) {
	e, _ := newEmulator(t)
	rds := endpointID(t, e, "orders-mysql-to-polardb", "SourceEndpoint")
	polardb := endpointID(t, e, "orders-mysql-to-polardb", "DestinationEndpoint")
	group := pairs{"ResourceGroupId": "rg-acfmzawhxxcq7zi"}

	tests := map[string]struct {
		parameters pairs
		match      []string
		miss       []string
	}{
		"Region": {pairs{"Region": "ap-southeast-1"},
			[]string{"storefront-mysql-to-polardb", "storefront-aurora-to-polardb", "singapore-loyalty-to-rds", "storefront-search-rehearsal"},
			[]string{"orders-mysql-to-polardb"}},
		"Region without jobs": {pairs{"Region": "eu-central-1"}, nil, []string{"orders-mysql-to-polardb"}},
		"JobType": {pairs{"JobType": "SUBSCRIBE"},
			[]string{"orders-change-tracking", "库存变更订阅", "payments-change-tracking", "members-change-tracking", "dtsv5q81e3r7t0y2u", "catalog-change-tracking", "reports-change-tracking", "audit-change-tracking-old-sdk"},
			[]string{"orders-mysql-to-polardb"}},
		"Region and JobType": {pairs{"Region": "ap-southeast-1", "JobType": "SYNC"},
			[]string{"storefront-singapore-to-hangzhou", "storefront-to-analytics", "storefront-logs-to-archive", "storefront-to-dr", "storefront-events-to-kafka"},
			[]string{"orders-two-way-hangzhou-beijing", "storefront-change-tracking"}},

		"Type instance":                   {pairs{"Type": "instance", "Params": "dtsk2fm11x9d8t12ab"}, []string{"orders-mysql-to-polardb"}, []string{"orders-to-polardb-mysql"}},
		"Type instance, a part of the id": {pairs{"Type": "instance", "Params": "dtsk2fm11x9d8t12a"}, nil, []string{"orders-mysql-to-polardb"}},
		"Type instance, a job id":         {pairs{"Type": "instance", "Params": "k2fm11x9d8t12ab"}, nil, []string{"orders-mysql-to-polardb"}},
		"Type name":                       {pairs{"Type": "name", "Params": "orders-mysql-to"}, []string{"orders-mysql-to-polardb"}, []string{"orders-to-polardb-mysql"}},
		"Type name, other case":           {pairs{"Type": "name", "Params": "RDS-to-rds"}, []string{"RDS-to-RDS migration"}, []string{"crm-mysql-to-rds"}},
		"Type name, Chinese":              {pairs{"Type": "name", "Params": "订单"}, []string{"订单库迁移"}, []string{"仓库盘点数据迁移"}},
		"Type name, twice the same name": {pairs{"Type": "name", "Params": "members-mysql-to-polardb"},
			[]string{"members-mysql-to-polardb", "members-mysql-to-polardb"}, []string{"inventory-mysql-to-polardb"}},
		"Type srcRds": {pairs{"Type": "srcRds", "Params": rds},
			[]string{"orders-mysql-to-polardb", "orders-archive-to-analyticdb", "orders-schema-rehearsal"}, []string{"orders-to-polardb-mysql", "订单库迁移"}},
		"Type rds":                   {pairs{"Type": "rds", "Params": rds}, []string{"orders-to-polardb-mysql", "订单库迁移"}, []string{"orders-mysql-to-polardb"}},
		"Type rds, another product":  {pairs{"Type": "rds", "Params": polardb}, nil, []string{"orders-mysql-to-polardb"}},
		"Status":                     {pairs{"Status": "MigrationFailed"}, []string{"crm-mysql-to-rds", "gis-postgresql-to-rds"}, []string{"orders-mysql-to-polardb"}},
		"Status of another job type": {pairs{"Status": "Synchronizing"}, nil, []string{"orders-mysql-to-polardb"}},
		"Status nobody knows":        {pairs{"Status": "Sleeping"}, nil, []string{"orders-mysql-to-polardb"}},
		"Status, any case": {pairs{"JobType": "SYNC", "Status": "Synchronizing"},
			[]string{"orders-two-way-hangzhou-beijing", "orders-cleansing-etl", "zero-etl-orders-to-analyticdb", "every-field"}, []string{"loyalty-to-polardb"}},

		"Tags": {pairs{"Tags": `[{"key":"team","value":"orders"}]`},
			[]string{"orders-mysql-to-polardb", "订单库迁移", "orders-archive-to-analyticdb", "orders-schema-rehearsal"}, []string{"orders-to-polardb-mysql"}},
		"Tags, all of them": {pairs{"Tags": `[{"key":"team","value":"orders"},{"key":"env","value":"prod"}]`},
			[]string{"orders-mysql-to-polardb", "订单库迁移"}, []string{"orders-archive-to-analyticdb", "orders-to-polardb-mysql"}},
		"Tags, an empty value":    {pairs{"Tags": `[{"key":"dts-keep","value":""}]`}, []string{"订单库迁移", "payments-mysql-8-upgrade"}, []string{"orders-mysql-to-polardb"}},
		"Tags, a key alone":       {pairs{"Tags": `[{"key":"cost-center"}]`}, []string{"inventory-redis-cache-copy"}, []string{"inventory-mysql-to-polardb"}},
		"Tags, another key":       {pairs{"Tags": `[{"key":"orders","value":"team"}]`}, nil, []string{"orders-mysql-to-polardb"}},
		"Tags, with empty spaces": {pairs{"Tags": ` [ { "key": "cost-center", "value": "4711" } ] `}, []string{"inventory-redis-cache-copy"}, []string{"inventory-mysql-to-polardb"}},

		"DtsJobId":             {pairs{"DtsJobId": "k2fm11x9d8t12ab"}, []string{"orders-mysql-to-polardb"}, []string{"orders-to-polardb-mysql"}},
		"DtsJobId, several":    {pairs{"DtsJobId": "k2fm11x9d8t12ab,nosuchjob,w7c31dd0kq19m5e"}, []string{"orders-mysql-to-polardb", "订单库迁移"}, []string{"orders-to-polardb-mysql"}},
		"DtsJobId, nested":     {pairs{"JobType": "SYNC", "DtsJobId": "t2w41rev5c7m9p2"}, []string{"orders-two-way-hangzhou-beijing"}, []string{"orders-cleansing-etl"}},
		"DtsJobId, both":       {pairs{"JobType": "SYNC", "DtsJobId": "t2w41rev5c7m9p2,t2w40fwd8b6n3k1"}, []string{"orders-two-way-hangzhou-beijing"}, []string{"orders-cleansing-etl"}},
		"DtsJobId, other type": {pairs{"DtsJobId": "t2w40fwd8b6n3k1"}, nil, []string{"orders-mysql-to-polardb"}},
		"DtsInstanceId": {pairs{"DtsInstanceId": "dtsk2fm11x9d8t12ac,dtsw7c31dd0kq19m5e"},
			[]string{"orders-to-polardb-mysql", "订单库迁移"}, []string{"orders-mysql-to-polardb"}},
		"DtsJobId and DtsInstanceId": {pairs{"DtsJobId": "k2fm11x9d8t12ab,w7c31dd0kq19m5e", "DtsInstanceId": "dtsw7c31dd0kq19m5e"}, []string{"订单库迁移"}, []string{"orders-mysql-to-polardb"}},

		"GroupId": {pairs{"GroupId": "pk2fm11x9d8t12ab"}, []string{"orders-mysql-to-polardb"}, []string{"orders-to-polardb-mysql"}},
		"DedicatedClusterId": {pairs{"DedicatedClusterId": "dtscluster_atyl3b5214uk7q2"},
			[]string{"erp-oracle-to-polardb", "erp-attachments-to-rds", "财务总账-物理迁移"}, []string{"erp-test-to-polardb"}},
		"ResourceGroupId": {group, []string{"orders-mysql-to-polardb", "订单库迁移", "payments-mysql-8-upgrade"}, []string{"orders-to-polardb-mysql"}},
		"DtsBisLabel": {pairs{"DtsBisLabel": "normal"},
			[]string{"orders-to-polardb-mysql", "orders-schema-rehearsal", "payments-ledger-to-postgresql"}, []string{"orders-mysql-to-polardb", "crm-mysql-to-rds"}},
		"ZeroEtlJob": {pairs{"ZeroEtlJob": "true"}, []string{"zero-etl-clickstream-to-analyticdb"}, []string{"zero-etl-trial-by-hand"}},

		"InstanceType": {pairs{"InstanceType": "Redis"}, []string{"inventory-redis-cache-copy"}, []string{"sessions-mongodb-to-replica"}},
		"InstanceId, either end": {pairs{"InstanceId": polardb},
			[]string{"orders-mysql-to-polardb", "orders-to-polardb-mysql"}, []string{"inventory-mysql-to-polardb"}},
		"InstanceType and InstanceId": {pairs{"InstanceType": "RDS", "InstanceId": rds},
			[]string{"orders-mysql-to-polardb", "orders-to-polardb-mysql", "订单库迁移", "orders-archive-to-analyticdb", "orders-schema-rehearsal"}, []string{"crm-mysql-to-rds"}},
		"InstanceType and InstanceId of different ends": {pairs{"InstanceType": "PolarDB", "InstanceId": rds}, nil, []string{"orders-mysql-to-polardb"}},
		"SrcProductType": {pairs{"SrcProductType": "PolarDB"},
			[]string{"orders-to-polardb-mysql", "inventory-warehouse-check", "zero-etl-clickstream-to-analyticdb"}, []string{"orders-mysql-to-polardb"}},
		"DestProductType": {pairs{"DestProductType": "ADS"},
			[]string{"orders-archive-to-analyticdb", "reports-mysql-to-analyticdb", "zero-etl-clickstream-to-analyticdb", "zero-etl-trial-by-hand"}, []string{"orders-mysql-to-polardb"}},

		"all must match": {pairs{"ResourceGroupId": "rg-acfmzawhxxcq7zi", "DtsBisLabel": "online", "Status": "Migrating", "SrcProductType": "RDS", "DestProductType": "PolarDB"},
			[]string{"orders-mysql-to-polardb"}, []string{"payments-mysql-8-upgrade", "订单库迁移"}},
		"an empty filter is none": {pairs{"ResourceGroupId": "rg-acfmzawhxxcq7zi", "Status": "", "DtsJobId": ""},
			[]string{"orders-mysql-to-polardb", "订单库迁移", "payments-mysql-8-upgrade"}, []string{"orders-to-polardb-mysql"}},
	}

	var all []string
	for _, region := range []string{"cn-hangzhou", "ap-southeast-1"} {
		for _, jobType := range account.JobTypes {
			all = append(all, listNames(t, e, pairs{"Region": region, "JobType": jobType})...)
		}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, job := range slices.Concat(test.match, test.miss) {
				if !slices.Contains(all, job) {
					t.Fatalf("%s is not in the account", job)
				}
			}
			if len(test.miss) == 0 {
				t.Fatal("no near miss")
			}
			found := listNames(t, e, test.parameters)
			if !sameSet(found, test.match) {
				t.Errorf("found %q, want %q", found, test.match)
			}
		})
	}
}

func TestZeroEtlFalseListsAllOthers(t *testing.T) {
	e, _ := newEmulator(t)
	every, others := listNames(t, e, nil), listNames(t, e, pairs{"ZeroEtlJob": "false"})
	if len(others) != len(every)-1 || slices.Contains(others, "zero-etl-clickstream-to-analyticdb") {
		t.Errorf("%d of %d jobs: %q", len(others), len(every), others)
	}
}

// endpointID returns the instance ID at one end of a job.
func endpointID(t *testing.T, e *Emulator, name, endpoint string) string {
	t.Helper()
	jobs := describe(t, e, pairs{"Type": "name", "Params": name}).DtsJobList
	if len(jobs) != 1 {
		t.Fatalf("%d jobs are named %s", len(jobs), name)
	}
	end, _ := jobs[0][endpoint].(map[string]any)
	id, _ := end["InstanceID"].(string)
	if id == "" {
		t.Fatalf("no %s of %s", endpoint, name)
	}
	return id
}
