/* The processes of a year, and the kernels of one instruction set. */
#ifndef SNW_PROCESSES_SCHEDULE_H
#define SNW_PROCESSES_SCHEDULE_H

#include "processes/coefficients.h"
#include "processes/happenings.h"
#include "random/luck.h"

enum snw_phase { SNW_LOOK, SNW_SCORE, SNW_RISK, SNW_END, SNW_ADVANCE };
enum snw_process_part { SNW_BODY = 1, SNW_REST = 2, SNW_BODY_AND_REST = SNW_BODY | SNW_REST };

/* Every process is a kernel: total, without allocation, each lane on its own. It reads the block,
   the numbers of the year and the luck of the year, and writes the block. */
typedef void snw_process_fn(struct snw_block *restrict block,
                            const struct snw_year_coef *restrict coef,
                            const struct snw_luck *restrict luck);

#define SNW_PROCESS(phase, part, name, doc) snw_process_fn SNW_KERNEL(snw_##name);
#include "processes/schedule.def"
#undef SNW_PROCESS

/* Fills a block whose identity (n, sex, person, replicate) is set with 20-year-olds.
   @param[in] born luck of the BIRTH slots, @param[in] start luck of the YEAR slots at year 19. */
void SNW_KERNEL(snw_birth)(struct snw_block *restrict block,
                           const struct snw_birth_coef *restrict coef,
                           const struct snw_luck *restrict born,
                           const struct snw_luck *restrict start);

struct snw_process_info {
    enum snw_phase phase;
    enum snw_process_part part;
    const char *name, *doc;
    snw_process_fn *run;
};

/* All kernels for one instruction set. */
struct snw_kernels {
    const char *isa; /* plain, v3 (AVX2), v4 (AVX-512) */
    size_t n_processes;
    const struct snw_process_info *processes;
    void (*birth)(struct snw_block *restrict, const struct snw_birth_coef *restrict,
                  const struct snw_luck *restrict, const struct snw_luck *restrict);
    void (*luck)(struct snw_luck *, struct snw_key, size_t, const uint32_t *, const uint32_t *,
                 uint32_t, unsigned, unsigned);
    void (*happen)(struct snw_block *, const struct snw_year_coef *, const struct snw_luck *,
                   struct snw_key, int immortal, struct snw_happenings *);
};

extern const struct snw_kernels SNW_KERNEL(snw_kernels);

/* @return the kernels of this CPU, or of the named instruction set; NULL where it can't run them.
 */
const struct snw_kernels *snw_kernels_best(void);
const struct snw_kernels *snw_kernels_named(const char *isa);

/* Runs the processes of a phase in order: all, or those of a part. */
void snw_run_phase(const struct snw_kernels *kernels, enum snw_phase phase, struct snw_block *block,
                   const struct snw_year_coef *coef, const struct snw_luck *luck);
void snw_run_part(const struct snw_kernels *kernels, enum snw_phase phase,
                  enum snw_process_part part, struct snw_block *block,
                  const struct snw_year_coef *coef, const struct snw_luck *luck);

/* Runs one process by its name in schedule.def. */
void snw_run_process(const struct snw_kernels *kernels, const char *name, struct snw_block *block,
                     const struct snw_year_coef *coef, const struct snw_luck *luck);

#endif
