# A policy over saved responses: the provider sends no request and needs no
# credentials. Save one response of DescribePreCheckStatus per page.

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

variable "responses" {
  description = "Directory with the saved pages of one precheck, one JSON file per page."
  type        = string
  default     = "responses"
}

locals {
  pages   = [for name in fileset(var.responses, "*.json") : file("${var.responses}/${name}")]
  verdict = provider::dts::precheck_verdict(local.pages...)
}

resource "terraform_data" "deployment" {
  input = "precheck ${local.verdict.result}"

  lifecycle {
    create_before_destroy = true
    # Responses of another job, or of another subtask, prove nothing.
    precondition {
      condition     = local.verdict.job_id == var.dts_job_id && local.verdict.job_code == "01"
      error_message = "The responses are not those of the precheck of ${var.dts_job_id}."
    }
    precondition {
      condition     = local.verdict.passed
      error_message = local.verdict.failure_summary
    }
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}
