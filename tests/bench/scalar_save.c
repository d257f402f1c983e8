/* What the scalar life found, for the test that compares it with the engine. Lines of words:
     mean NAME SEX AGE n mean SD
     histogram NAME SEX AGE low bins_per_unit counts...
     cause SEX AGE counts... */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/scalar.h"

struct moments {
    double n, mean, sd;
};

static struct moments moments(double n, double sum, double squares)
{
    double mean = sum / n;
    return (struct moments){n, mean, sqrt((squares / n - mean * mean) * n / (n - 1))};
}

static struct moments of_code(const struct snw_scalar_cell *cell, int k)
{
    double n = 0, sum = 0, squares = 0;
    int missing = k == SNW_M_osteoporosis_who - SNW_SCALAR_STATES ||
                  k == SNW_M_osteoporosis_neck - SNW_SCALAR_STATES;
    for (int v = 0; v < SNW_SCALAR_LEVELS - missing; v++) { /* the last: does not apply */
        n += (double)cell->level[k][v];
        sum += v * (double)cell->level[k][v];
        squares += v * v * (double)cell->level[k][v];
    }
    return moments(n, sum, squares);
}

static struct moments of_measure(const struct snw_scalar_cell *cell, int sex, int m)
{
    if (m < SNW_SCALAR_STATES) {
        int none = m == SNW_M_years_since_fmp && sex == SNW_MALE;
        return moments(none ? 0 : cell->n, cell->sum[m], cell->squares[m]);
    }
    if (m < SNW_M_falls)
        return of_code(cell, m - SNW_SCALAR_STATES);
    return moments(cell->n, cell->count[m - SNW_M_falls], cell->count_squares[m - SNW_M_falls]);
}

static void save_histogram(FILE *file, const struct snw_scalar_work *work, int sex, int i, int m)
{
    const struct snw_scalar_year *y = &work->year[sex][i];
    const uint32_t *count = work->cell[sex][i].histogram[m];
    fprintf(file, "histogram %s %d %d %.17g %.17g", snw_measure_table[m].name, sex, i,
            y->bin_low[m], y->bin_per_unit[m]);
    for (int bin = 0; bin < SNW_BINS; bin++)
        fprintf(file, " %" PRIu32, count[bin]);
    fprintf(file, "\n");
}

int snw_scalar_save(const struct snw_scalar_work *work, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return 0;
    for (int sex = 0; sex < SNW_N_SEXES; sex++)
        for (int i = 0; i < SNW_N_AGES; i++) {
            const struct snw_scalar_cell *cell = &work->cell[sex][i];
            for (int m = 0; m < SNW_N_MEASURES; m++) {
                struct moments x = of_measure(cell, sex, m);
                fprintf(file, "mean %s %d %d %.17g %.17g %.17g\n", snw_measure_table[m].name, sex,
                        i, x.n, x.mean, x.sd);
                if (m < SNW_SCALAR_STATES)
                    save_histogram(file, work, sex, i, m);
            }
            fprintf(file, "cause %d %d", sex, i);
            for (int k = 0; k < SNW_N_CAUSES; k++)
                fprintf(file, " %" PRIu64, cell->cause[k]);
            fprintf(file, "\n");
        }
    int whole = !ferror(file);
    return fclose(file) == 0 && whole;
}
