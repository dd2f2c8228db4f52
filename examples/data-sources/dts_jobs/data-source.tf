# All migrations of the provider's region.
data "dts_jobs" "migrations" {}

# Synchronizations of the production environment, without their long object lists.
data "dts_jobs" "production" {
  job_type        = "SYNC"
  tags            = { env = "prod" }
  without_db_list = true
}

# Jobs by id; those that are not found are in missing_ids.
data "dts_jobs" "known" {
  dts_job_ids = ["k2fm11x9d8t12ab", "h5r90tv2n4j6c8x"]
}

output "lagging" {
  description = "Migrations more than a minute behind, by name."
  value = {
    for job in data.dts_jobs.migrations.jobs : job.dts_job_name => job.delay_seconds...
    if coalesce(job.delay_seconds, 0) > 60
  }
}

output "two_way" {
  description = "Synchronizations that run in both directions."
  value       = [for job in data.dts_jobs.production.jobs : job.dts_job_id if job.reverse_job != null]
}
