/* Aligned, zeroed memory. */
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

void *snw_alloc(size_t bytes)
{
    size_t rounded = (bytes + SNW_ALIGNMENT - 1) / SNW_ALIGNMENT * SNW_ALIGNMENT;
    if (rounded < bytes)
        return NULL;
    void *memory = aligned_alloc(SNW_ALIGNMENT, rounded ? rounded : SNW_ALIGNMENT);
    if (memory)
        memset(memory, 0, rounded);
    return memory;
}

void snw_free(void *memory)
{
    free(memory);
}
