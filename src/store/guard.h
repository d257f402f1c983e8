/* Words for a crash while a file is read. HDF5 trusts much of what it reads: a flipped bit can make
   it follow a pointer to nowhere, and no call of it tells beforehand. */
#ifndef SNW_STORE_GUARD_H
#define SNW_STORE_GUARD_H

/* From here on a fault of memory ends the process with SNW_ERR_FORMAT's exit code, saying that the
   file is damaged. For reading commands; again for another file. @param[in] path copied, cut */
void snw_guard_reading(const char *path);

#endif
