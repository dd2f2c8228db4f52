# All migration jobs in the region of the provider.
data "dts_jobs" "migrations" {}

# Running synchronization jobs of the production environment.
data "dts_jobs" "production" {
  job_type = "SYNC"
  status   = "Synchronizing"
  tags     = { env = "prod" }
}

output "lagging" {
  description = "Migrations that are more than a minute behind, by ID."
  value = {
    for job in data.dts_jobs.migrations.jobs : job.dts_job_id => job.delay_seconds
    if coalesce(job.delay_seconds, 0) > 60
  }
}

output "two_way" {
  description = "Synchronization jobs that run in both directions."
  value       = [for job in data.dts_jobs.production.jobs : job.dts_job_id if job.reverse_job != null]
}
