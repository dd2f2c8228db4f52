# A module that deploys only if a precheck has passed. Its tests run without an
# Alibaba Cloud account: against the emulator, and against a mock.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}

variable "dts_job_id" {
  description = "ID of the DTS job whose precheck must have passed."
  type        = string
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
