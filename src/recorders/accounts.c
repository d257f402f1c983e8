/* Accounts, too wide for 16 bits, to readouts and exact sums. */
#include <string.h>

#include "recorders/measures.h"

enum { FINE = 1000 }; /* cell_scale is this part of the scale */

_Static_assert(SNW_M_cost + 3 == SNW_N_MEASURES && SNW_M_cost_interventions + 1 == SNW_N_MEASURES,
               "the WIDE measures stand last");

/* Rounds x, counted from zero in units of cell_scale, to units of the scale.
   @return 1 where a value is held at the end of the range. */
static uint8_t narrow(const int32_t *restrict x, int32_t zero, size_t n, uint16_t *restrict q)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t t = ((uint32_t)(x[i] - zero) + FINE / 2) / FINE;
        most = t > most ? t : most;
        q[i] = (uint16_t)(t < SNW_FILL ? t : SNW_FILL - 1);
    }
    return most >= SNW_FILL;
}

void SNW_KERNEL(snw_readout_accounts)(struct snw_readout *readout, size_t n)
{
    const struct snw_accounts *a = &readout->accounts;
    readout->at_end[SNW_M_cost] = narrow(a->cost_cents, 0, n, readout->q[SNW_M_cost]);
    readout->at_end[SNW_M_qaly] =
        narrow(a->qaly_millionths, SNW_QALY_LOW, n, readout->q[SNW_M_qaly]);
    readout->row[SNW_M_cost] = readout->q[SNW_M_cost];
    readout->row[SNW_M_qaly] = readout->q[SNW_M_qaly];
    readout->row[SNW_M_cost_interventions] = readout->q[SNW_M_cost_interventions];
    readout->at_end[SNW_M_cost_interventions] = 0;
    if (a->treated)
        readout->at_end[SNW_M_cost_interventions] =
            narrow(a->treatment_cents, 0, n, readout->q[SNW_M_cost_interventions]);
    else
        memset(readout->q[SNW_M_cost_interventions], 0, n * sizeof readout->q[0][0]);
    readout->faults += a->faults;
}

static void add_wide(const int32_t *restrict x, int32_t zero, size_t n,
                     struct snw_cell *restrict cell)
{
    uint64_t sum = 0, low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t v = (uint32_t)(x[i] - zero);
        uint64_t square = (uint64_t)v * v;
        sum += v;
        low += square & 0xffffffffu;
        high += square >> 32;
    }
    cell->n += n;
    cell->sum += sum;
    cell->sum_squares += low;
    cell->sum_squares_high += high;
}

void SNW_KERNEL(snw_accumulate_accounts)(const struct snw_readout *readout, size_t n,
                                         struct snw_cell *cells)
{
    const struct snw_accounts *a = &readout->accounts;
    add_wide(a->cost_cents, 0, n, &cells[SNW_M_cost]);
    add_wide(a->qaly_millionths, SNW_QALY_LOW, n, &cells[SNW_M_qaly]);
    if (a->treated)
        add_wide(a->treatment_cents, 0, n, &cells[SNW_M_cost_interventions]);
    else
        cells[SNW_M_cost_interventions].n += n;
}
