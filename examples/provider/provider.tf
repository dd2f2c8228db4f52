terraform {
  required_providers {
    dts = {
      source  = "dts-community/dts"
      version = "~> 0.0"
    }
  }
}

# Credentials come from the environment or from a CLI profile.
provider "dts" {
  region = "cn-hangzhou"
}

# List: migration and synchronization jobs.
data "dts_jobs" "all" {
  job_types = ["MIGRATION", "SYNC"]
}

# Lookup: one job by its exact name, of any type.
data "dts_job" "orders" {
  dts_job_name = "orders-mysql-to-polardb"
}

# Gate: the plan fails unless the precheck of the job has passed.
data "dts_precheck_status" "orders" {
  dts_job_id = data.dts_job.orders.dts_job_id
  lifecycle {
    postcondition {
      condition     = self.passed
      error_message = self.failure_summary
    }
  }
}

output "jobs" {
  value = { for job in data.dts_jobs.all.jobs : job.dts_job_id => job.status }
}
