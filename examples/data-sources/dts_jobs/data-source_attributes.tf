# The state contains these attributes of each job, and dts_job_id. All other
# attributes are null.
data "dts_jobs" "overview" {
  job_types      = ["MIGRATION", "SYNC", "SUBSCRIBE"]
  job_attributes = ["dts_job_name", "status", "expire_time"]
}

output "overview" {
  value = [for job in data.dts_jobs.overview.jobs : "${job.dts_job_id}: ${coalesce(job.status, "unknown")}"]
}

# The check fails for a job without a status, and for one whose attributes are
# not stored.
check "no_failed_jobs" {
  assert {
    condition = alltrue([
      for job in data.dts_jobs.overview.jobs : !endswith(coalesce(job.status, "Failed"), "Failed")
    ])
    error_message = "Jobs failed or have no status."
  }
}
