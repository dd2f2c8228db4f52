variable "region" {
  description = "Region of the DTS instances."
  type        = string
  default     = "cn-hangzhou"
}

variable "managed" {
  description = "IDs of the jobs that a configuration manages already."
  type        = set(string)
  default     = []
}

variable "emulator" {
  description = "Address (host:port) of an emulator of the DTS API. Null for the service."
  type        = string
  default     = null
}
