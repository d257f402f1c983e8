/* What this binary is: version, commit, compiler. */
#ifndef SNW_CORE_BUILD_INFO_H
#define SNW_CORE_BUILD_INFO_H

/* @return text in static storage. */
const char *snw_version(void);
const char *snw_commit(void);
const char *snw_compiler(void);

#endif
