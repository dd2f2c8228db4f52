# Imports all synchronization jobs whose name begins with orders- as instances of
# one resource. Requires Terraform 1.7 or OpenTofu 1.7.

terraform {
  required_version = ">= 1.8"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

variable "emulator" {
  description = "Address (host:port) of an emulator of the DTS API. Null for the service."
  type        = string
  default     = null
}

provider "dts" {
  region     = "cn-hangzhou"
  protocol   = var.emulator == null ? null : "HTTP"
  access_key = var.emulator == null ? null : "emulator"
  secret_key = var.emulator == null ? null : "emulator-secret"
  endpoints {
    dts = var.emulator
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

data "dts_jobs" "orders" {
  job_type   = "SYNC"
  name_regex = "^orders-"
}

locals {
  jobs = {
    for job in data.dts_jobs.orders.jobs : job.dts_job_id => job
    if !contains(["Finished", "NotConfigured"], coalesce(job.status, "unknown"))
  }
}

import {
  for_each = local.jobs
  to       = alicloud_dts_synchronization_job.orders[each.key]
  id       = each.key
}

# The resource has the values of the data source, so it shows no difference
# between them. Replace local.jobs by the values once the jobs are imported.
resource "alicloud_dts_synchronization_job" "orders" {
  for_each                           = local.jobs
  dts_instance_id                    = each.value.dts_instance_id
  dts_job_name                       = each.value.dts_job_name
  db_list                            = each.value.db_object
  synchronization_direction          = each.value.dts_job_direction
  data_initialization                = each.value.migration_mode.data_initialization
  data_synchronization               = each.value.migration_mode.data_synchronization
  structure_initialization           = each.value.migration_mode.structure_initialization
  source_endpoint_instance_type      = each.value.source_endpoint.instance_type
  source_endpoint_engine_name        = each.value.source_endpoint.engine_name
  source_endpoint_instance_id        = each.value.source_endpoint.instance_id
  source_endpoint_region             = each.value.source_endpoint.region
  source_endpoint_ip                 = each.value.source_endpoint.ip
  source_endpoint_port               = each.value.source_endpoint.port
  source_endpoint_oracle_sid         = each.value.source_endpoint.oracle_sid
  source_endpoint_database_name      = each.value.source_endpoint.database_name
  source_endpoint_user_name          = each.value.source_endpoint.user_name
  destination_endpoint_instance_type = each.value.destination_endpoint.instance_type
  destination_endpoint_engine_name   = each.value.destination_endpoint.engine_name
  destination_endpoint_instance_id   = each.value.destination_endpoint.instance_id
  destination_endpoint_region        = each.value.destination_endpoint.region
  destination_endpoint_ip            = each.value.destination_endpoint.ip
  destination_endpoint_port          = each.value.destination_endpoint.port
  destination_endpoint_oracle_sid    = each.value.destination_endpoint.oracle_sid
  destination_endpoint_database_name = each.value.destination_endpoint.database_name
  destination_endpoint_user_name     = each.value.destination_endpoint.user_name

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [checkpoint, job_parameters, source_endpoint_owner_id, source_endpoint_role]
  }
}
