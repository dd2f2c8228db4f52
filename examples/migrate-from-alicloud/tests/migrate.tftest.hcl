# Run terraform test or tofu test while dts-emulator runs. The values are those
# that the configuration before the migration has with the same account.

provider "dts" {
  region     = "cn-hangzhou"
  protocol   = "HTTP"
  access_key = "emulator"
  secret_key = "emulator-secret"
  endpoints {
    dts = "127.0.0.1:8899"
  }
}

run "has_the_same_values" {
  command = plan
  assert {
    condition = toset(output.migrations) == toset([
      { id = "k2fm11x9d8t12ab", name = "orders-mysql-to-polardb", source = "rm-bp1hh2sllx555u7in", database = "orders", full = true, prepaid = false },
      { id = "k2fm11x9d8t12ac", name = "orders-to-polardb-mysql", source = "pc-bp1bsue650hm2vql7", database = "orders_rollback", full = false, prepaid = false },
      { id = "xinvld8cmdc5g0h", name = "orders-archive-to-analyticdb", source = "rm-bp1hh2sllx555u7in", database = "archive", full = true, prepaid = false },
      { id = "x040a6zlioeiqjj", name = "orders-schema-rehearsal", source = "rm-bp1hh2sllx555u7in", database = "orders_rehearsal", full = false, prepaid = false },
    ])
    error_message = "Other migrations: ${jsonencode(output.migrations)}"
  }
  assert {
    condition     = toset(keys(output.tracking_vpcs)) == toset(["n2pykno04vm42yf", "s6b10trk3m8c2z4", "fwlgqbzh2xblcl5"])
    error_message = "Other change tracking jobs: ${jsonencode(output.tracking_vpcs)}"
  }
  assert {
    condition     = output.tracking_vpcs["s6b10trk3m8c2z4"] == "vpc-bp1q7d4m2x9c6k3w5011"
    error_message = "Another VPC: ${jsonencode(output.tracking_vpcs)}"
  }
}
