/* Version and commit are given by the build. */
#include "core/build_info.h"

const char *snw_version(void)
{
    return SNW_VERSION;
}

const char *snw_commit(void)
{
    return SNW_COMMIT;
}

const char *snw_compiler(void)
{
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}
