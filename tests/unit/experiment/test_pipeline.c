/* What a run says of where its time went. */
#include "support/near.h"

#include <string.h>

#include "experiment/pipeline.h"

static const char *said(const struct snw_pipeline *pipeline)
{
    static char text[256];
    FILE *file = tmpfile();
    assert_non_null(file);
    snw_pipeline_say(pipeline, file);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* 1,000 person-years of 160 bytes each, of which 40 are stored: 6 + 3 + 1 seconds are 60, 30 and
   10 %. */
static void bytes_are_those_of_a_person_year_and_times_are_shares(void **state)
{
    (void)state;
    const struct snw_pipeline p = {.simulate = 6,
                                   .compress = 3,
                                   .disk = 1,
                                   .bytes_raw = 160000,
                                   .bytes_stored = 40000,
                                   .person_years = 1000};
    assert_string_equal(said(&p), "trajectories: 160.0 bytes a person-year, 40.0 in the file; "
                                  "time: simulate 60 %, compress 30 %, disk 10 %; "
                                  "bound: simulate\n");
}

static void without_trajectories_only_time_is_said(void **state)
{
    (void)state;
    const struct snw_pipeline p = {.simulate = 3, .disk = 1, .person_years = 1000};
    assert_string_equal(said(&p),
                        "time: simulate 75 %, compress 0 %, disk 25 %; bound: simulate\n");
}

static void a_run_of_nothing_says_no_nonsense(void **state)
{
    (void)state;
    const struct snw_pipeline p = {.simulate = 0};
    assert_string_equal(said(&p), "time: simulate 0 %, compress 0 %, disk 0 %; bound: simulate\n");
}

static void the_bound_is_what_took_most(void **state)
{
    (void)state;
    static const struct {
        double simulate, compress, disk;
        const char *name;
    } cases[] = {
        {3, 2, 1, "simulate"}, {2, 3, 1, "compress"}, {1, 2, 3, "disk"}, {2, 1, 3, "disk"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct snw_pipeline p = {
            cases[i].simulate, cases[i].compress, cases[i].disk, 0, 0, 0};
        assert_string_equal(snw_bound_name(snw_pipeline_bound(&p)), cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_those_of_a_person_year_and_times_are_shares),
        cmocka_unit_test(without_trajectories_only_time_is_said),
        cmocka_unit_test(a_run_of_nothing_says_no_nonsense),
        cmocka_unit_test(the_bound_is_what_took_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
