# The example result file opened by rhdf5 and ncdf4: Rscript test_open.R PATH
path <- commandArgs(trailingOnly = TRUE)[1]

same <- function(what, got, expected) {
  if (!isTRUE(all.equal(as.vector(got), expected)))
    stop(what, ": got ", paste(head(got), collapse = " "), call. = FALSE)
}

# R's dimensions are in the opposite order.
asm <- rhdf5::h5read(path, "trajectories/asm_kg")
same("rhdf5 shape", dim(asm), c(78L, 300L, 2L))
same("rhdf5 value", asm[78, 300, 2], 20000 + 100 + 7 * 299 - 50 * 77)
same("rhdf5 labels", rhdf5::h5read(path, "summary/scenario"), c("reference", "exercise"))
same("rhdf5 config", rhdf5::h5read(path, "config"), "title: an example\nseed: 7\n")
same("rhdf5 attribute", rhdf5::h5readAttributes(path, "summary/grip_kg")$units, "kg")
same("rhdf5 events", sum(rhdf5::h5read(path, "events/kind") == 1), 333)
same("rhdf5 whole group", names(rhdf5::h5read(path, "events")), c("age_yr", "event", "kind", "person"))

nc <- ncdf4::nc_open(path)
grip <- ncdf4::ncvar_get(nc, "summary/grip_kg")
same("ncdf4 shape", dim(grip), c(78L, 2L, 2L, 2L))
same("ncdf4 value", grip[21, 1, 1, 1], 45)
same("ncdf4 units", ncdf4::ncatt_get(nc, "summary/grip_kg", "units")$value, "kg")
same("ncdf4 units of the variable", nc$var[["summary/grip_kg"]]$units, "kg")
same("ncdf4 labels", ncdf4::ncvar_get(nc, "summary/sex"), c("female", "male"))
same("ncdf4 unpacked", ncdf4::ncvar_get(nc, "trajectories/asm_kg")[1, 1, 1], 22)
same("ncdf4 coordinate", nc$dim[["summary/age"]]$vals, 20:97)
same("ncdf4 events", length(ncdf4::ncvar_get(nc, "events/age_yr")), 1000L)
ncdf4::nc_close(nc)
cat("all of R's checks passed\n")
