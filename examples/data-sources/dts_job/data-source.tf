# A job by its ID. Its type need not be known.
data "dts_job" "orders" {
  dts_job_id = "k2fm11x9d8t12ab"
}

# A job by its exact name.
data "dts_job" "archive" {
  dts_job_name = "订单库迁移"
  job_types    = ["MIGRATION"]
}

# A job that is waited for until it is at most five seconds behind.
data "dts_job" "ready" {
  dts_job_id = "k2fm11x9d8t12ab"

  wait_for {
    statuses          = ["Migrating", "Synchronizing"]
    max_delay_seconds = 5
  }
  timeouts {
    read = "10m"
  }
}

output "orders" {
  value = "${data.dts_job.orders.dts_job_name} is ${data.dts_job.orders.status}"
}
