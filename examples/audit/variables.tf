variable "regions" {
  description = "Regions to audit."
  type        = set(string)
  default     = ["cn-hangzhou"]
  validation {
    condition     = length(var.regions) > 0
    error_message = "An audit needs a region."
  }
}

variable "job_types" {
  description = "Types of jobs to audit."
  type        = set(string)
  default     = ["MIGRATION", "SYNC", "SUBSCRIBE"]
}

variable "delay_limit" {
  description = "Seconds that a job may lag behind its source."
  type        = number
  default     = 300
}

variable "expiry_days" {
  description = "Days ahead in which a prepaid instance counts as expiring."
  type        = number
  default     = 30
}

variable "low_use" {
  description = "Percent of its resources under which a job counts as oversized."
  type        = number
  default     = 20
}

variable "now" {
  description = "Time to audit for, in UTC as yyyy-MM-ddTHH:mm:ssZ; null for the present."
  type        = string
  default     = null
  validation {
    condition     = var.now == null || can(timeadd(var.now, "0s"))
    error_message = "A time looks like 2026-11-20T08:00:00Z."
  }
}

variable "emulator" {
  description = "Address of an emulator of the DTS API, host:port; null for the service itself."
  type        = string
  default     = null
}
