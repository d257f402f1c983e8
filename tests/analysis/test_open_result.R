# Values of a result by rhdf5 and ncdf4 against those that h5py reads: Rscript test_open_result.R RESULT PROBES
# A probe is: dataset, index, stored value (`text` for labels), unpacked value or label, unit.
arguments <- commandArgs(trailingOnly = TRUE)
path <- arguments[1]
probes <- read.delim(arguments[2], header = FALSE, colClasses = "character", quote = "",
                     col.names = c("name", "at", "stored", "value", "units"))

same <- function(what, got, expected) {
  if (!isTRUE(all.equal(as.vector(got), expected, tolerance = 1e-7)))
    stop(what, ": got ", format(got, digits = 12), ", not ", format(expected, digits = 12), call. = FALSE)
}
at <- function(values, index) do.call(`[`, c(list(values), as.list(as.integer(strsplit(index, ",")[[1]]))))

nc <- ncdf4::nc_open(path)
n_checked <- 0
for (name in unique(probes$name)) {
  mine <- probes[probes$name == name, ]
  stored <- rhdf5::h5read(path, name)
  # ncdf4 gives the values of a dimension's own variable with the dimension
  values <- if (name %in% names(nc$var)) ncdf4::ncvar_get(nc, name, collapse_degen = FALSE) else nc$dim[[name]]$vals
  if (is.null(dim(stored))) stored <- array(stored)
  if (is.null(dim(values))) values <- array(values)
  for (i in seq_len(nrow(mine))) {
    if (mine$stored[i] == "text") {
      same(paste("rhdf5", name), at(stored, mine$at[i]), mine$value[i])
      same(paste("ncdf4", name), at(values, mine$at[i]), mine$value[i])
    } else {
      got <- at(stored, mine$at[i])
      # rhdf5 marks only its own missing integers
      if (!is.na(got)) same(paste("rhdf5", name), as.numeric(got), as.numeric(mine$stored[i]))
      expected <- as.numeric(mine$value[i])
      found <- as.numeric(at(values, mine$at[i]))
      if (is.na(expected)) same(paste("ncdf4 missing", name), is.na(found), TRUE)
      else same(paste("ncdf4", name), found, expected)
      same(paste("rhdf5 units of", name), rhdf5::h5readAttributes(path, name)$units, mine$units[i])
      units <- if (name %in% names(nc$var)) nc$var[[name]]$units else nc$dim[[name]]$units
      same(paste("ncdf4 units of", name), units, mine$units[i])
    }
    n_checked <- n_checked + 1
  }
}
same("rhdf5 status", rhdf5::h5readAttributes(path, "/")$status, "complete")
same("ncdf4 status", ncdf4::ncatt_get(nc, 0, "status")$value, "complete")
ncdf4::nc_close(nc)
rhdf5::h5closeAll()
cat(n_checked, "values: all of R's checks passed\n")
