# What the gate needs: versions, variables and the provider.

terraform {
  required_version = ">= 1.10"
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

variable "dts_job_id" {
  description = "ID of the DTS job whose precheck must have passed."
  type        = string
}

variable "domain_name" {
  description = "Domain name of the record that points to the database."
  type        = string
  default     = "example.com"
}

variable "database_host" {
  description = "Address of the database that the record points to."
  type        = string
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
