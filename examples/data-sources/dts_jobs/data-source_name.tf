# The API matches any part of the name.
data "dts_jobs" "orders" {
  job_types = ["MIGRATION", "SYNC"]
  type      = "name"
  params    = "orders"
}

output "orders" {
  value = {
    for job in data.dts_jobs.orders.jobs : job.dts_job_id => {
      name          = job.dts_job_name
      status        = job.status
      delay_seconds = job.delay_seconds
    }
  }
}
