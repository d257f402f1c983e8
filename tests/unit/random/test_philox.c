/* Philox against Random123, the kernels of every instruction set against one draw, the slot table.
 */
#include "support/near.h"

#include <Random123/philox.h>
#include <string.h>

#include "random/luck.h"
#include "random/normal.h"

/* The three kernels; a CPU that lacks an instruction set skips it. */
typedef void fill_fn(struct snw_key, size_t, size_t, const uint32_t *, const uint32_t *, uint32_t,
                     struct snw_slots, uint32_t *);
typedef void luck_fn(struct snw_luck *, struct snw_key, size_t, const uint32_t *, const uint32_t *,
                     uint32_t, unsigned, unsigned);
fill_fn snw_philox_fill_plain;
luck_fn snw_luck_fill_plain;
#if SNW_TEST_ISAS == 3
fill_fn snw_philox_fill_v3, snw_philox_fill_v4;
luck_fn snw_luck_fill_v3, snw_luck_fill_v4;
#endif

static const struct isa {
    const char *name;
    fill_fn *fill;
    luck_fn *luck;
} isas[] = {{"plain", snw_philox_fill_plain, snw_luck_fill_plain},
#if SNW_TEST_ISAS == 3
            {"v3", snw_philox_fill_v3, snw_luck_fill_v3},
            {"v4", snw_philox_fill_v4, snw_luck_fill_v4}
#endif
};
enum { N_ISAS = sizeof isas / sizeof isas[0] };

static int cpu_runs(const char *name)
{
#if SNW_TEST_ISAS == 3
    __builtin_cpu_init();
    if (strcmp(name, "v3") == 0)
        return __builtin_cpu_supports("x86-64-v3");
    if (strcmp(name, "v4") == 0)
        return __builtin_cpu_supports("x86-64-v4");
#endif
    return strcmp(name, "plain") == 0;
}

/* Rows `philox4x32 10` of kat_vectors in Random123 1.14: counter, key, result. */
static void the_published_vectors_come_out(void **state)
{
    (void)state;
    static const uint32_t known[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d,
         0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
         0x94fdcceb, 0x5001e420, 0x24126ea1}};
    for (int k = 0; k < 3; k++) {
        uint32_t out[4];
        snw_philox(known[k], known[k] + 4, out);
        assert_memory_equal(out, known[k] + 6, sizeof out);
    }
}

static void every_counter_gives_what_random123_gives(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        philox4x32_ctr_t counter = {{i * 2654435761u, i ^ 0x9e3779b9u, i % 98, i << 5 | 17}};
        philox4x32_key_t key = {{i * 40503u, ~i}};
        philox4x32_ctr_t right = philox4x32_R(10, counter, key);
        uint32_t out[4];
        snw_philox(counter.v, key.v, out);
        assert_memory_equal(out, right.v, sizeof out);
    }
}

static void the_index_of_a_fall_stands_above_the_slot(void **state)
{
    (void)state;
    uint32_t counter[4] = {7, 1, 80, SNW_SLOT_FALL + 3 * 65536}, key[2] = {2012, 5};
    uint32_t direct[4], drawn[4];
    snw_philox(counter, key, direct);
    snw_draw((struct snw_key){2012, 5}, 7, 1, 80, SNW_SLOT_FALL, 3, drawn);
    assert_memory_equal(direct, drawn, sizeof direct);
}

enum { STRIDE = 1040, MOST = 333, SLOTS = 3 };
static uint32_t person[STRIDE], replicate[STRIDE], words[SLOTS * 4 * STRIDE];

static void set_people(void)
{
    for (uint32_t i = 0; i < STRIDE; i++) {
        person[i] = i * 747796405u + 1;
        replicate[i] = i % 5;
    }
}

static void check_words(struct snw_key key, size_t i, uint32_t slot, const uint32_t *found)
{
    uint32_t one[4];
    snw_draw(key, person[i], replicate[i], 57, slot, 0, one);
    for (size_t w = 0; w < 4; w++)
        assert_int_equal(found[w * STRIDE + i], one[w]);
}

static void all_kernels_give_the_words_of_one_draw_at_any_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 3, 7, 8, 9, 15, 16, 17, 31, 33, MOST};
    const struct snw_key key = {123456789, 4};
    const struct snw_slots slots = {SNW_SLOT_YEAR_3, SLOTS};
    set_people();
    for (size_t k = 0; k < N_ISAS; k++)
        for (size_t l = 0; cpu_runs(isas[k].name) && l < sizeof lengths / sizeof lengths[0]; l++) {
            memset(words, 0, sizeof words);
            isas[k].fill(key, lengths[l], STRIDE, person, replicate, 57, slots, words);
            for (size_t i = 0; i < lengths[l]; i++)
                for (uint32_t s = 0; s < SLOTS; s++)
                    check_words(key, i, slots.first + s, words + s * 4 * STRIDE);
        }
}

static struct snw_luck luck;

static void luck_reads_each_word_as_its_slot_says(void **state)
{
    (void)state;
    const struct snw_key key = {99, 0};
    set_people();
    for (size_t k = 0; k < N_ISAS; k++) {
        if (!cpu_runs(isas[k].name))
            continue;
        isas[k].luck(&luck, key, MOST, person, replicate, 61, SNW_SLOT_YEAR_FIRST,
                     SNW_N_YEAR_SLOTS);
        for (size_t i = 0; i < MOST; i++) {
            uint32_t u[4], z[4], last[4];
            snw_draw(key, person[i], replicate[i], 61, SNW_SLOT_YEAR_0, 0, u);
            snw_draw(key, person[i], replicate[i], 61, SNW_SLOT_YEAR_1, 0, z);
            snw_draw(key, person[i], replicate[i], 61, SNW_SLOT_YEAR_6, 0, last);
            assert_true(SNW_YEAR_LUCK(&luck, falls)[i] == snw_uniform(u[0]));
            assert_true(SNW_YEAR_LUCK(&luck, frailty)[i] == snw_uniform(u[3]));
            assert_true(SNW_YEAR_LUCK(&luck, muscle)[i] == snw_normal_quantile(z[0]));
            assert_true(SNW_YEAR_LUCK(&luck, bone_shared)[i] == snw_normal_quantile(z[3]));
            assert_true(SNW_YEAR_LUCK(&luck, bio_e2)[i] == snw_normal_quantile(last[1]));
            assert_true(SNW_YEAR_LUCK(&luck, residence)[i] == snw_uniform(last[2]));
        }
    }
}

static const struct {
    unsigned slot;
    const char *name, *word[4];
} slots[] = {
#define SNW_SLOT(slot, name, kind, w0, w1, w2, w3) {slot, #name, {#w0, #w1, #w2, #w3}},
#include "random/slots.def"
#undef SNW_SLOT
};
enum { N_SLOTS = sizeof slots / sizeof slots[0] };

static void no_two_slots_share_a_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SLOTS; i++) {
        assert_true(slots[i].slot < 64); /* the table of kinds has 64 rows */
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(slots[i].slot, slots[j].slot);
    }
}

static void no_two_words_share_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4 * N_SLOTS; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(slots[i / 4].word[i % 4], slots[j / 4].word[j % 4]);
}

static void the_slots_of_birth_and_year_lie_side_by_side(void **state)
{
    (void)state;
    size_t birth = 0, year = 0;
    for (size_t i = 0; i < N_SLOTS; i++) {
        birth += strncmp(slots[i].name, "BIRTH", 5) == 0;
        year += strncmp(slots[i].name, "YEAR", 4) == 0;
    }
    assert_int_equal(birth, SNW_N_BIRTH_SLOTS);
    assert_int_equal(year, SNW_N_YEAR_SLOTS);
    assert_int_equal(SNW_SLOT_BIRTH_6, SNW_SLOT_BIRTH_FIRST + SNW_N_BIRTH_SLOTS - 1);
    assert_int_equal(SNW_SLOT_YEAR_6, SNW_SLOT_YEAR_FIRST + SNW_N_YEAR_SLOTS - 1);
}

/* A number, once given, keeps its meaning: old results could not be repeated otherwise. */
static void words_stay_where_they_were_first_put(void **state)
{
    (void)state;
    assert_int_equal(SNW_WORD_menopause_kind, 0);
    assert_int_equal(SNW_WORD_trait_base_9, 4 * 5 + 1);
    assert_int_equal(SNW_WORD_falls, 4 * 16);
    assert_int_equal(SNW_WORD_death, 4 * 16 + 2);
    assert_int_equal(SNW_WORD_trait_0, 4 * 18);
    assert_int_equal(SNW_WORD_fall_report, 4 * 32 + 3);
    assert_int_equal(SNW_WORD_non_fall_site, 4 * 33 + 1);
    assert_int_equal(SNW_WORD_error_tibia_trabecular, 4 * 52 + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vectors_come_out),
        cmocka_unit_test(every_counter_gives_what_random123_gives),
        cmocka_unit_test(the_index_of_a_fall_stands_above_the_slot),
        cmocka_unit_test(all_kernels_give_the_words_of_one_draw_at_any_length),
        cmocka_unit_test(luck_reads_each_word_as_its_slot_says),
        cmocka_unit_test(no_two_slots_share_a_number),
        cmocka_unit_test(no_two_words_share_a_name),
        cmocka_unit_test(the_slots_of_birth_and_year_lie_side_by_side),
        cmocka_unit_test(words_stay_where_they_were_first_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
