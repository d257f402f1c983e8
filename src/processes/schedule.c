/* The table of kernels of one instruction set; built once for each. */
#include "processes/schedule.h"

#define ISA_TEXT2(x) #x
#define ISA_TEXT(x) ISA_TEXT2(x)

static const struct snw_process_info processes[] = {
#define SNW_PROCESS(phase, part, name, doc)                                                        \
    {SNW_##phase, SNW_##part, #name, doc, SNW_KERNEL(snw_##name)},
#include "processes/schedule.def"
#undef SNW_PROCESS
};

const struct snw_kernels SNW_KERNEL(snw_kernels) = {
    &ISA_TEXT(SNW_ISA_SUFFIX)[1],
    sizeof processes / sizeof processes[0],
    processes,
    SNW_KERNEL(snw_birth),
    SNW_KERNEL(snw_luck_fill),
    SNW_KERNEL(snw_happen),
};
