/* What every process must keep, one table over all of them: it writes only what it declares, never
   touches a lane that is not alive, gives the same bits on every CPU and in any order of lanes,
   hides no NaN, and has a result for every input in range. */
#include "support/near.h"

#include <string.h>

#include "core/memory.h"
#include "property/declared.h"
#include "support/world.h"

enum { MOST = 517 };

/* One block with its luck and what happened in it: all that a process can touch. */
struct scene {
    struct snw_block block;
    struct snw_luck luck, born;
    struct snw_happenings out;
};

/* Where a process is tried. */
struct setting {
    const struct declared *declared;
    const struct snw_kernels *kernels;
    const struct world *world;
    int age;
};

static struct world *worlds[2];
static struct scene *scenes[3];
static const struct snw_key key = {5, 11};
static const int ages[] = {20, 49, 52, 71, 97};
static const char *const isas[] = {"plain", "v3", "v4"};
enum { N_AGES_TRIED = 5, N_ISAS = 3 };

/* All switches away from their defaults, so that every branch is met. */
static void every_switch(struct snw_params *params)
{
    params->fractures_module[0] = 1;
    params->fractures_per_weakness[0] = 0.1;
    params->igfbp2_muscle_feedback[0] = 0.1;
    params->falls_per_igfbp2[0] = 0.1;
    params->disability_smi_map[0] = 1;
    params->falls_injury_rule[0] = 1;
}

static int set_up(void **state)
{
    (void)state;
    worlds[0] = world_new(NULL, 500);
    worlds[1] = world_new(every_switch, 500);
    for (int i = 0; i < 3; i++)
        scenes[i] = snw_alloc(sizeof **scenes);
    return scenes[0] && scenes[1] && scenes[2] ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        world_free(worlds[i]);
    for (int i = 0; i < 3; i++)
        snw_free(scenes[i]);
    return 0;
}

/* A word of its own stream: a small generator, so that the tests own no other randomness. */
static uint32_t next_word(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 32);
}

/* Within a range: a quarter of the values at either end. */
static double pick(uint64_t *seed, double low, double high, int whole)
{
    uint32_t where = next_word(seed) >> 30;
    double u = ((double)next_word(seed) + 0.5) * 0x1p-32;
    if (where < 2)
        return where ? high : low;
    return whole ? floor(low + u * (high - low + 1)) : low + u * (high - low);
}

/* The row of a field in field_ranges, NULL where it has none. */
static const struct field_range *range_of(const char *field)
{
    for (size_t r = 0; r < N_RANGES; r++)
        if (strcmp(field_ranges[r].field, field) == 0)
            return &field_ranges[r];
    return NULL;
}

/* Fills one array of a field. */
static void draw(uint64_t *seed, const struct setting *s, int sex, const char *field, size_t n,
                 snw_real *lanes)
{
    const struct field_range *range = range_of(field);
    int broken = strcmp(field, "hip_age_yr") == 0 || strcmp(field, "vertebral_age_yr") == 0;
    int lived = strcmp(field, "lived_yr") == 0, fmp = strcmp(field, "fmp_age_yr") == 0;
    int when =
        strcmp(field, "fracture_yr") == 0 && strcmp(s->declared->process, "fractures_advance") == 0;
    for (size_t i = 0; i < n; i++) {
        int first = next_word(seed) >> 31 ? 1 : 0;
        double x =
            range ? pick(seed, range->low, range->high, range->whole) : pick(seed, -1.5, 1.5, 0);
        if (broken)
            x = first ? -1000 : s->age - pick(seed, 0, 8, 0);
        if (lived)
            x = first ? 1 : -1;
        if (when)
            x = first ? -1 : pick(seed, 0, 0.9999, 0);
        lanes[i] = SNW_R(x + (fmp && sex == SNW_MALE ? 1000 : 0));
    }
}

/* Fills lanes and luck; beyond n stands a pattern that nothing may touch. */
static void compose(struct scene *sc, const struct setting *s, int sex, size_t n, uint64_t seed)
{
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    memset(sc, 0xa5, sizeof *sc);
    world_people(&sc->block, n, (enum snw_sex)sex, (uint32_t)(seed % 1000003));
    sc->block.age = s->age;
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count; i++)
            draw(&seed, s, sex, table[f].name, n, snw_field_at(&sc->block, &table[f], i));
    s->kernels->luck(&sc->luck, key, n, sc->block.person, sc->block.replicate, (uint32_t)s->age,
                     SNW_SLOT_YEAR_FIRST, SNW_N_YEAR_SLOTS);
    s->kernels->luck(&sc->born, key, n, sc->block.person, sc->block.replicate, 0,
                     SNW_SLOT_BIRTH_FIRST, SNW_N_BIRTH_SLOTS);
    memset(&sc->out, 0, sizeof sc->out);
}

static void run(struct scene *sc, const struct setting *s)
{
    int sex = (int)sc->block.sex;
    const struct snw_year_coef *coef = &s->world->model.year[sex][s->age - SNW_AGE_FIRST];
    if (strcmp(s->declared->process, "birth") == 0)
        s->kernels->birth(&sc->block, &s->world->model.birth[sex], &sc->born, &sc->luck);
    else if (strcmp(s->declared->process, "happen") == 0)
        s->kernels->happen(&sc->block, coef, &sc->luck, key, 0, &sc->out);
    else
        snw_run_process(s->kernels, s->declared->process, &sc->block, coef, &sc->luck);
}

/* Whether a name stands in a list of names. */
static int among(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == 0 || at[n] == ' '))
            return 1;
    return 0;
}

/* Calls a check at every process, setting, sex and age, on the best instruction set. */
typedef void check_fn(const struct setting *s, int sex, uint64_t seed);

static void everywhere(check_fn *check)
{
    uint64_t seed = 1;
    for (size_t p = 0; p < N_DECLARED; p++)
        for (int w = 0; w < 2; w++)
            for (int sex = 0; sex < SNW_N_SEXES; sex++)
                for (int a = 0; a < N_AGES_TRIED; a++) {
                    struct setting s = {&declared_table[p], snw_kernels_best(), worlds[w], ages[a]};
                    check(&s, sex, seed++);
                }
}

static void every_process_is_declared_and_every_name_is_known(void **state)
{
    (void)state;
    size_t count, known = 0;
    const struct snw_field_info *table = snw_field_table(&count);
    const struct snw_kernels *kernels = snw_kernels_best();
    for (size_t k = 0; k < kernels->n_processes; k++)
        for (size_t p = 0; p < N_DECLARED; p++)
            known += strcmp(kernels->processes[k].name, declared_table[p].process) == 0;
    assert_int_equal(known, kernels->n_processes);
    assert_int_equal(N_DECLARED, kernels->n_processes + 2);
    for (size_t p = 0; p < N_DECLARED; p++) {
        char names[2000];
        const struct declared *d = &declared_table[p];
        snprintf(names, sizeof names, "%s %s %s", d->reads, d->decides, d->writes);
        for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
            size_t f = 0;
            while (f < count && strcmp(table[f].name, name) != 0)
                f++;
            if (f == count)
                fail_msg("%s declares %s, which is no field", d->process, name);
        }
    }
}

static void assert_only_declared(const struct scene *before, struct scene *after,
                                 const struct setting *s)
{
    size_t count, n = snw_whole_vectors(before->block.n);
    const struct snw_field_info *table = snw_field_table(&count);
    struct snw_block *old = &scenes[2]->block;
    memcpy(old, &before->block, sizeof *old);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count; i++) {
            snw_real *was = snw_field_at(old, &table[f], i);
            snw_real *is = snw_field_at(&after->block, &table[f], i);
            size_t from = among(s->declared->writes, table[f].name) ? n : 0;
            if (memcmp(was + from, is + from, (SNW_STRIDE - from) * sizeof *is) != 0)
                fail_msg("%s changes %s %s", s->declared->process, table[f].name,
                         from ? "beyond the last vector" : "and does not say so");
            if (from)
                memcpy(was, is, from * sizeof *is);
        }
    /* what is left: identity, length, sex, year (birth sets the age, and that nobody is
       treated) */
    if (strcmp(s->declared->process, "birth") == 0) {
        old->age = after->block.age;
        old->treated = 0;
    }
    assert_memory_equal(old, &after->block, sizeof *old);
    assert_memory_equal(&before->luck, &after->luck, sizeof before->luck);
    assert_memory_equal(&before->born, &after->born, sizeof before->born);
}

static void check_writes(const struct setting *s, int sex, uint64_t seed)
{
    static const size_t lengths[] = {1, 7, 16, 33, MOST};
    size_t n = lengths[seed % 5];
    compose(scenes[0], s, sex, n, seed);
    compose(scenes[1], s, sex, n, seed);
    run(scenes[1], s);
    assert_only_declared(scenes[0], scenes[1], s);
}

static void a_process_writes_only_what_it_declares_and_only_in_vectors_of_the_living(void **state)
{
    (void)state;
    everywhere(check_writes);
}

/* The same people with other numbers in all that is not declared as read. */
static void check_reads(const struct setting *s, int sex, uint64_t seed)
{
    enum { LANES = 100 };
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    const struct declared *d = s->declared;
    compose(scenes[0], s, sex, LANES, seed);
    compose(scenes[2], s, sex, LANES, seed + 99991);
    memcpy(scenes[1], scenes[0], sizeof *scenes[1]);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count; i++)
            if (!among(d->reads, table[f].name) && !among(d->decides, table[f].name))
                memcpy(snw_field_at(&scenes[1]->block, &table[f], i),
                       snw_field_at(&scenes[2]->block, &table[f], i), LANES * sizeof(snw_real));
    run(scenes[0], s);
    run(scenes[1], s);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count && among(d->writes, table[f].name); i++) {
            const snw_real *right = snw_field_at(&scenes[0]->block, &table[f], i);
            const snw_real *is = snw_field_at(&scenes[1]->block, &table[f], i);
            const snw_real *was = snw_field_at(&scenes[2]->block, &table[f], i);
            for (size_t lane = 0; lane < LANES; lane++)
                /* where nothing happens, or in a module that is off, the other number stays */
                if (right[lane] != is[lane] && is[lane] != was[lane])
                    fail_msg("%s reads what it does not declare: %s changes", d->process,
                             table[f].name);
        }
}

static void a_process_reads_only_what_it_declares(void **state)
{
    (void)state;
    everywhere(check_reads);
}

static void all_instruction_sets_give_the_same_bits(void **state)
{
    (void)state;
    uint64_t seed = 1000;
    for (size_t p = 0; p < N_DECLARED; p++)
        for (int round = 0; round < 20; round++) {
            struct setting s = {&declared_table[p], snw_kernels_named("plain"), worlds[round % 2],
                                ages[round % N_AGES_TRIED]};
            int sex = round / 2 % 2;
            seed++;
            compose(scenes[0], &s, sex, MOST, seed);
            run(scenes[0], &s);
            for (int isa = 1; isa < N_ISAS; isa++) {
                s.kernels = snw_kernels_named(isas[isa]);
                if (!s.kernels)
                    continue;
                compose(scenes[1], &s, sex, MOST, seed);
                run(scenes[1], &s);
                if (memcmp(&scenes[0]->block, &scenes[1]->block, sizeof scenes[0]->block) != 0)
                    fail_msg("%s differs on %s", s.declared->process, isas[isa]);
                assert_memory_equal(&scenes[0]->out, &scenes[1]->out,
                                    offsetof(struct snw_happenings, lane));
            }
        }
}

/* Lane i of `to` takes what lane from[i] of `sc` has: people, fields and luck. */
static void permute(struct scene *to, struct scene *sc, const size_t *from)
{
    size_t count, n = sc->block.n;
    const struct snw_field_info *table = snw_field_table(&count);
    memcpy(to, sc, sizeof *to);
    for (size_t lane = 0; lane < n; lane++) {
        to->block.person[lane] = sc->block.person[from[lane]];
        for (size_t f = 0; f < count; f++)
            for (size_t i = 0; i < table[f].count; i++)
                snw_field_at(&to->block, &table[f], i)[lane] =
                    snw_field_at(&sc->block, &table[f], i)[from[lane]];
        for (size_t row = 0; row < SNW_LUCK_ROWS; row++) {
            to->luck.value[row][lane] = sc->luck.value[row][from[lane]];
            to->born.value[row][lane] = sc->born.value[row][from[lane]];
        }
    }
}

static void check_order(const struct setting *s, int sex, uint64_t seed)
{
    size_t from[MOST], count;
    const struct snw_field_info *table = snw_field_table(&count);
    for (size_t i = 0; i < MOST; i++)
        from[i] = i * 100 % MOST; /* 100 and 517 = 11 47 have no common factor */
    compose(scenes[0], s, sex, MOST, seed);
    permute(scenes[1], scenes[0], from);
    run(scenes[0], s);
    run(scenes[1], s);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count && among(s->declared->writes, table[f].name); i++) {
            const snw_real *a = snw_field_at(&scenes[0]->block, &table[f], i);
            const snw_real *b = snw_field_at(&scenes[1]->block, &table[f], i);
            for (size_t lane = 0; lane < MOST; lane++)
                if (memcmp(&b[lane], &a[from[lane]], sizeof *b) != 0)
                    fail_msg("%s: %s depends on the order of lanes", s->declared->process,
                             table[f].name);
        }
    assert_int_equal(scenes[0]->out.n, scenes[1]->out.n);
}

static void the_order_of_lanes_does_not_matter(void **state)
{
    (void)state;
    everywhere(check_order);
}

/* How many of the even lanes hold a NaN in a written field; all odd lanes must be as they were. */
static size_t nan_lanes(const struct declared *d, struct scene *clean, struct scene *bad, size_t n)
{
    size_t count, found = 0;
    const struct snw_field_info *table = snw_field_table(&count);
    for (size_t lane = 0; lane < n; lane++) {
        int shows = 0;
        for (size_t f = 0; f < count; f++)
            for (size_t i = 0; i < table[f].count && among(d->writes, table[f].name); i++) {
                snw_real was = snw_field_at(&clean->block, &table[f], i)[lane];
                snw_real is = snw_field_at(&bad->block, &table[f], i)[lane];
                shows |= isnan(is);
                if (lane % 2 && memcmp(&was, &is, sizeof is) != 0)
                    fail_msg("%s: a NaN in one lane changes another", d->process);
            }
        found += (size_t)(lane % 2 == 0 && shows);
    }
    return found;
}

/* Women, all switches on: there every declared field is read. Half of the lanes must show it, as
   some have a reason not to: the fading risk of an old fracture is not read where there is a new
   one. */
static void a_nan_that_is_read_is_not_hidden(void **state)
{
    (void)state;
    enum { LANES = 200 };
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    for (size_t p = 0; p < N_DECLARED; p++)
        for (size_t f = 0; f < count; f++)
            for (size_t i = 0; i < table[f].count; i++) {
                struct setting s = {&declared_table[p], snw_kernels_best(), worlds[1], 52};
                if (!among(s.declared->reads, table[f].name))
                    continue;
                compose(scenes[0], &s, SNW_FEMALE, LANES, 77);
                compose(scenes[1], &s, SNW_FEMALE, LANES, 77);
                for (size_t lane = 0; lane < LANES; lane += 2)
                    snw_field_at(&scenes[1]->block, &table[f], i)[lane] = SNW_R(NAN);
                run(scenes[0], &s);
                run(scenes[1], &s);
                size_t found = nan_lanes(s.declared, scenes[0], scenes[1], LANES);
                if (found < LANES / 2 * 4 / 10)
                    fail_msg("%s hides a NaN in %s[%zu]", s.declared->process, table[f].name, i);
            }
}

/* What only decides keeps its NaN, where the fault finder sees it, and spoils no other lane. */
static void a_nan_that_only_decides_stays_to_be_found(void **state)
{
    (void)state;
    enum { LANES = 64 };
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    for (size_t p = 0; p < N_DECLARED; p++)
        for (size_t f = 0; f < count; f++) {
            struct setting s = {&declared_table[p], snw_kernels_best(), worlds[1], 52};
            const struct declared *d = s.declared;
            if (!among(d->decides, table[f].name) || among(d->writes, table[f].name))
                continue;
            compose(scenes[0], &s, SNW_FEMALE, LANES, 78);
            compose(scenes[1], &s, SNW_FEMALE, LANES, 78);
            for (size_t lane = 0; lane < LANES; lane += 2)
                snw_field_at(&scenes[1]->block, &table[f], 0)[lane] = SNW_R(NAN);
            run(scenes[0], &s);
            run(scenes[1], &s);
            (void)nan_lanes(d, scenes[0], scenes[1], LANES);
            for (size_t lane = 0; lane < LANES; lane += 2)
                assert_true(isnan(snw_field_at(&scenes[1]->block, &table[f], 0)[lane]));
        }
}

static void check_total(const struct setting *s, int sex, uint64_t seed)
{
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    compose(scenes[0], s, sex, MOST, seed + 5000);
    run(scenes[0], s);
    for (size_t f = 0; f < count; f++)
        for (size_t i = 0; i < table[f].count && among(s->declared->writes, table[f].name); i++)
            for (size_t lane = 0; lane < MOST; lane++)
                if (!isfinite(snw_field_at(&scenes[0]->block, &table[f], i)[lane]))
                    fail_msg("%s: %s is not a number for numbers in range", s->declared->process,
                             table[f].name);
}

static void every_input_in_range_has_a_result(void **state)
{
    (void)state;
    everywhere(check_total);
}

static const struct snw_process_info *process_of(const char *name)
{
    const struct snw_kernels *k = snw_kernels_best();
    for (size_t i = 0; i < k->n_processes; i++)
        if (strcmp(k->processes[i].name, name) == 0)
            return &k->processes[i];
    return NULL;
}

/* Of what the rest gives, the body reads body mass, which follows from the body's own fields, and
   the score of IGFBP-2, too. */
static void the_body_reads_and_writes_only_what_is_its_own(void **state)
{
    (void)state;
    size_t count;
    const struct snw_field_info *table = snw_field_table(&count);
    for (size_t p = 0; p < N_DECLARED; p++) {
        const struct declared *d = &declared_table[p];
        const struct snw_process_info *process = process_of(d->process);
        for (size_t f = 0; process && f < count; f++) {
            const char *name = table[f].name;
            int own = table[f].kind == SNW_BODILY ||
                      (table[f].offset >= SNW_BODY_SEEN && table[f].offset < SNW_BODY_SEEN_END);
            int writes = among(d->writes, name);
            int reads = among(d->reads, name) || among(d->decides, name);
            int given = table[f].kind == SNW_BORN || table[f].kind == SNW_TREATED ||
                        strcmp(name, "bmi_kg_m2") == 0 || strcmp(name, "igfbp2_z") == 0;
            if (writes && own != (process->part == SNW_BODY))
                fail_msg("%s writes %s", d->process, name);
            if (process->part == SNW_BODY && reads && !own && !given)
                fail_msg("%s of the body reads %s", d->process, name);
        }
    }
}

/* The same people with other numbers behind SNW_BODY_COEF_END. */
static void check_body_coef(const struct setting *s, int sex, uint64_t seed)
{
    enum { LANES = 100 };
    static struct snw_year_coef other;
    const struct snw_process_info *process = process_of(s->declared->process);
    const struct snw_year_coef *coef = &s->world->model.year[sex][s->age - SNW_AGE_FIRST];
    if (!process || process->part != SNW_BODY)
        return;
    other = *coef;
    memset((char *)&other + SNW_BODY_COEF_END, 0x3f,
           offsetof(struct snw_year_coef, shapes) - SNW_BODY_COEF_END);
    compose(scenes[0], s, sex, LANES, seed);
    memcpy(scenes[1], scenes[0], sizeof *scenes[1]);
    process->run(&scenes[0]->block, coef, &scenes[0]->luck);
    process->run(&scenes[1]->block, &other, &scenes[1]->luck);
    assert_memory_equal(&scenes[0]->block, &scenes[1]->block, sizeof scenes[0]->block);
}

static void the_body_reads_no_number_of_the_rest(void **state)
{
    (void)state;
    everywhere(check_body_coef);
}

static void an_empty_block_is_left_alone(void **state)
{
    (void)state;
    for (size_t p = 0; p < N_DECLARED; p++) {
        struct setting s = {&declared_table[p], snw_kernels_best(), worlds[1], 71};
        compose(scenes[0], &s, SNW_FEMALE, 0, 3);
        compose(scenes[1], &s, SNW_FEMALE, 0, 3);
        run(scenes[1], &s);
        scenes[0]->block.age = scenes[1]->block.age;
        scenes[0]->block.treated = scenes[1]->block.treated;
        assert_memory_equal(&scenes[0]->block, &scenes[1]->block, sizeof scenes[0]->block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_process_is_declared_and_every_name_is_known),
        cmocka_unit_test(a_process_writes_only_what_it_declares_and_only_in_vectors_of_the_living),
        cmocka_unit_test(a_process_reads_only_what_it_declares),
        cmocka_unit_test(all_instruction_sets_give_the_same_bits),
        cmocka_unit_test(the_order_of_lanes_does_not_matter),
        cmocka_unit_test(a_nan_that_is_read_is_not_hidden),
        cmocka_unit_test(a_nan_that_only_decides_stays_to_be_found),
        cmocka_unit_test(every_input_in_range_has_a_result),
        cmocka_unit_test(the_body_reads_and_writes_only_what_is_its_own),
        cmocka_unit_test(the_body_reads_no_number_of_the_rest),
        cmocka_unit_test(an_empty_block_is_left_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
