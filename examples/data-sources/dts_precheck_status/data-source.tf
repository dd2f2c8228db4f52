# A failed precheck does not fail the read.
data "dts_precheck_status" "orders" {
  dts_job_id = "k2fm11x9d8t12ab"
}

output "orders" {
  value = {
    result = data.dts_precheck_status.orders.result
    failed = data.dts_precheck_status.orders.failed_items[*].title
  }
}
