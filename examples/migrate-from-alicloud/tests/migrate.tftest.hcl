# Runs against the emulator: start dts-emulator, and run terraform test.

provider "dts" {
  region     = "cn-hangzhou"
  protocol   = "HTTP"
  access_key = "emulator"
  secret_key = "emulator-secret"
  endpoints {
    dts = "127.0.0.1:8899"
  }
}

run "lists_the_same_jobs" {
  command = plan
  assert {
    condition     = contains(output.migrations[*].name, "orders-mysql-to-polardb")
    error_message = "The migration was not found."
  }
  assert {
    condition     = length(output.tracking_vpcs) > 0
    error_message = "No change tracking job was found."
  }
}
