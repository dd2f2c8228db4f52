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
    precondition {
      condition     = local.verdict.passed
      error_message = local.verdict.failure_summary
    }
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}
