variable "regions" {
  description = "Regions to audit."
  type        = set(string)
  default     = ["cn-hangzhou"]
  validation {
    condition     = length(var.regions) > 0
    error_message = "At least one region is required."
  }
}

variable "job_types" {
  description = "Types of jobs to audit."
  type        = set(string)
  default     = ["MIGRATION", "SYNC", "SUBSCRIBE"]
}

variable "delay_limit" {
  description = "Latency in seconds above which a job is lagging."
  type        = number
  default     = 300
}

variable "expiry_days" {
  description = "Number of days before its expiration from which an instance is expiring."
  type        = number
  default     = 30
}

variable "low_use" {
  description = "Resource usage in percent below which a job is oversized."
  type        = number
  default     = 20
}

variable "now" {
  description = "Time to compare dates with, in RFC 3339 format (UTC). Defaults to the current time."
  type        = string
  default     = null
  validation {
    condition     = var.now == null || can(timeadd(var.now, "0s"))
    error_message = "The value must be a time such as 2026-11-20T08:00:00Z."
  }
}

variable "console_url" {
  description = "Address of the DTS console that the report links to."
  type        = string
  default     = "https://dtsnew.console.aliyun.com"
  validation {
    condition     = can(regex("^https://[^/]+$", var.console_url))
    error_message = "The value must be an address such as https://dtsnew.console.aliyun.com, without a path."
  }
}

variable "emulator" {
  description = "Address of an emulator of the DTS API, as host:port. By default DTS itself is used."
  type        = string
  default     = null
}

variable "exceptions" {
  description = "Kinds of findings to accept, by job ID, such as { gfwyfeuuzsvrtsl = [\"untagged\"] }."
  type        = map(set(string))
  default     = {}
}

variable "since" {
  description = "Output since of the last run, to compare with."
  type        = map(string)
  default     = null
}
