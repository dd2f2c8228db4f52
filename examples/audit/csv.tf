locals {
  columns = [
    "region", "type", "id", "reverse_of", "name", "status", "direction", "class", "source", "destination", "tags",
    "delay_seconds", "stage", "percent", "expire_time", "findings", "new", "since", "exceptions", "error", "help_url",
    "console_url",
  ]

  records = [
    for job in local.jobs : merge(job, {
      source      = job.ends[0]
      destination = job.ends[1]
      tags        = join("; ", [for key, value in job.tags : join("=", compact([key, value]))])
      stage       = try(job.progress.name, null)
      percent     = try(job.progress.percent, null)
      findings    = join(" ", job.findings[*].kind)
      new         = join(" ", [for finding in job.findings : finding.kind if finding.new])
      since       = try(job.findings[0].since, null)
      exceptions  = join(" ", job.exceptions)
    })
  ]

  # A spreadsheet treats a cell that begins with one of these characters as a
  # formula, also after white space or a quotation mark, and in full width. One
  # that separates cells at another character sees more cells. Names and error
  # messages are written by others, so a quotation mark makes a text of each such
  # cell. Characters that do not print, such as tabs and line breaks, become
  # spaces.
  guarded = [
    for row in concat(
      [local.columns],
      [for record in local.records : [for column in local.columns : record[column]]],
      ) : [
      for cell in row : replace(
        replace(cell == null ? "" : cell, local.unprintable, " "),
        "/(^|[,;|])([\\s\"]*[=+@＝＋－＠-])/", "$1'$2"
      )
    ]
  ]

  # Excel recognizes UTF-8 by the byte order mark.
  csv = join("", concat(["\ufeff"], [
    for row in local.guarded : "${join(",", [for cell in row : "\"${replace(cell, "\"", "\"\"")}\""])}\r\n"
  ]))
}
