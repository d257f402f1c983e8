/* Lays out who is simulated and cuts it into units of work. */
#include "population/population.h"

#include <stdlib.h>

#include "random/philox.h"
#include "random/slots.h"

/* Everybody laid out is met: who dies before is begun anew. So each cell has its share of
   `persons`, and at least one to stand for its people. From the oldest on: they are fewer than one
   where persons are few, and what they have too much the next are left short of. */
static snw_status layout_cross_section(struct snw_ctx *ctx, const struct snw_settings *settings,
                                       const struct snw_nation *nation, struct snw_population *p)
{
    double all = 0, upto = 0;
    p->cells = calloc(SNW_N_SEXES * SNW_N_AGES, sizeof *p->cells);
    if (!p->cells)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the population");
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++)
            all += nation->count[s][a];
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int age = SNW_AGE_LAST; age >= SNW_AGE_FIRST; age--) {
            double people = nation->count[s][age - SNW_AGE_FIRST];
            if (people <= 0)
                continue;
            upto += people;
            double wanted = (double)settings->persons * (upto / all) - (double)p->persons;
            p->cells[p->n_cells++] =
                (struct snw_cell_of_people){.sex = (enum snw_sex)s,
                                            .birth_year = (int32_t)settings->year - age,
                                            .age_from = age,
                                            .age_to = age,
                                            .first = p->persons,
                                            .n = wanted < 1.5 ? 1 : (uint64_t)(wanted + 0.5)};
            p->persons += p->cells[p->n_cells - 1].n;
        }
    return SNW_OK;
}

/* Cells of equal weight: each ends where the nation's people up to it, over the weight, come to
   a whole person. So ids and people do not change with the last year. */
struct layout {
    struct snw_population *p;
    double upto; /* people of the nation so far */
};

static void add_cell(struct layout *l, enum snw_sex sex, int32_t year, int32_t age, double people)
{
    struct snw_population *p = l->p;
    l->upto += people;
    uint64_t end = (uint64_t)(l->upto / p->weight + 0.5);
    if (end <= p->persons)
        return;
    p->cells[p->n_cells++] = (struct snw_cell_of_people){.sex = sex,
                                                         .birth_year = year - age,
                                                         .age_from = age,
                                                         .age_to = age,
                                                         .first = p->persons,
                                                         .n = end - p->persons};
    p->persons = end;
}

/* The adults of the first year, then year by year those who turn 20 and those who come. */
static snw_status layout_open(struct snw_ctx *ctx, const struct snw_settings *settings,
                              const struct snw_nation *nation, struct snw_population *p)
{
    struct layout l = {.p = p};
    double all = 0;
    p->cells = calloc(p->years * SNW_N_SEXES * SNW_N_AGES, sizeof *p->cells);
    if (!p->cells)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the population");
    for (int s = 0; s < SNW_N_SEXES; s++)
        for (int a = 0; a < SNW_N_AGES; a++)
            all += nation->count[s][a];
    p->weight = all / (double)settings->persons;
    for (int k = 0; k < (int)p->years; k++)
        for (int s = 0; s < SNW_N_SEXES; s++)
            for (int a = 0; a < SNW_N_AGES; a++) {
                double people = k == 0   ? nation->count[s][a]
                                : a == 0 ? nation->turn_20[s][k]
                                         : nation->come[s][a];
                add_cell(&l, (enum snw_sex)s, p->year + k, SNW_AGE_FIRST + a, people);
            }
    return SNW_OK;
}

int32_t snw_population_exit_age(const struct snw_population *p, int32_t birth_year, int32_t met)
{
    int32_t age = p->mode == SNW_MODE_OPEN ? p->until + 1 - birth_year : met + 1 + p->years_after;
    return age > SNW_AGE_LAST + 1 ? SNW_AGE_LAST + 1 : age;
}

static snw_status layout_study(struct snw_ctx *ctx, const struct snw_settings *settings,
                               struct snw_population *p)
{
    p->n_cells = settings->sample.n;
    p->cells = calloc(p->n_cells ? p->n_cells : 1, sizeof *p->cells);
    if (!p->cells)
        return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for the study's sample");
    for (size_t i = 0; i < p->n_cells; i++) {
        const struct snw_sample *group = &settings->sample.group[i];
        p->cells[i] = (struct snw_cell_of_people){.sex = group->sex,
                                                  .age_from = group->age_from,
                                                  .age_to = group->age_to,
                                                  .first = p->persons,
                                                  .n = (uint64_t)group->n};
        p->persons += (uint64_t)group->n;
    }
    if (p->persons == 0)
        return snw_fail(ctx, SNW_ERR_CONFIG,
                        "population.sample is empty: a study needs at least one group of people");
    return SNW_OK;
}

static uint64_t divide_up(uint64_t a, uint64_t b)
{
    return (a + b - 1) / b;
}

/* Units of nearly equal size; of those that hold sampled lives each holds the same number. */
static void cut(const struct snw_settings *settings, struct snw_population *p)
{
    uint64_t all = p->persons * p->replicates, smallest = 64;
    p->n_units = divide_up(all, (uint64_t)settings->unit_people);
    p->unit_people = divide_up(all, p->n_units);
    p->n_units = divide_up(all, p->unit_people);
    p->rows = settings->trajectory_persons == SNW_WORD_ALL ? all
              : settings->trajectory_persons == SNW_WORD_NONE
                  ? 0
                  : (uint64_t)settings->trajectory_persons;
    p->rows = p->rows > all ? all : p->rows;
    if (p->only_person >= 0 && p->rows > 0)
        p->rows = 1;
    if (p->rows == 0)
        return;
    p->unit_rows = divide_up(p->rows, p->n_units);
    p->unit_rows = p->unit_rows < smallest ? smallest : p->unit_rows;
    p->unit_rows = p->unit_rows > p->unit_people ? p->unit_people : p->unit_rows;
    p->unit_rows = p->unit_rows > p->rows ? p->rows : p->unit_rows;
    p->row_units = divide_up(p->rows, p->unit_rows);
}

snw_status snw_population_init(struct snw_ctx *ctx, const struct snw_settings *settings,
                               const struct snw_nation *nation, struct snw_population *p)
{
    snw_status status = SNW_OK;
    *p = (struct snw_population){.mode = settings->mode,
                                 .replicates = (uint64_t)settings->replicates,
                                 .only_person = settings->only_person,
                                 .year = (int32_t)settings->year,
                                 .until = (int32_t)settings->until,
                                 .seed = (uint32_t)settings->seed};
    p->years_after = settings->follow == SNW_WORD_LIFETIME ? SNW_FOR_LIFE
                     : settings->follow == SNW_WORD_NONE   ? 0
                                                           : (int32_t)settings->follow;
    if (p->mode == SNW_MODE_CROSS_SECTION)
        p->years = p->years_after < SNW_N_AGES ? (size_t)p->years_after + 1 : SNW_N_AGES;
    if (p->mode == SNW_MODE_BIRTH_COHORT) {
        p->persons = (uint64_t)settings->persons;
        p->n_women = (uint64_t)((double)p->persons * settings->female_share + 0.5);
        p->years_after = SNW_FOR_LIFE;
    } else if (p->mode == SNW_MODE_CROSS_SECTION) {
        SNW_TRY(layout_cross_section(ctx, settings, nation, p));
    } else if (p->mode == SNW_MODE_OPEN) {
        p->years = (size_t)(p->until - p->year + 1);
        SNW_TRY(layout_open(ctx, settings, nation, p));
    } else {
        SNW_TRY(layout_study(ctx, settings, p));
    }
    if (p->persons > INT32_MAX)
        return snw_fail(ctx, SNW_ERR_CONFIG, "%llu lives would begin, ids end at %d: ask for fewer",
                        (unsigned long long)p->persons, INT32_MAX);
    if (p->only_person >= (int64_t)p->persons)
        return snw_fail(ctx, SNW_ERR_CONFIG, "population.only_person = %lld, ids end at %llu",
                        (long long)p->only_person, (unsigned long long)p->persons - 1);
    cut(settings, p);
    uint64_t numbered = p->mode == SNW_MODE_STUDY ? p->persons * p->replicates : p->rows;
    if (numbered > INT32_MAX)
        SNW_TRY(snw_fail(ctx, SNW_ERR_CONFIG,
                         "%llu people would be kept one by one, rows are numbered up to %d: ask "
                         "for fewer replicates or output.trajectories.persons",
                         (unsigned long long)numbered, INT32_MAX));
out:
    if (status != SNW_OK)
        snw_population_free(p);
    return status;
}

/* Adds years opened by n people of a sex who are met at an age. */
static void add_years(const struct snw_life_table *life, int sex, double n, int met, int exit,
                      double *all, double *recorded)
{
    double alive[SNW_N_AGES + 1];
    snw_survivors(life->q[sex], alive);
    for (int age = SNW_AGE_FIRST; age < exit; age++) {
        double years = n * alive[age - SNW_AGE_FIRST] / alive[met - SNW_AGE_FIRST];
        *all += years;
        *recorded += age >= met ? years : 0;
    }
}

double snw_population_years(const struct snw_population *p, const struct snw_life_table *life,
                            double *recorded)
{
    double all = 0, times = (double)p->replicates;
    *recorded = 0;
    if (p->only_person >= 0)
        times = 1 / (double)p->persons;
    if (p->mode == SNW_MODE_BIRTH_COHORT) {
        double women = (double)p->n_women * times, men = (double)p->persons * times - women;
        add_years(life, SNW_FEMALE, women, SNW_AGE_FIRST, SNW_AGE_LAST + 1, &all, recorded);
        add_years(life, SNW_MALE, men, SNW_AGE_FIRST, SNW_AGE_LAST + 1, &all, recorded);
    }
    for (size_t c = 0; c < p->n_cells; c++) {
        const struct snw_cell_of_people *cell = &p->cells[c];
        double each = (double)cell->n * times / (cell->age_to - cell->age_from + 1);
        for (int met = cell->age_from; met <= cell->age_to; met++)
            add_years(life, (int)cell->sex, each, met,
                      snw_population_exit_age(p, cell->birth_year, met), &all, recorded);
    }
    return all;
}

void snw_population_free(struct snw_population *p)
{
    free(p->cells);
    p->cells = NULL;
    p->n_cells = 0;
}

/* Cells are in the order of their first person. */
const struct snw_cell_of_people *snw_population_cell(const struct snw_population *p,
                                                     uint64_t person)
{
    size_t low = 0, high = p->n_cells;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (p->cells[middle].first <= person)
            low = middle;
        else
            high = middle;
    }
    return &p->cells[low];
}

uint64_t snw_population_joins(const struct snw_population *p, int sex, int age, size_t later)
{
    for (size_t c = 0; c < p->n_cells; c++) {
        const struct snw_cell_of_people *cell = &p->cells[c];
        if ((int)cell->sex != sex || cell->age_from != age ||
            cell->birth_year + age != p->year + (int32_t)later)
            continue;
        uint64_t only = (uint64_t)p->only_person;
        return p->only_person < 0 ? cell->n * p->replicates : only - cell->first < cell->n;
    }
    return 0;
}

static struct snw_lane_of_unit begin(const struct snw_population *p, uint64_t index)
{
    uint64_t person = index % p->persons;
    struct snw_lane_of_unit lane = {.row = -1,
                                    .person = (uint32_t)person,
                                    .replicate = (uint32_t)(index / p->persons),
                                    .enter_age = SNW_AGE_FIRST,
                                    .exit_age = SNW_AGE_LAST + 1};
    if (p->mode == SNW_MODE_BIRTH_COHORT) {
        uint64_t before = person * p->n_women / p->persons;
        uint64_t after = (person + 1) * p->n_women / p->persons;
        lane.sex = after > before ? SNW_FEMALE : SNW_MALE;
        return lane;
    }
    const struct snw_cell_of_people *cell = snw_population_cell(p, person);
    int32_t span = cell->age_to - cell->age_from + 1;
    uint32_t words[4];
    struct snw_key key = {p->seed, 0};
    snw_draw(key, lane.person, lane.replicate, 0, SNW_SLOT_BIRTH_0, 0, words);
    uint64_t scaled = (uint64_t)words[SNW_WORD_study_age % 4] * (uint64_t)span;
    lane.sex = cell->sex;
    lane.birth_year = cell->birth_year;
    lane.enter_age = cell->age_from + (int32_t)(scaled >> 32);
    lane.exit_age = snw_population_exit_age(p, lane.birth_year, lane.enter_age);
    return lane;
}

uint64_t snw_population_rows(const struct snw_population *p, uint64_t unit, uint64_t *first_row)
{
    *first_row = 0;
    if (p->rows == 0)
        return 0;
    if (p->only_person >= 0)
        return unit == (uint64_t)p->only_person / p->unit_people;
    uint64_t before = unit * p->row_units / p->n_units;
    uint64_t after = (unit + 1) * p->row_units / p->n_units;
    if (after == before)
        return 0;
    *first_row = before * p->unit_rows;
    uint64_t left = p->rows - *first_row;
    return left < p->unit_rows ? left : p->unit_rows;
}

static int by_sex_and_ages(const void *a, const void *b)
{
    const struct snw_lane_of_unit *x = a, *y = b;
    if (x->sex != y->sex)
        return x->sex < y->sex ? -1 : 1;
    if (x->birth_year != y->birth_year)
        return x->birth_year < y->birth_year ? -1 : 1;
    if (x->enter_age != y->enter_age)
        return x->enter_age < y->enter_age ? -1 : 1;
    if (x->replicate != y->replicate)
        return x->replicate < y->replicate ? -1 : 1;
    return x->person < y->person ? -1 : x->person > y->person;
}

size_t snw_population_unit(const struct snw_population *p, uint64_t unit,
                           struct snw_lane_of_unit *lanes)
{
    uint64_t all = p->persons * p->replicates, first = unit * p->unit_people, first_row, row = 0;
    uint64_t n = all - first < p->unit_people ? all - first : p->unit_people;
    uint64_t rows = snw_population_rows(p, unit, &first_row);
    if (p->only_person >= 0) {
        if (unit != (uint64_t)p->only_person / p->unit_people)
            return 0;
        lanes[0] = begin(p, (uint64_t)p->only_person);
        lanes[0].row = rows ? 0 : -1;
        return 1;
    }
    rows = rows < n ? rows : n;
    uint64_t women = 0, met[SNW_N_SEXES] = {0};
    for (uint64_t i = 0; i < n; i++) {
        lanes[i] = begin(p, first + i);
        women += lanes[i].sex == SNW_FEMALE;
    }
    for (uint64_t i = 0; i < n; i++) { /* the sampled ones lie evenly among those of a sex */
        uint64_t place = met[lanes[i].sex]++ + (lanes[i].sex == SNW_MALE ? women : 0);
        if ((place + 1) * rows / n > place * rows / n)
            lanes[i].row = (int32_t)row++;
    }
    qsort(lanes, n, sizeof *lanes, by_sex_and_ages);
    return n;
}
