# The state contains these attributes of each job, and dts_job_id.
data "dts_jobs" "overview" {
  job_type       = "SUBSCRIBE"
  job_attributes = ["dts_job_name", "status", "expire_time"]
}

output "overview" {
  value = [for job in data.dts_jobs.overview.jobs : "${job.dts_job_id}: ${coalesce(job.status, "unknown")}"]
}
