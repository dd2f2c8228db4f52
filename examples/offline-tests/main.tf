# A module that uses the provider, with two kinds of tests that need no cloud
# account: against the emulator, and against a mock.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

variable "dts_job_id" {
  type = string
}

data "dts_precheck_status" "migration" {
  dts_job_id = var.dts_job_id
}

resource "terraform_data" "deployment" {
  input = "deployed after ${data.dts_precheck_status.migration.result}"

  lifecycle {
    precondition {
      condition     = data.dts_precheck_status.migration.passed
      error_message = data.dts_precheck_status.migration.failure_summary
    }
  }
}

output "failed_items" {
  value = data.dts_precheck_status.migration.failed_items[*].item
}
